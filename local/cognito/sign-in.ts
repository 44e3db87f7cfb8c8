import { createHmac } from "node:crypto";
import { z } from "zod";
import { invalidParameter, notAuthorized, notImplemented } from "./errors.ts";
import { attributeList, epochSeconds, type Operation, operation } from "./operation.ts";
import { existingClient, existingPool } from "./pools.ts";
import {
  type Answer,
  answerChallenge,
  byPassword,
  type Door,
  nextChallenge,
  type Parameters,
  required,
  srpChallenge,
} from "./sign-in-steps.ts";
import type { Client, CognitoStore, Pool, Session, User } from "./store.ts";
import {
  authenticate,
  endSessions,
  existingSession,
  issueTokens,
  openSession,
  secretId,
} from "./tokens.ts";

const parametersSchema = z.record(z.string(), z.string()).default({});
const authSchema = z.looseObject({
  ClientId: z.string(),
  AuthFlow: z.string(),
  AuthParameters: parametersSchema,
});
const challengeSchema = z.looseObject({
  ClientId: z.string(),
  ChallengeName: z.string(),
  Session: z.string().optional(),
  ChallengeResponses: parametersSchema,
});
const accessTokenSchema = z.object({ AccessToken: z.string() });

/** Everything that gives out, renews or ends tokens. */
export const signInOperations: Readonly<Record<string, Operation>> = {
  InitiateAuth: operation(authSchema, ({ ClientId, AuthFlow, AuthParameters }, { store }) => {
    if (/^ADMIN_/.test(AuthFlow)) throw invalidParameter("Initiate Auth method not supported.");
    return authenticateBy(store, existingClient(store, ClientId), AuthFlow, AuthParameters);
  }),

  AdminInitiateAuth: operation(
    authSchema.extend({ UserPoolId: z.string() }),
    ({ UserPoolId, ClientId, AuthFlow, AuthParameters }, { store }) => {
      const client = existingClient(store, ClientId, UserPoolId);
      return authenticateBy(store, client, AuthFlow, AuthParameters);
    },
  ),

  RespondToAuthChallenge: operation(challengeSchema, (input, { store }) =>
    answer(store, existingClient(store, input.ClientId), input),
  ),

  AdminRespondToAuthChallenge: operation(
    challengeSchema.extend({ UserPoolId: z.string() }),
    (input, { store }) =>
      answer(store, existingClient(store, input.ClientId, input.UserPoolId), input),
  ),

  GetTokensFromRefreshToken: operation(
    z.looseObject({
      RefreshToken: z.string(),
      ClientId: z.string(),
      ClientSecret: z.string().optional(),
    }),
    ({ RefreshToken, ClientId, ClientSecret }, { store }) => {
      const client = existingClient(store, ClientId);
      if (client.secret !== ClientSecret) throw notAuthorized("Invalid client secret.");
      return refresh(store, client, RefreshToken);
    },
  ),

  GetUser: operation(accessTokenSchema, async ({ AccessToken }, { store }) => {
    const { user } = await authenticate(store, AccessToken);
    return { Username: user.username, UserAttributes: attributeList(user.attributes) };
  }),

  RevokeToken: operation(
    z.object({ Token: z.string(), ClientId: z.string(), ClientSecret: z.string().optional() }),
    ({ Token, ClientId, ClientSecret }, { store }) => {
      const client = existingClient(store, ClientId);
      if (client.secret !== ClientSecret) throw notAuthorized("Invalid client secret.");
      const revoked = store.get("session", client.poolId, secretId(Token));
      endSessions(store, client.poolId, ({ originJti }) => originJti === revoked?.originJti);
      return {};
    },
  ),

  GlobalSignOut: operation(accessTokenSchema, async ({ AccessToken }, { store }) => {
    const { pool, user } = await authenticate(store, AccessToken);
    endSessions(store, pool.id, ({ username }) => username === user.username);
    return {};
  }),
};

/** The setting that permits each flow; the older names are those of CreateUserPoolClient. */
const permits: Readonly<Record<string, readonly string[]>> = {
  USER_PASSWORD_AUTH: ["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"],
  ADMIN_USER_PASSWORD_AUTH: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"],
  ADMIN_NO_SRP_AUTH: ["ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"],
  REFRESH_TOKEN_AUTH: ["ALLOW_REFRESH_TOKEN_AUTH"],
  REFRESH_TOKEN: ["ALLOW_REFRESH_TOKEN_AUTH"],
  USER_SRP_AUTH: ["ALLOW_USER_SRP_AUTH"],
  USER_AUTH: ["ALLOW_USER_AUTH"],
  CUSTOM_AUTH: ["ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY"],
};

/** What a client that names no flows may use: API reference, CreateUserPoolClient. */
const flowsSchema = z
  .array(z.string())
  .default(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]);

function authenticateBy(store: CognitoStore, client: Client, flow: string, given: Parameters) {
  const permitted = permits[flow];
  if (permitted === undefined) throw invalidParameter(`Unknown auth flow ${flow}.`);
  const allowed = flowsSchema.parse(client.settings.ExplicitAuthFlows);
  if (!permitted.some((name) => allowed.includes(name))) {
    throw invalidParameter(`${flow} flow not enabled for this client`);
  }
  if (flow.startsWith("REFRESH_TOKEN")) {
    return refresh(store, client, required(given, "REFRESH_TOKEN"));
  }
  const door = { store, client, pool: existingPool(store, client.poolId) };
  const login = required(given, "USERNAME");
  checkSecretHash(client, login, given);
  switch (flow) {
    case "USER_SRP_AUTH":
      return srpChallenge(door, login, required(given, "SRP_A"));
    case "USER_PASSWORD_AUTH":
    case "ADMIN_USER_PASSWORD_AUTH":
    case "ADMIN_NO_SRP_AUTH":
      return signIn(door, given);
    default:
      throw notImplemented(`the ${flow} flow`);
  }
}

async function signIn(door: Door, given: Parameters) {
  const user = await byPassword(door, required(given, "USERNAME"), required(given, "PASSWORD"));
  return nextChallenge(door, user) ?? signedIn(door, user);
}

function signedIn({ store, pool, client }: Door, user: User) {
  const { session, refreshToken } = openSession(store, { client, user });
  return authenticated(pool, client, user, session, refreshToken);
}

async function authenticated(
  pool: Pool,
  client: Client,
  user: User,
  session: Session,
  refreshToken?: string,
) {
  const tokens = await issueTokens(pool, client, user, session);
  return {
    ChallengeParameters: {},
    AuthenticationResult: { ...tokens, ...(refreshToken && { RefreshToken: refreshToken }) },
  };
}

const rotationSchema = z
  .object({ Feature: z.string(), RetryGracePeriodSeconds: z.number().default(0) })
  .optional();

export async function refresh(store: CognitoStore, client: Client, token: string) {
  const session = existingSession(store, client, token);
  const pool = existingPool(store, client.poolId);
  const user = store.get("user", pool.id, session.username);
  if (user === undefined) throw notAuthorized("Invalid Refresh Token");

  const rotation = rotationSchema.parse(client.settings.RefreshTokenRotation);
  if (rotation?.Feature !== "ENABLED") return authenticated(pool, client, user, session);
  const lastUse = epochSeconds() + rotation.RetryGracePeriodSeconds;
  const renewed = openSession(store, { client, user, continues: session });
  store.put("session", pool.id, session.id, {
    ...session,
    expiresAt: Math.min(session.expiresAt, lastUse),
  });
  return authenticated(pool, client, user, renewed.session, renewed.refreshToken);
}

async function answer(store: CognitoStore, client: Client, given: Answer) {
  const login = required(given.ChallengeResponses, "USERNAME");
  checkSecretHash(client, login, given.ChallengeResponses);
  const door = { store, client, pool: existingPool(store, client.poolId) };
  const { user, next } = await answerChallenge(door, given);
  return next ?? signedIn(door, user);
}

/** Cognito Developer Guide, "Computing secret hash values". */
function checkSecretHash(client: Client, username: string, given: Parameters): void {
  if (client.secret === undefined) return;
  const message = username + client.id;
  const expected = createHmac("sha256", client.secret).update(message).digest("base64");
  if (given.SECRET_HASH === undefined) {
    throw notAuthorized(
      `Client ${client.id} is configured with secret but SECRET_HASH was not received`,
    );
  }
  if (given.SECRET_HASH !== expected) {
    throw notAuthorized(`SecretHash does not match for the client: ${client.id}`);
  }
}
