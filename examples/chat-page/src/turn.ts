/** One question with the answer that is being written, kept so that a reload of the page goes on with it. */
import { type AnswerEvent, ask, type Client, type components } from "chatstack/client";

type Question = components["schemas"]["Question"];
type Part = components["schemas"]["Part"];
export type Message = components["schemas"]["Message"];

export interface Turn {
  readonly tenant: string;
  readonly user: string;
  readonly conversation: string;
  readonly question: Question;
  /** Names the question: the same key never asks a model twice. */
  readonly key: string;
  /** `id` of the last `delta`. */
  readonly lastEventId?: string;
  /** The answer so far. */
  readonly text: string;
  /** What stands beside the text so far: tools, reasoning. */
  readonly parts?: readonly Part[];
}

const storageKey = "chat-page.turn";

export const keepTurn = (turn: Turn): void =>
  sessionStorage.setItem(storageKey, JSON.stringify(turn));

export const forgetTurn = (): void => sessionStorage.removeItem(storageKey);

/** The turn that a reload of the page interrupted. */
export function keptTurn(tenant: string, user: string): Turn | undefined {
  const kept = sessionStorage.getItem(storageKey);
  if (kept === null) return undefined;
  const turn: Turn = JSON.parse(kept);
  return turn.tenant === tenant && turn.user === user ? turn : undefined;
}

/** Asks, or resumes, and yields the turn with each part of the answer; its end is the last event. */
export async function* follow(
  api: Client,
  turn: Turn,
  signal: AbortSignal,
): AsyncGenerator<Turn | Exclude<AnswerEvent, { event: "delta" | "part" }>> {
  let current = turn;
  keepTurn(current);
  const { conversation, question, key, lastEventId } = turn;
  const events = ask(api, {
    conversation,
    question,
    key,
    signal,
    ...(lastEventId !== undefined && { lastEventId }),
  });
  for await (const event of events) {
    if (event.event === "part") {
      // What comes again replaces what came.
      const parts = [...(current.parts ?? [])];
      parts[event.index] = event.part;
      current = { ...current, parts };
      keepTurn(current);
      yield current;
      continue;
    }
    if (event.event !== "delta") {
      yield event;
      continue;
    }
    const text = current.text.slice(0, event.offset) + event.text;
    current = { ...current, text, lastEventId: event.id };
    keepTurn(current);
    yield current;
  }
}

export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
