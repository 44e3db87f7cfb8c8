import { type BucketFolder, bucketFolders } from "../../app/resources/bucket.ts";
import { violationsOfObjects, violationsOfTable } from "./invariants.ts";
import type { Found, Item } from "./stored.ts";

export interface Contents {
  /** One line for each item and object, without times, versions and random ids: to be compared. */
  readonly lines: readonly string[];
  /** What must never be, not even between two steps. */
  readonly violations: readonly string[];
}

export function contentsOf(items: readonly Item[], objects: readonly Found[], now: Date): Contents {
  const lines = [
    ...items.filter(isCompared(now)).map(lineOfItem),
    ...objects.map(lineOfObject(items)),
  ];
  return {
    lines: lines.filter((line) => line !== undefined).toSorted(),
    violations: [...violationsOfTable(items, objects), ...violationsOfObjects(objects)],
  };
}

/**
 * Each try leaves an entry in the audit log, as it should; the key for cursors is the tenant's. What is
 * left of a deleted document, and of an answer whose process died, the TTL removes, which the embedded engine does
 * not run; what is past its time, no answer shows.
 */
function isCompared(now: Date) {
  return ({ pk, sk, status, expiresAt }: Item): boolean => {
    const isLeftToTtl = status === "deleting" || sk.startsWith("RUN#");
    const isOver = isLeftToTtl && Number(expiresAt) * 1000 <= now.getTime();
    return !pk.startsWith("AUDIT#") && pk !== "TENANT" && !isOver;
  };
}

/** How often a document's reading was begun tells only whether one that never ends is begun again. */
function lineOfItem({
  pk,
  sk,
  readings: _,
  readAt: __,
  reading: ___,
  ...attributes
}: Item): string {
  return withoutChance(`${pk} ${sk.replace(/^TOKEN#.*/, "TOKEN#…")} ${comparable(attributes)}`);
}

/** What a message points to is part of the message; nothing else may be there, for long. */
function lineOfObject(items: readonly Item[]) {
  const used = new Set(items.map(({ object }) => object));
  return ({ key, body }: Found): string | undefined => {
    if (key.startsWith(bucketFolders.history.prefix)) {
      return `${withoutChance(key)} ${comparable(JSON.parse(Buffer.from(body).toString()))}`;
    }
    const name = key.slice(key.lastIndexOf("/") + 1);
    if (key.startsWith(bucketFolders.messages.prefix)) {
      return used.has(name) ? undefined : `orphan ${key.slice(0, -name.length)}`;
    }
    return isPassing(key) ? undefined : withoutChance(`${key} ${body.length}`);
  };
}

/** The bucket's life cycle drops it, which the embedded engine does not run. */
function isPassing(key: string): boolean {
  const folders: readonly BucketFolder[] = Object.values(bucketFolders);
  return folders.some(
    ({ prefix, expiresAfterDays }) => expiresAfterDays !== undefined && key.startsWith(prefix),
  );
}

/** Versions, which a repeated change raises twice, and what is random, signatures included. */
const chance =
  /^(version|writes|expiresAt|takenUntil|[a-z]*[cC]ursor|object|creationKey|token|fields|downloadUrl|(in|out|n)\d*)$/;

/** As JSON, members in the order of their names. */
export function comparable(value: unknown): string {
  const sorted = (each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(
          Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)),
        )
      : each;
  return withoutChance(
    JSON.stringify(value, (name, member) => {
      if (chance.test(name) && member !== null) return "…";
      if (member instanceof Uint8Array) return `${member.length} bytes`;
      const isLong = typeof member === "string" && member.length > 200;
      return isLong ? `${member.length} characters` : sorted(member);
    }),
  );
}

/** Times, OpenAI's in seconds too, and ids that the app makes; those of documents begin with their time. */
export function withoutChance(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replaceAll(/"created":\d{10}\b/g, '"created":"<time>"')
    .replaceAll(/\b([0-9a-z]{9}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, "<id>");
}
