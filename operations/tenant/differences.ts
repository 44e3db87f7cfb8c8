/** A tenant that is there already, and one that is asked for: the same, or in what not. */
import { isDeepStrictEqual } from "node:util";
import type { StackSource } from "./change.ts";
import { leavesOf } from "./overview.ts";
import { entriesIn, type TenantEntry } from "./stack-text.ts";

/**
 * How the tenant's entry differs from the one that is asked for, setting by setting; empty where it says the same.
 * Where the tenant is in its life is no difference unless it is asked for.
 */
export function differences(source: StackSource, asked: TenantEntry): string[] {
  const found = entriesIn(source).find(({ id = asked.id }) => id === asked.id) ?? {};
  const isCompared = (path: string) =>
    !["id", ...steps].includes(path) || (path !== "id" && path in asked);
  const [there, wanted] = [found, asked].map((entry) => new Map(leavesOf(entry)));
  return [...new Set([...(wanted?.keys() ?? []), ...(there?.keys() ?? [])])]
    .filter((path) => isCompared(path) && !isDeepStrictEqual(there?.get(path), wanted?.get(path)))
    .map((path) => {
      const [was, is] = [there, wanted].map((one) => JSON.stringify(one?.get(path)) ?? "nothing");
      return `${path}: found ${was} in ${source.file}; asked: ${is}`;
    });
}

/** What `suspend`, `move` and the others set. */
const steps = ["state", "retainUntil", "servedBy"];
