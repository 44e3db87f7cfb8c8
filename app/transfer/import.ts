import type * as z from "zod";
import { recordLives } from "../contract/records.ts";
import { importedLine } from "../contract/transfer.ts";
import { InexactNumber, inexactNumber, parseExactly } from "../http/exact-json.ts";
import { trashDays } from "../store/conversation-store.ts";
import type { DeletedMessage, Message } from "../store/message.ts";
import type { ProfileStore } from "../store/profile-store.ts";
import type { RecordKind, RecordStore } from "../store/record-store.ts";
import { StoreError } from "../store/store-error.ts";
import { messageBytesAtOnce, messagesAtOnce, type TransferStore } from "../store/transfer-store.ts";

export interface ImportParts {
  readonly transfers: TransferStore;
  readonly profiles: ProfileStore;
  readonly records: RecordStore;
  readonly now: () => Date;
}

/** What became of one line. */
export interface LineReport {
  /** From 1. */
  readonly line: number;
  readonly outcome: Outcome;
  /** Why it was refused: what is wrong, where. Never what it held. */
  readonly reason?: string;
}

export const outcomes = ["created", "exists", "conflict", "gap", "skipped", "refused"] as const;
export type Outcome = (typeof outcomes)[number];

type Line = z.infer<typeof importedLine>;
type MessageLine = Extract<Line, { kind: "message" | "deleted-message" }>;

interface Batch {
  readonly conversation: string;
  readonly messages: (Message | DeletedMessage)[];
  readonly first: number;
  bytes: number;
}

/** The time was up before this line, from 1: it and those after it were not looked at. */
export interface ImportRest {
  readonly next: number;
}

/**
 * Imports line by line, and says of each what became of it. Every step stands by itself and finds
 * what an earlier attempt did: whoever sends the same lines again gets `exists` for those. Messages
 * of one conversation that follow one another are written together.
 *
 * @param ends epoch milliseconds at which to stop before the next line. Default: never.
 */
export async function* importLines(
  parts: ImportParts,
  user: string,
  text: string,
  ends = Number.POSITIVE_INFINITY,
): AsyncGenerator<LineReport | ImportRest> {
  let batch: Batch | undefined;
  let number = 0;
  for (const source of linesOf(text)) {
    number++;
    if (source.trim() === "") continue;
    if (Date.now() >= ends) {
      if (batch !== undefined) yield* writeBatch(parts, user, batch);
      yield { next: number };
      return;
    }
    const parsed = parse(source, parts.now());
    if (batch !== undefined && !joins(batch, parsed, source.length)) {
      yield* writeBatch(parts, user, batch);
      batch = undefined;
    }
    if ("reason" in parsed) {
      yield { line: number, outcome: "refused", reason: parsed.reason };
    } else if (isOfMessage(parsed.line)) {
      const { conversation, message } = messageOf(parsed.line, parts.now());
      batch ??= { conversation, messages: [], first: number, bytes: 0 };
      batch.messages.push(message);
      batch.bytes += source.length;
    } else {
      yield { line: number, ...(await one(parts, user, parsed.line)) };
    }
  }
  if (batch !== undefined) yield* writeBatch(parts, user, batch);
}

/** One at a time: a million short lines at once would take many times the text. */
function* linesOf(text: string): Generator<string> {
  for (let from = 0; from <= text.length; ) {
    const end = text.indexOf("\n", from);
    const to = end < 0 ? text.length : end;
    yield text.slice(from, to);
    from = to + 1;
  }
}

type Parsed = { readonly line: Line } | { readonly reason: string };

function parse(source: string, now: Date): Parsed {
  let value: unknown;
  try {
    value = parseExactly(source);
  } catch (error) {
    return { reason: error instanceof InexactNumber ? inexactNumber : "is not JSON" };
  }
  const parsed = importedLine.safeParse(value);
  if (parsed.success) {
    // Times of a conversation never run backwards: one from the future would stop its clock.
    const isFuture = timesOf(parsed.data).some((time) => time > now.toISOString());
    return isFuture ? { reason: "is from the future" } : { line: parsed.data };
  }
  const [issue] = parsed.error.issues;
  return { reason: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "is not valid"}` };
}

/** When what a line tells of happened. */
function timesOf(line: Line): string[] {
  if (line.kind === "conversation") return [line.createdAt];
  if (line.kind !== "message") return [];
  return [line.timestamp, line.editedAt ?? "", line.feedback?.timestamp ?? ""];
}

function joins(batch: Batch, parsed: Parsed, bytes: number): boolean {
  const last = batch.messages.at(-1);
  return (
    "line" in parsed &&
    isOfMessage(parsed.line) &&
    parsed.line.conversation === batch.conversation &&
    parsed.line.sequence === (last?.sequence ?? 0) + 1 &&
    batch.messages.length < messagesAtOnce &&
    batch.bytes + bytes <= messageBytesAtOnce
  );
}

function isOfMessage(line: Line): line is MessageLine {
  return line.kind === "message" || line.kind === "deleted-message";
}

function messageOf(line: MessageLine, now: Date) {
  const { conversation, sequence } = line;
  if (line.kind === "deleted-message") {
    const place = { sequence, timestamp: now.toISOString(), isDeleted: true } as const;
    return { conversation, message: place };
  }
  const { kind: _, conversation: __, ...message } = line;
  return { conversation, message: { ...message, id: String(sequence) } };
}

async function* writeBatch(
  { transfers }: ImportParts,
  user: string,
  { conversation, messages, first }: Batch,
): AsyncGenerator<LineReport> {
  const written = await refusable(async () =>
    transfers.importMessages(user, conversation, messages),
  );
  for (const [index] of messages.entries()) {
    const line = first + index;
    yield "reason" in written
      ? { line, outcome: "refused", reason: written.reason }
      : { line, outcome: written.value[index] ?? "refused" };
  }
}

async function one(
  parts: ImportParts,
  user: string,
  line: Exclude<Line, MessageLine>,
): Promise<{ outcome: Outcome; reason?: string }> {
  const done = await refusable(() => put(parts, user, line));
  return "reason" in done ? { outcome: "refused", reason: done.reason } : { outcome: done.value };
}

async function put(
  { transfers, profiles, records, now }: ImportParts,
  user: string,
  line: Exclude<Line, MessageLine>,
): Promise<Outcome> {
  switch (line.kind) {
    case "conversation": {
      const purgeAt = purgeOf(line, now());
      const isPast = purgeAt !== null && purgeAt <= now().toISOString();
      return isPast ? "skipped" : transfers.importConversation(user, { ...line, purgeAt });
    }
    case "profile":
      return unlessThere(() => profiles.put(user, line, { versions: [0] }));
    case "session":
    case "state":
      return putRecord(records, user, line.kind, line, now());
    default:
      return "skipped";
  }
}

const dayMs = 24 * 60 * 60 * 1000;

function purgeOf(line: { state: string; purgeAt: string | null }, now: Date): string | null {
  if (line.state !== "trashed") return null;
  const latest = new Date(now.getTime() + trashDays * dayMs).toISOString();
  return line.purgeAt !== null && line.purgeAt < latest ? line.purgeAt : latest;
}

async function putRecord(
  records: RecordStore,
  user: string,
  kind: RecordKind,
  line: { name: string; value?: unknown; expiresAt: string | null },
  now: Date,
): Promise<Outcome> {
  const { name, value = null, expiresAt } = line;
  const { longest, usual } = recordLives[kind];
  const left = expiresAt === null ? usual : (Date.parse(expiresAt) - now.getTime()) / 1000;
  if (left !== undefined && left < 1) return "skipped";
  const lifeSeconds = left === undefined ? undefined : Math.min(Math.floor(left), longest);
  const guard = { versions: [0] };
  return unlessThere(() => records.put(user, kind, name, { value, lifeSeconds }, guard));
}

/** What is there stays as it is. */
async function unlessThere(write: () => Promise<unknown>): Promise<Outcome> {
  try {
    await write();
    return "created";
  } catch (error) {
    if (error instanceof StoreError && error.kind === "stale") return "exists";
    throw error;
  }
}

/** A line that is refused is no failure of the import; a store that is busy or broken is. */
async function refusable<T>(
  write: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly reason: string }> {
  const reasons: Partial<Record<StoreError["kind"], string>> = {
    "not-found": "there is no such conversation, or it was deleted within the last 24 hours",
    full: "the conversation is full",
  };
  try {
    return { value: await write() };
  } catch (error) {
    const reason = error instanceof StoreError ? reasons[error.kind] : undefined;
    if (reason === undefined) throw error;
    return { reason };
  }
}
