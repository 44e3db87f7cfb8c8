import { estimateSpoken, estimateTokens, isBlank, type Prompt } from "./chat-model.ts";

/** How a model of Bedrock's caches what prompts begin with. */
export interface Caching {
  /** Tokens that a prefix must have; shorter ones are not cached. */
  readonly minTokens: number;
  /** Whether it also caches tools, and what stands behind their results. */
  readonly withTools: boolean;
}

/**
 * Models that take cache points, and the least that they cache (Amazon Bedrock User Guide, "Prompt caching for faster
 * model inference", as of 2026-11). Every other model refuses a request with one.
 */
const known: readonly (readonly [family: RegExp, caching: Caching])[] = [
  [/\bamazon\.nova-(micro|lite|pro|premier)-v1/, { minTokens: 1_000, withTools: false }],
  [/\banthropic\.claude-(opus-4-[56]|haiku-4-5)\b/, { minTokens: 4_096, withTools: true }],
  [/\banthropic\.claude-(opus|sonnet)-4-/, { minTokens: 1_024, withTools: true }],
  [/\banthropic\.claude-3-7-sonnet\b/, { minTokens: 1_024, withTools: true }],
  [/\banthropic\.claude-3-5-haiku\b/, { minTokens: 2_048, withTools: true }],
];

export function cachingOf(id: string): Caching | undefined {
  return known.find(([family]) => family.test(id))?.[1];
}

/** Where the cache points of a request stand: four at most, as Bedrock takes no more. */
export interface CachePoints {
  readonly tools: boolean;
  readonly system: boolean;
  /** Indexes of messages that one stands behind. */
  readonly messages: ReadonlySet<number>;
  /** Behind what the tools answered. */
  readonly end: boolean;
  /** Whether one may stand behind text alone. */
  readonly onlyText: boolean;
}

/**
 * Points behind what the next request begins with too: tools and instructions, and the messages before the question.
 * The question itself is told with its passages once, and without them ever after. One point stands where the
 * turn before had its last: there a model finds what it cached then.
 */
export function cachePointsOf({ minTokens, withTools }: Caching, prompt: Prompt): CachePoints {
  const { system, messages, tools = [], steps = [] } = prompt;
  const toolTokens = tools.length === 0 ? 0 : estimateTokens(JSON.stringify(tools));
  const fixed = toolTokens + (isBlank(system) ? 0 : estimateTokens(system));
  const question = messages.length - 1;
  const earlier = messages.findLastIndex(({ role }, index) => index < question && role === "user");
  const points = new Set<number>();
  let tokens = fixed;
  for (const [index, message] of messages.slice(0, question).entries()) {
    tokens += estimateSpoken(message);
    if (tokens >= minTokens && (index === earlier - 1 || index === question - 1)) points.add(index);
  }
  return {
    tools: withTools && isBlank(system) && toolTokens >= minTokens,
    system: !isBlank(system) && fixed >= minTokens,
    messages: points,
    onlyText: !withTools,
    end: withTools && steps.length > 0 && tokens >= minTokens,
  };
}
