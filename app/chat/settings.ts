import { type FieldError, Problem } from "../http/problem.ts";
import type { Guardrail } from "../models/chat-model.ts";
import type { ConversationSettings } from "../store/conversation-store.ts";
import type { ChatTool } from "./tools.ts";

/** What the deployment has, of which a conversation may choose. */
export interface Options {
  readonly tools?: readonly ChatTool[] | undefined;
  /** By their names. */
  readonly guardrails?: Readonly<Record<string, Guardrail>> | undefined;
}

/** The problem `validation` for what the deployment does not have. */
export function limitSettings(
  { tools = [], guardrails = {} }: Options,
  { guardrail, tools: named }: Partial<ConversationSettings> = {},
): void {
  const isMissing = typeof guardrail === "string" && !Object.hasOwn(guardrails, guardrail);
  const unknown = (named ?? []).flatMap((name, index) =>
    tools.some((tool) => tool.name === name) ? [] : [index],
  );
  const errors: FieldError[] = [
    ...(isMissing
      ? [fault("guardrail", "is none of the `guardrails` that `GET /models` lists")]
      : []),
    ...unknown.map((index) =>
      fault(`tools/${index}`, "is none of the `tools` that `GET /models` lists"),
    ),
  ];
  if (errors.length > 0) throw new Problem("validation", { errors });
}

function fault(name: string, message: string): FieldError {
  return { in: "body", pointer: `/settings/${name}`, message };
}

/**
 * The settings of an answer: the conversation's, within the limits of the deployment's. Tools that no
 * longer exist are not called. Throws the problem `guardrail-unavailable` if the guardrail no longer
 * exists: without it, an answer would not be what was asked for.
 */
export function boundBy(
  { tools = [], guardrails = {} }: Options,
  settings: ConversationSettings | null,
  mostTokens: number,
) {
  const {
    temperature = null,
    maxOutputTokens,
    guardrail = null,
    tools: named = null,
  } = settings ?? {};
  const guard = guardrail === null ? undefined : guardrails[guardrail];
  if (guardrail !== null && guard === undefined) throw new Problem("guardrail-unavailable");
  return {
    tools: named === null ? tools : tools.filter(({ name }) => named.includes(name)),
    outputTokens: Math.min(maxOutputTokens ?? mostTokens, mostTokens),
    prompt: {
      ...(temperature !== null && { temperature }),
      ...(typeof maxOutputTokens === "number" && {
        maxOutputTokens: Math.min(maxOutputTokens, mostTokens),
      }),
      ...(guard !== undefined && { guardrail: guard }),
    },
  };
}
