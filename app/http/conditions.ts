import type { Guard } from "../store/guard.ts";

/** Writes a version as a strong entity tag (RFC 9110, section 8.8.3). */
export function entityTag(version: number): string {
  return `"${version}"`;
}

export interface Conditions {
  readonly "if-match"?: string | undefined;
  readonly "if-none-match"?: string | undefined;
}

/**
 * Reads which versions a change may replace, from `If-Match` and `If-None-Match` (RFC 9110, sections 13.1.1 and
 * 13.1.2). Undefined when the request has neither header. `*` stands for any version that exists. A tag that this API
 * never writes matches no version. A weak tag matches in `If-None-Match` only.
 */
export function readGuard(headers: Conditions): Guard | undefined {
  const match = readTags(headers["if-match"], "strong");
  const noneMatch = readTags(headers["if-none-match"], "weak");
  if (noneMatch === undefined)
    return match === "*" ? { except: [0] } : match && { versions: match };
  if (noneMatch === "*") {
    const isPossible = match === undefined || (match !== "*" && match.includes(0));
    return { versions: isPossible ? [0] : [] };
  }
  if (match === undefined) return { except: noneMatch };
  if (match === "*") return { except: [0, ...noneMatch] };
  return { versions: match.filter((version) => !noneMatch.includes(version)) };
}

/** Whether the client already has the version that it asks for, so that the answer is 304. */
export function isHeld(ifNoneMatch: string | undefined, etag: string | null): boolean {
  if (ifNoneMatch === undefined || etag === null) return false;
  const held = readTags(ifNoneMatch, "weak");
  const [version] = readTags(etag, "weak") ?? [];
  if (held === undefined || typeof version !== "number") return false;
  return held === "*" ? version > 0 : held.includes(version);
}

function readTags(header: string | undefined, comparison: "strong" | "weak") {
  if (header === undefined) return undefined;
  if (header.trim() === "*") return "*";
  const versions = header.split(",").flatMap((tag) => {
    const [, weak, digits] = /^(W\/)?"(0|[1-9][0-9]{0,14})"$/.exec(tag.trim()) ?? [];
    const isComparable = weak === undefined || comparison === "weak";
    return digits === undefined || !isComparable ? [] : [Number(digits)];
  });
  return [...new Set(versions)];
}
