/** `app/store/s3/`: conversations kept as JSON objects in the bucket. */
import type { Once, TurnReplacement } from "../conversation-store.ts";
import { epochSeconds, recordLifeSeconds } from "../expiry.ts";
import { allows, type Guard } from "../guard.ts";
import { type Message, type MessageDraft, messageOf } from "../message.ts";
import { titleOf } from "../preview.ts";
import { StoreError } from "../store-error.ts";
import {
  editsOf,
  gonePlace,
  isGone,
  type LiveDocument,
  newestOf,
  noteOf,
  type StoredRequest,
} from "./document.ts";

/** Messages on their way to the end of a conversation, or to the place of its newest ones. */
export interface Arrival {
  /** At least one. */
  readonly drafts: readonly MessageDraft[];
  readonly once?: Once | undefined;
  /** The newest messages that give way, and the sequence that must still be the newest. */
  readonly replaces?: Pick<TurnReplacement, "count" | "last" | "gone"> | undefined;
  readonly guard?: Guard | undefined;
  /** Whether it is the end of what began while the conversation was active: it is always kept. */
  readonly isBegun?: boolean;
}

export interface Arrived {
  readonly messages: readonly Message[];
  readonly replayed: boolean;
}

/** The document with the messages in it, or, for a repeated request, the messages it wrote first. */
export function arrive(
  found: LiveDocument,
  { drafts, once, replaces, guard, isBegun = false }: Arrival,
  now: Date,
): { readonly next?: LiveDocument; readonly result: Arrived } {
  const earlier = findRequest(found, once, now);
  if (earlier !== undefined) {
    return { result: isBegun ? replay(found, earlier) : firstAnswer(drafts, earlier) };
  }
  if (found.state !== "active" && !isBegun) throw new StoreError("not-active");
  if (replaces !== undefined) {
    // Others wrote since, or it was cleared.
    const isAsKnown = newestOf(found) === replaces.last && found.messages.length >= replaces.count;
    const givingWay = found.messages.filter(
      ({ sequence }) =>
        sequence > replaces.last - replaces.count || replaces.gone?.includes(sequence) === true,
    );
    if (!isAsKnown || givingWay.some(isGone)) throw new StoreError("stale");
  }
  checkGuard(found, guard);

  const gone = replaces?.gone ?? [];
  const kept = found.messages
    .slice(0, found.messages.length - (replaces?.count ?? 0))
    .map((message) =>
      gone.includes(message.sequence) ? gonePlace(message.sequence, message.timestamp) : message,
    );
  // Clocks of two processes differ: time must not run backwards within a conversation.
  const timestamp = latest(
    now.toISOString(),
    found.updatedAt,
    found.messages.at(-1)?.timestamp ?? "",
  );
  const messages = drafts.map((draft, index) =>
    messageOf(draft, found.cleared + kept.length + index + 1, timestamp),
  );
  const [first] = messages;
  if (first === undefined || messages.length < (replaces?.count ?? 0)) {
    throw new RangeError("a conversation's sequence never shrinks");
  }
  const title = found.autoTitle === "wanted" ? titleOf(drafts) : undefined;
  const expiresAt = epochSeconds(now) + recordLifeSeconds;
  const made = { sequence: first.sequence, count: messages.length, timestamp, expiresAt };
  const next = {
    ...found,
    ...(title !== undefined && { title, autoTitle: "text" as const }),
    updatedAt: timestamp,
    // Who writes has read what stands above, and waits for the answer.
    lastRead: drafts.some(({ role }) => role === "user")
      ? found.cleared + kept.length + messages.length
      : found.lastRead,
    version: found.version + 1,
    messages: [...kept, ...messages].map(mutable),
    edits: [...editsOf(found, now), ...gone.map((one) => noteOf(one, found.version + 1, now))],
    ...(gone.length > 0 && { editedVersion: found.version + 1 }),
    requests: [...unexpired(found, now), ...(once === undefined ? [] : [{ ...once, ...made }])],
  };
  return { next, result: { messages, replayed: false } };
}

/** The request of that key within the last 24 h. `key-reused` if it came with another body. */
export function findRequest(
  found: LiveDocument,
  once: Once | undefined,
  now: Date,
): StoredRequest | undefined {
  const earlier = unexpired(found, now).find(({ key }) => key === once?.key);
  if (earlier !== undefined && earlier.bodyHash !== once?.bodyHash) {
    throw new StoreError("key-reused");
  }
  return earlier;
}

/** Made anew of the same body, whatever became of the messages since. */
function firstAnswer(
  drafts: readonly MessageDraft[],
  { sequence, timestamp }: StoredRequest,
): Arrived {
  const messages = drafts.map((draft, index) => messageOf(draft, sequence + index, timestamp));
  return { messages, replayed: true };
}

/** A model's answer cannot be made anew: it is as it is now. */
export function replay(found: LiveDocument, { sequence, count }: StoredRequest): Arrived {
  const first = sequence - 1 - found.cleared;
  if (first < 0) throw new StoreError("not-found");
  const messages = found.messages.slice(first, first + count);
  if (messages.some(isGone)) throw new StoreError("not-found");
  return { messages, replayed: true };
}

export function checkGuard(found: LiveDocument, guard: Guard | undefined): void {
  if (!allows(guard, found.version)) throw new StoreError("stale");
}

function unexpired({ requests }: LiveDocument, now: Date): readonly StoredRequest[] {
  return requests.filter(({ expiresAt }) => expiresAt > epochSeconds(now));
}

function latest(...times: string[]): string {
  return times.reduce((one, other) => (one > other ? one : other));
}

export function mutable(message: Message) {
  return { ...message, citations: [...message.citations], documents: [...message.documents] };
}
