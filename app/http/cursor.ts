import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { jsonOf, readPosition } from "../store/versions/position.ts";
import { Problem } from "./problem.ts";

const daySeconds = 24 * 60 * 60;
const signatureBytes = 32;
/** Position, hash of the scope, expiry in epoch seconds. */
const payloadSchema = jsonOf(z.tuple([z.string(), z.string(), z.number()]));

/**
 * Signs where a list goes on. A cursor carries a sort position, a hash of what was listed and for
 * whom, and an expiry; never a partition, which always comes from the token.
 */
export class Cursors {
  readonly #signingKey: () => Promise<Uint8Array>;
  readonly #now: () => Date;

  constructor(signingKey: () => Promise<Uint8Array>, now: () => Date = () => new Date()) {
    this.#signingKey = signingKey;
    this.#now = now;
  }

  /** `scope`: the user and every filter of the list. Undefined, the end of the list, becomes null. */
  async sign(
    scope: readonly string[],
    position: string | undefined,
    lifeSeconds?: number,
  ): Promise<string | null> {
    return position === undefined ? null : this.signAlways(scope, position, lifeSeconds);
  }

  /** For what has no end, such as a sync. */
  async signAlways(
    scope: readonly string[],
    position: string,
    lifeSeconds = daySeconds,
  ): Promise<string> {
    const expires = this.#seconds() + lifeSeconds;
    const payload = Buffer.from(JSON.stringify([position, hash(scope), expires]));
    return Buffer.concat([await this.#signature(payload), payload]).toString("base64url");
  }

  /** The position, or the problem `invalid-cursor` for anything but our own cursor of this scope. */
  async verify(scope: readonly string[], cursor: string | undefined): Promise<string | undefined> {
    if (cursor === undefined) return undefined;
    const bytes = Buffer.from(cursor, "base64url");
    // Several texts decode to the same bytes (the last character has unused bits): only one is ours.
    if (bytes.toString("base64url") !== cursor) throw new Problem("invalid-cursor");
    const payload = bytes.subarray(signatureBytes);
    const signature = bytes.subarray(0, signatureBytes);
    const expected = await this.#signature(payload);
    if (signature.length !== signatureBytes || !timingSafeEqual(signature, expected)) {
      throw new Problem("invalid-cursor");
    }
    const [position, scopeHash, expires] = readPosition(payloadSchema, payload.toString());
    if (scopeHash !== hash(scope)) throw new Problem("invalid-cursor");
    if (expires <= this.#seconds()) {
      throw new Problem("invalid-cursor", { detail: "The cursor has expired: start again." });
    }
    return position;
  }

  async #signature(payload: Uint8Array): Promise<Buffer> {
    return createHmac("sha256", await this.#signingKey())
      .update(payload)
      .digest();
  }

  #seconds(): number {
    return Math.floor(this.#now().getTime() / 1000);
  }
}

function hash(scope: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(scope)).digest("base64url").slice(0, 22);
}
