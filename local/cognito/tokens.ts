import { createHash, randomBytes, randomUUID } from "node:crypto";
import { importJWK, jwtVerify, SignJWT } from "jose";
import { z } from "zod";
import { notAuthorized } from "./errors.ts";
import { epochSeconds } from "./operation.ts";
import { existingPool } from "./pools.ts";
import type { Client, CognitoStore, Pool, Session, User } from "./store.ts";

/** Scope of tokens from the sign-in API; other scopes come only from the hosted OAuth endpoints. */
const signInScope = "aws.cognito.signin.user.admin";

/** Cognito's token endpoint host, wherever the pool really is: verifiers compare it literally. */
export const issuerOf = (poolId: string) =>
  `https://cognito-idp.${poolId.split("_")[0]}.amazonaws.com/${poolId}`;

/** Public half of the pool's key (RFC 7517), as served at `/<pool>/.well-known/jwks.json`. */
export function jwks({ key }: Pool) {
  return { keys: [{ alg: "RS256", e: key.e, kid: key.kid, kty: "RSA", n: key.n, use: "sig" }] };
}

/** Tokens of one sign-in: `AuthenticationResult` without the refresh token. */
export async function issueTokens(
  pool: Pool,
  client: Client,
  user: User,
  session: Session,
  nonce?: string,
) {
  const lifetime = lifetimes(client);
  const now = epochSeconds();
  const shared = {
    sub: user.attributes.sub,
    iss: issuerOf(pool.id),
    origin_jti: session.originJti,
    event_id: randomUUID(),
    auth_time: session.signedInAt,
    iat: now,
    ...(user.groups.length > 0 && { "cognito:groups": user.groups }),
  };
  const sign = (claims: Record<string, unknown>) => signed(pool, { ...shared, ...claims });

  return {
    AccessToken: await sign({
      client_id: client.id,
      token_use: "access",
      scope: session.scope ?? signInScope,
      username: user.username,
      exp: now + lifetime.access,
    }),
    IdToken: await sign({
      ...identityClaims(user),
      aud: client.id,
      token_use: "id",
      ...(nonce !== undefined && { nonce }),
      "cognito:username": user.username,
      exp: now + lifetime.id,
    }),
    ExpiresIn: lifetime.access,
    TokenType: "Bearer",
  };
}

/** The token of a machine, which has no user (RFC 6749, section 4.4). */
export async function issueMachineToken(pool: Pool, client: Client, scope: string) {
  const { access } = lifetimes(client);
  const now = epochSeconds();
  const claims = { sub: client.id, client_id: client.id, token_use: "access", scope };
  const exp = now + access;
  const times = { auth_time: now, iat: now, exp };
  const token = await signed(pool, { ...claims, ...times, iss: issuerOf(pool.id) });
  return { access_token: token, expires_in: access, token_type: "Bearer" };
}

async function signed(pool: Pool, claims: Record<string, unknown>): Promise<string> {
  return new SignJWT({ ...claims, jti: randomUUID() })
    .setProtectedHeader({ kid: pool.key.kid, alg: "RS256" })
    .sign(await importJWK(pool.key, "RS256"));
}

/** Opens a session and returns its refresh token, of which only a hash is kept. */
export function openSession(
  store: CognitoStore,
  {
    client,
    user,
    continues,
    scope = continues?.scope,
  }: { client: Client; user: User; continues?: Session; scope?: string | undefined },
): { session: Session; refreshToken: string } {
  const { secret: refreshToken, id } = newSecret();
  const now = epochSeconds();
  endSessions(store, client.poolId, (session) => session.expiresAt <= now);
  const session: Session = {
    id,
    originJti: continues?.originJti ?? randomUUID(),
    poolId: client.poolId,
    clientId: client.id,
    username: user.username,
    signedInAt: continues?.signedInAt ?? now,
    expiresAt: continues?.expiresAt ?? now + lifetimes(client).refresh,
    ...(scope !== undefined && { scope }),
  };
  store.put("session", client.poolId, session.id, session);
  return { session, refreshToken };
}

export function existingSession(store: CognitoStore, client: Client, token: string): Session {
  const session = store.get("session", client.poolId, secretId(token));
  if (session === undefined || session.clientId !== client.id) {
    throw notAuthorized("Invalid Refresh Token");
  }
  if (session.expiresAt <= epochSeconds()) throw notAuthorized("Refresh Token has expired");
  return session;
}

/** Ends every sign-in that `doomed` picks; their access tokens are refused by this API at once. */
export function endSessions(
  store: CognitoStore,
  poolId: string,
  doomed: (session: Session) => boolean,
): void {
  for (const session of store.list("session", poolId).filter(doomed)) {
    store.delete("session", poolId, session.id);
  }
}

const accessClaims = z.object({
  iss: z.string(),
  username: z.string(),
  token_use: z.literal("access"),
  origin_jti: z.string(),
});

/** The user whom a valid, unrevoked access token belongs to. */
export async function authenticate(store: CognitoStore, accessToken: string) {
  try {
    const payload = JSON.parse(
      Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString(),
    );
    const pool = existingPool(store, accessClaims.parse(payload).iss.split("/").at(-1) ?? "");
    const verified = await jwtVerify(
      accessToken,
      await importJWK(jwks(pool).keys[0] ?? {}, "RS256"),
      {
        issuer: issuerOf(pool.id),
      },
    );
    const claims = accessClaims.parse(verified.payload);
    const user = store.get("user", pool.id, claims.username);
    const alive = store.list("session", pool.id).some((s) => s.originJti === claims.origin_jti);
    if (user && alive) return { pool, user };
  } catch {
    throw notAuthorized("Invalid Access Token");
  }
  throw notAuthorized("Access Token has been revoked");
}

/** An opaque value for the caller, and the id under which its meaning is kept. */
export function newSecret(): { secret: string; id: string } {
  const secret = randomBytes(96).toString("base64url");
  return { secret, id: secretId(secret) };
}

export const secretId = (secret: string) => createHash("sha256").update(secret).digest("base64url");

/** Every attribute but the pool's own; the verified flags are booleans in tokens. */
function identityClaims({ attributes }: User): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) =>
      name.endsWith("_verified") ? [name, value === "true"] : [name, value],
    ),
  );
}

const secondsOf = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 } as const;
const unitSchema = z.enum(["seconds", "minutes", "hours", "days"]);

/** API reference, CreateUserPoolClient: a value of 0 means the default. */
const lifetimesSchema = z.object({
  AccessTokenValidity: z.number().default(0),
  IdTokenValidity: z.number().default(0),
  RefreshTokenValidity: z.number().default(0),
  TokenValidityUnits: z
    .object({
      AccessToken: unitSchema.default("hours"),
      IdToken: unitSchema.default("hours"),
      RefreshToken: unitSchema.default("days"),
    })
    .prefault({}),
});

/** In seconds. */
function lifetimes({ settings }: Client) {
  const { TokenValidityUnits: unit, ...value } = lifetimesSchema.parse(settings);
  return {
    access: value.AccessTokenValidity * secondsOf[unit.AccessToken] || secondsOf.hours,
    id: value.IdTokenValidity * secondsOf[unit.IdToken] || secondsOf.hours,
    refresh: value.RefreshTokenValidity * secondsOf[unit.RefreshToken] || 30 * secondsOf.days,
  };
}
