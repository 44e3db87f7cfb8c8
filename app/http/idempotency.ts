import { createHash } from "node:crypto";
import type { Once } from "../store/conversation-store.ts";

/**
 * What makes a request the same request. The key is part of the hash, so that a stored hash says
 * nothing of a short content to whoever does not hold the key.
 */
export function once(key: string | undefined, operation: string, body: unknown): Once | undefined {
  if (key === undefined) return undefined;
  const request = JSON.stringify([key, operation, body]);
  return { key, bodyHash: createHash("sha256").update(request).digest("base64url") };
}
