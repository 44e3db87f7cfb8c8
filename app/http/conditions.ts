import type { Guard } from "../store/conversation-store.ts";

/** A version as strong entity tag (RFC 9110, section 8.8.3). */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * Reads `If-Match` (RFC 9110, section 13.1.1): undefined when there is nothing to guard. Tags that
 * cannot be ours, weak ones included, match no version, as strong comparison demands.
 */
export function readIfMatch(header: string | undefined): Guard | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const versions = header.split(",").flatMap((tag) => {
    const digits = /^"(0|[1-9][0-9]{0,14})"$/.exec(tag.trim())?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
  return { versions };
}
