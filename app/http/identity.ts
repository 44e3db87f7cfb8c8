/** Who is calling, by the claims of the access token. */
import * as z from "zod";
import { identifierPattern } from "./identifiers.ts";
import { Problem } from "./problem.ts";

/** Whose tokens the app takes. */
export interface Audience {
  readonly userPoolId: string;
  readonly clientIds: readonly string[];
}

export interface User {
  /** The token's `sub`, the only thing that ever becomes part of a key. */
  readonly id: string;
  /** The pool's user name. */
  readonly name: string;
  readonly groups: readonly string[];
}

export type UserRole = "admin" | "member";

export const adminGroup = "admins";

export function roleOf(user: User): UserRole {
  return user.groups.includes(adminGroup) ? "admin" : "member";
}

/**
 * REST authorizers hand a list over as `a,b`, HTTP ones as `[a b]`, a decoded token as an array.
 * Neither form escapes anything: `AuthPool` makes no group whose name could be read as two.
 */
const groups = z
  .union([z.array(z.string()), z.string()])
  .optional()
  .transform((value = []) => {
    if (typeof value !== "string") return value;
    const [, inBrackets] = /^\[([^[\],]*)\]$/.exec(value) ?? [];
    return inBrackets === undefined
      ? value.split(",").map((name) => name.trim())
      : inBrackets.split(" ");
  });

const claimsSchema = z.object({
  sub: z.string().regex(identifierPattern),
  token_use: z.literal("access"),
  client_id: z.string(),
  iss: z.string(),
  username: z.string().optional(),
  "cognito:groups": groups,
});

/**
 * The gateway's authorizer has verified the signature; the app checks again what a wrong setting of
 * the gateway would let through: an ID token, another client's token, another tenant's pool.
 */
export function readUser(claims: unknown, audience: Audience): User {
  const parsed = claimsSchema.safeParse(claims);
  const isOurs =
    parsed.success &&
    audience.clientIds.includes(parsed.data.client_id) &&
    parsed.data.iss.endsWith(`/${audience.userPoolId}`);
  if (!isOurs) {
    throw new Problem("unauthenticated", { headers: { "www-authenticate": "Bearer" } });
  }
  const { sub, username, "cognito:groups": names } = parsed.data;
  return { id: sub, name: username ?? sub, groups: names };
}
