import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { CognitoError } from "./errors.ts";
import { epochSeconds } from "./operation.ts";
import { existingPool } from "./pools.ts";
import { refresh } from "./sign-in.ts";
import type { Client, CognitoStore, User } from "./store.ts";
import { issueMachineToken, issueTokens, newSecret, openSession, secretId } from "./tokens.ts";

/** A refusal as OAuth words it (RFC 6749, section 5.2). */
export class OAuthError extends Error {
  readonly code: string;

  constructor(code: string, message: string = code) {
    super(message);
    this.code = code;
  }
}

/** What `/oauth2/authorize` was asked, and may be asked. */
export interface Authorization {
  readonly client: Client;
  readonly redirectUri: string;
  readonly scope: string;
  readonly state?: string;
  readonly nonce?: string;
  readonly codeChallenge?: string;
}

const oauthSettings = z.object({
  AllowedOAuthFlowsUserPoolClient: z.boolean().default(false),
  AllowedOAuthFlows: z.array(z.string()).default([]),
  AllowedOAuthScopes: z.array(z.string()).default([]),
  CallbackURLs: z.array(z.string()).default([]),
  LogoutURLs: z.array(z.string()).default([]),
});

const settingsOf = ({ settings }: Client) => oauthSettings.parse(settings);

/**
 * Whoever asks is told here, and not sent to a `redirect_uri` that the client does not name.
 *
 * @throws OAuthError for a client or redirect that does not exist; `redirect` in its place says where
 *   any other refusal is to be sent.
 */
export function readAuthorization(
  store: CognitoStore,
  poolId: string,
  query: Readonly<Record<string, string>>,
): Authorization | { readonly redirect: string } {
  const client = store.get("client", "", query.client_id ?? "");
  if (client === undefined || client.poolId !== poolId) {
    throw new OAuthError("invalid_client", `Client ${query.client_id} does not exist.`);
  }
  const allowed = settingsOf(client);
  if (!allowed.AllowedOAuthFlowsUserPoolClient || !allowed.AllowedOAuthFlows.includes("code")) {
    throw new OAuthError(
      "unauthorized_client",
      "This client has no managed login: set auth.managedLogin with redirects in the stack's file.",
    );
  }
  const redirectUri = query.redirect_uri ?? "";
  if (!allowed.CallbackURLs.includes(redirectUri)) {
    throw new OAuthError(
      "redirect_mismatch",
      `redirect_uri is "${redirectUri}"; allowed: ${allowed.CallbackURLs.join(", ")}`,
    );
  }
  const refuse = (error: string) => ({
    redirect: withQuery(redirectUri, { error, ...(query.state && { state: query.state }) }),
  });
  if (query.response_type !== "code") return refuse("unsupported_response_type");
  const scopes = query.scope?.split(" ").filter(Boolean) ?? allowed.AllowedOAuthScopes;
  if (!scopes.every((scope) => allowed.AllowedOAuthScopes.includes(scope))) {
    return refuse("invalid_scope");
  }
  const { code_challenge: codeChallenge } = query;
  if (codeChallenge !== undefined && query.code_challenge_method !== "S256") {
    return refuse("invalid_request");
  }
  return {
    client,
    redirectUri,
    scope: scopes.join(" "),
    ...(query.state !== undefined && { state: query.state }),
    ...(query.nonce !== undefined && { nonce: query.nonce }),
    ...(codeChallenge !== undefined && { codeChallenge }),
  };
}

/** Minutes that a code is good for: Developer Guide, "Token endpoint". */
const codeMinutes = 5;

/** Where the browser goes with the code of a user who has signed in. */
export function redirectWithCode(
  store: CognitoStore,
  { client, state, ...authorization }: Authorization,
  user: User,
): string {
  const { secret, id } = newSecret();
  const { username } = user;
  const expiresAt = epochSeconds() + codeMinutes * 60;
  store.put("code", client.poolId, id, {
    ...authorization,
    clientId: client.id,
    username,
    expiresAt,
  });
  return withQuery(authorization.redirectUri, {
    code: secret,
    ...(state !== undefined && { state }),
  });
}

/** What `/oauth2/token` answers; `basic` is the `Authorization` header's client and secret. */
export async function exchange(
  store: CognitoStore,
  poolId: string,
  form: Readonly<Record<string, string>>,
  basic: { readonly id: string; readonly secret: string } | undefined,
) {
  const client = store.get("client", "", basic?.id ?? form.client_id ?? "");
  const secret = basic?.secret ?? form.client_secret;
  if (client?.poolId !== poolId || !isSecret(client, secret))
    throw new OAuthError("invalid_client");
  switch (form.grant_type) {
    case "authorization_code":
      return byCode(store, client, form);
    case "refresh_token":
      return byRefreshToken(store, client, form.refresh_token ?? "");
    case "client_credentials":
      return asMachine(store, client, form.scope);
    default:
      throw new OAuthError("unsupported_grant_type");
  }
}

function isSecret({ secret }: Client, given: string | undefined): boolean {
  if (secret === undefined) return given === undefined || given === "";
  const [expected, found] = [Buffer.from(secret), Buffer.from(given ?? "")];
  return expected.length === found.length && timingSafeEqual(expected, found);
}

async function byCode(store: CognitoStore, client: Client, form: Readonly<Record<string, string>>) {
  const id = secretId(form.code ?? "");
  const code = store.get("code", client.poolId, id);
  // One attempt for each code, right or wrong (RFC 6749, section 4.1.2).
  store.delete("code", client.poolId, id);
  const user = code && store.get("user", client.poolId, code.username);
  const isGood =
    code?.clientId === client.id &&
    code.expiresAt > epochSeconds() &&
    code.redirectUri === form.redirect_uri &&
    code.codeChallenge === challengeOf(form.code_verifier);
  if (!isGood || user === undefined) throw new OAuthError("invalid_grant");
  const { scope, nonce } = code;
  const { session, refreshToken } = openSession(store, { client, user, scope });
  const pool = existingPool(store, client.poolId);
  const tokens = await issueTokens(pool, client, user, session, nonce);
  return asOAuth({ ...tokens, RefreshToken: refreshToken }, scope);
}

const challengeOf = (verifier: string | undefined) =>
  verifier && createHash("sha256").update(verifier).digest("base64url");

async function byRefreshToken(store: CognitoStore, client: Client, token: string) {
  const scope = store.get("session", client.poolId, secretId(token))?.scope;
  const renewed = await refresh(store, client, token).catch((error: unknown) => {
    throw error instanceof CognitoError ? new OAuthError("invalid_grant", error.message) : error;
  });
  return asOAuth(renewed.AuthenticationResult, scope);
}

/** Without `openid` no ID token is given. */
function asOAuth(
  tokens: {
    readonly AccessToken: string;
    readonly IdToken: string;
    readonly ExpiresIn: number;
    readonly TokenType: string;
    readonly RefreshToken?: string;
  },
  scope: string | undefined,
) {
  const isOpenId = scope === undefined || scope.split(" ").includes("openid");
  return {
    access_token: tokens.AccessToken,
    ...(isOpenId && { id_token: tokens.IdToken }),
    ...(tokens.RefreshToken !== undefined && { refresh_token: tokens.RefreshToken }),
    expires_in: tokens.ExpiresIn,
    token_type: tokens.TokenType,
  };
}

async function asMachine(store: CognitoStore, client: Client, asked: string | undefined) {
  const { AllowedOAuthFlows, AllowedOAuthScopes } = settingsOf(client);
  if (!AllowedOAuthFlows.includes("client_credentials"))
    throw new OAuthError("unauthorized_client");
  const scopes = asked?.split(" ").filter(Boolean) ?? AllowedOAuthScopes;
  if (!scopes.every((scope) => AllowedOAuthScopes.includes(scope))) {
    throw new OAuthError("invalid_scope");
  }
  return issueMachineToken(existingPool(store, client.poolId), client, scopes.join(" "));
}

/** Where the browser goes after signing out. */
export function readLogout(
  store: CognitoStore,
  poolId: string,
  query: Readonly<Record<string, string>>,
): string {
  const client = store.get("client", "", query.client_id ?? "");
  if (client?.poolId !== poolId) throw new OAuthError("invalid_client");
  const { LogoutURLs } = settingsOf(client);
  const target = query.logout_uri ?? "";
  if (LogoutURLs.includes(target)) return target;
  throw new OAuthError(
    "redirect_mismatch",
    `logout_uri is "${target}"; allowed: ${LogoutURLs.join(", ")}`,
  );
}

function withQuery(url: string, parameters: Readonly<Record<string, string>>): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  return target.href;
}
