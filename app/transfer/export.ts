import * as z from "zod";
import type { Library } from "../documents/library.ts";
import type {
  ConversationStore,
  MessagePage,
  Page,
  PageRequest,
} from "../store/conversation-store.ts";
import type { ProfileStore } from "../store/profile-store.ts";
import type { RecordKind, RecordStore } from "../store/record-store.ts";
import { StoreError } from "../store/store-error.ts";
import type { TransferStore } from "../store/transfer-store.ts";
import type { PeriodUsage, UsageStore } from "../store/usage-store.ts";
import { identifierPosition, jsonOf, readPosition } from "../store/versions/position.ts";

export interface ExportParts {
  readonly conversations: ConversationStore;
  readonly transfers: TransferStore;
  readonly profiles: ProfileStore;
  readonly records: RecordStore;
  readonly usage: UsageStore;
  readonly library: Pick<Library, "list">;
}

/** One line of an export. */
export type ExportLine = Readonly<Record<string, unknown>> & { readonly kind: string };

/** A line, or the position from which an interrupted export can continue. */
export type ExportStep = { readonly line: ExportLine } | { readonly position: string };

const conversationsAtOnce = 25;
const messagesAtOnce = 100;

/** The conversations up to `after` are out, and of the one behind it messages up to `sequence`. */
const positionSchema = z.object({
  after: identifierPosition.optional(),
  current: identifierPosition.optional(),
  sequence: z.number(),
});
type Position = z.infer<typeof positionSchema>;

/** Before the first line is out, when a refusal can still be told. */
export function readExportPosition(from: string | undefined): Position | undefined {
  return from === undefined ? undefined : readPosition(jsonOf(positionSchema), from);
}

/**
 * Everything of a user, read as it is asked for and no earlier: never more than a page in memory.
 * Conversations come in the order of their ids, each followed by its messages; one that changes
 * meanwhile is out as it was when it was read.
 */
export async function* exportOf(
  parts: ExportParts,
  user: string,
  from: Position | undefined,
  now: Date,
): AsyncGenerator<ExportStep> {
  if (from === undefined) {
    yield { line: { kind: "export", version: 1, exportedAt: now.toISOString() } };
    yield* aboutUser(parts, user);
  }
  const start = from ?? { sequence: 0 };
  let { after } = start;
  let resumed = start.current;
  for (;;) {
    const page: PageRequest = { limit: conversationsAtOnce, after };
    const { items, unreadable, next } = await parts.transfers.walk(user, page);
    yield* markersOf("conversation", unreadable);
    for (const conversation of items) {
      const { id } = conversation;
      const isResumed = id === resumed && start.sequence > 0;
      if (!isResumed) yield { line: { kind: "conversation", ...conversation } };
      yield* messagesOf(parts, user, id, after, isResumed ? start.sequence : 0);
      resumed = undefined;
      after = id;
      yield { position: JSON.stringify({ after, sequence: 0 }) };
    }
    if (next === undefined) break;
    after = next;
  }
  yield { line: { kind: "end" } };
}

async function* messagesOf(
  { conversations }: ExportParts,
  user: string,
  id: string,
  after: string | undefined,
  sequence: number,
): AsyncGenerator<ExportStep> {
  let behind: string | undefined = String(sequence);
  while (behind !== undefined) {
    const page = { limit: messagesAtOnce, order: "asc", after: behind } as const;
    const {
      items,
      deleted = [],
      unreadable,
      next,
    } = await ifThere(conversations.messages(user, id, page));
    yield* markersOf("message", unreadable, { conversation: id });
    const places = deleted.map((place) => ({
      line: { kind: "deleted-message", conversation: id, sequence: Number(place) },
    }));
    const messages = items.map((message) => ({
      line: { kind: "message", conversation: id, ...message },
    }));
    const all = [...messages, ...places].toSorted(
      (one, other) => one.line.sequence - other.line.sequence,
    );
    yield* all;
    const last = all.at(-1)?.line.sequence;
    if (next !== undefined && last !== undefined) {
      yield { position: JSON.stringify({ after, current: id, sequence: last }) };
    }
    behind = next;
  }
}

/** A conversation that is deleted while it goes out has no more messages. */
async function ifThere(page: Promise<MessagePage>): Promise<MessagePage> {
  return page.catch((error: unknown) => {
    if (error instanceof StoreError && error.kind === "not-found") return { items: [] };
    throw error;
  });
}

async function* aboutUser(
  { profiles, records, usage, library }: ExportParts,
  user: string,
): AsyncGenerator<ExportStep> {
  const profile = await profiles.get(user);
  if (profile !== undefined) yield { line: { kind: "profile", ...profile } };
  const { day, month } = await usage.get(user);
  yield { line: { kind: "usage", day: counted(day), month: counted(month) } };
  for (const kind of ["session", "state"] as const satisfies RecordKind[]) {
    yield* lines(kind, (page) => records.list(user, kind, page));
  }
  yield* lines("document", (page) => library.list(user, page));
}

/** What is there and cannot be read is said, and not passed over. */
function* markersOf(
  what: string,
  ids: readonly string[] = [],
  place: Readonly<Record<string, string>> = {},
): Generator<ExportStep> {
  for (const id of ids) yield { line: { kind: "unreadable", what, ...place, id } };
}

/** What was used, without what is said for the moment only. */
function counted({ period, inputTokens, outputTokens }: PeriodUsage) {
  return { period, inputTokens, outputTokens };
}

async function* lines(
  kind: string,
  list: (page: PageRequest) => Promise<Page<object>>,
): AsyncGenerator<ExportStep> {
  let after: string | undefined;
  do {
    const page: Page<object> = await list({ limit: conversationsAtOnce, after });
    const { items, unreadable, next } = page;
    yield* markersOf(kind, unreadable);
    for (const item of items) yield { line: { ...item, kind } };
    after = next;
  } while (after !== undefined);
}
