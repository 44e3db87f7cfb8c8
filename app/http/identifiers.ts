import { randomUUID } from "node:crypto";

/**
 * What may become part of a key: of a conversation, and of the user, whose `sub` claim must match
 * too. A `#` would forge another item's key, so nothing else is ever let through.
 */
export const identifierPattern = /^[0-9A-Za-z_-]{1,64}$/;

export function isIdentifier(text: string): boolean {
  return identifierPattern.test(text);
}

export function newIdentifier(): string {
  return randomUUID();
}
