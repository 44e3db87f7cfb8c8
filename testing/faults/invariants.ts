import { bucketFolders } from "../../app/resources/bucket.ts";
import type { Found, Item } from "./stored.ts";

/** What must hold of a table at any time, between any two steps of whatever runs. */
export function violationsOfTable(items: readonly Item[], objects: readonly Found[]): string[] {
  const keys = new Set(objects.map(({ key }) => key));
  const headers = new Map(
    items.filter(({ sk }) => sk.startsWith("CONV#")).map((item) => [`${item.pk}#${item.sk}`, item]),
  );
  const partitions = Map.groupBy(items.filter(isOfConversation), ({ pk }) => pk);
  return [
    ...[...headers].flatMap(([partition, header]) =>
      ofConversation(header, partitions.get(partition) ?? []),
    ),
    ...[...partitions.keys()]
      .filter((partition) => !headers.has(partition))
      .map((partition) => `${partition}: no header leads to it`),
    ...items.filter(isKept(items)).flatMap((item) => missingObjects(item, keys)),
  ];
}

function isOfConversation({ pk }: Item): boolean {
  return /^USER#[^#]+#CONV#/.test(pk);
}

function ofConversation(header: Item, items: readonly Item[]): string[] {
  const { state, lastMessage } = header;
  const sequence = Number(header.sequence ?? 0);
  const count = Number(header.messageCount ?? 0);
  // What was cleared before them may still be there, until the maintenance has removed it: no reader sees it.
  const cleared = sequence - count;
  const messages = items.filter(({ sk }) => sk.startsWith("MSG#"));
  const sequences = messages.map(({ sk }) => Number(sk.slice("MSG#".length)));
  const name = `${header.pk} ${header.sk}`;
  if (state === "deleted")
    return messages.length > 0 ? [`${name}: deleted, but not its messages`] : [];
  const late = sequences.filter((each) => each > sequence);
  const beyond = late.length > 0 ? [`${name}: messages beyond its sequence`] : [];
  if (state === "deleting") return beyond;
  const shown = messages.filter(({ sk }) => Number(sk.slice("MSG#".length)) > cleared);
  const newest = shown.filter(({ deletedAt }) => deletedAt === undefined).at(-1);
  const removed = shown.filter(({ deletedAt }) => deletedAt !== undefined).length;
  const told = lastMessage as { timestamp?: unknown } | undefined;
  return [
    ...beyond,
    ...(shown.length === count ? [] : [`${name}: ${shown.length} messages of ${count}`]),
    ...(removed === Number(header.removed ?? 0) ? [] : [`${name}: ${removed} messages deleted`]),
    ...(told?.timestamp === newest?.timestamp ? [] : [`${name}: shows another last message`]),
    ...items
      .filter(({ sk }) => sk.startsWith("IDEM#"))
      .filter(({ result }) => lastOf(result) > sequence)
      .map(({ sk }) => `${name}: ${sk} remembers a message that is not there`),
  ];
}

function lastOf(result: unknown): number {
  const { sequence, count = 1 } = result as { sequence: number; count?: number };
  return sequence + count - 1;
}

/** An erasure takes objects and items as they come: its user may find either gone. */
function isKept(items: readonly Item[]) {
  const erased = items
    .filter(({ pk, completedAt }) => pk.startsWith("ERASURE#") && completedAt === undefined)
    .map(({ pk }) => pk.replace("ERASURE#", "USER#"));
  return ({ pk }: Item) => !erased.some((user) => pk === user || pk.startsWith(`${user}#`));
}

/** Pointers to nothing. */
function missingObjects({ pk, sk, object, status }: Item, keys: ReadonlySet<string>): string[] {
  const [, user = "", , conversation = ""] = pk.split("#");
  const document = sk.slice("DOC#".length);
  const needed = [
    ...(typeof object === "string" ? [`messages/${user}/${conversation}/${object}`] : []),
    ...(sk.startsWith("DOC#") && status === "ready"
      ? [`documents/${user}/${document}`, `passages/${user}/${document}.json`]
      : []),
  ];
  return needed.filter((key) => !keys.has(key)).map((key) => `${pk} ${sk}: ${key} is missing`);
}

interface Kept {
  readonly state: string;
  readonly cleared?: number;
  readonly messages?: readonly { readonly sequence: number }[];
  readonly requests?: readonly { readonly sequence: number; readonly count: number }[];
}

/** The same of conversations kept as JSON objects. */
export function violationsOfObjects(objects: readonly Found[]): string[] {
  const histories = objects.filter(({ key }) => key.startsWith(bucketFolders.history.prefix));
  return histories.flatMap(({ key, body }) => {
    const {
      state,
      cleared = 0,
      messages = [],
      requests = [],
    }: Kept = JSON.parse(Buffer.from(body).toString());
    if (state === "deleted") return [];
    return [
      ...(messages.every(({ sequence }, index) => sequence === cleared + index + 1)
        ? []
        : [`${key}: its sequence is not dense`]),
      ...(requests.every((request) => lastOf(request) <= cleared + messages.length)
        ? []
        : [`${key}: remembers a message that is not there`]),
    ];
  });
}
