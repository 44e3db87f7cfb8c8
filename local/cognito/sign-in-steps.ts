import { randomBytes } from "node:crypto";
import { currentChallenge, openChallenge } from "./challenges.ts";
import { CognitoError, invalidParameter, notAuthorized, notImplemented } from "./errors.ts";
import { epochSeconds } from "./operation.ts";
import { checkPasswordPolicy, passwordOf, verifyPassword } from "./passwords.ts";
import { isCurrentCode } from "./software-tokens.ts";
import { identityOf, isProven, isRefused, serverChallenge, verifierOf } from "./srp.ts";
import type { Client, CognitoStore, Pool, User } from "./store.ts";
import { findUser } from "./users.ts";

export type Parameters = Readonly<Record<string, string>>;

/** Where a user signs in. */
export interface Door {
  readonly store: CognitoStore;
  readonly pool: Pool;
  readonly client: Client;
}

/** What a client is asked before it gets tokens, as the API words it. */
export interface Challenged {
  readonly ChallengeName: string;
  readonly Session?: string;
  readonly ChallengeParameters: Parameters;
}

/** The user whose password this is. */
export async function byPassword(door: Door, login: string, password: string): Promise<User> {
  const { store, pool } = door;
  const user = findUser(store, pool, login) ?? refuseUnknown(door);
  if (user?.password === undefined || !(await verifyPassword(password, user.password))) {
    throw wrongPassword();
  }
  if (user.srp !== undefined) return user;
  // Set by an older version of this service: from now on the user may sign in with SRP too.
  const renewed = { ...user, ...(await passwordOf(pool, user.username, password)) };
  store.put("user", pool.id, user.username, renewed);
  return renewed;
}

/** Developer Guide, "Managing user existence error responses". */
function refuseUnknown({ client }: Door): undefined {
  if (client.settings.PreventUserExistenceErrors === "ENABLED") return undefined;
  throw new CognitoError("UserNotFoundException", "User does not exist.");
}

const wrongPassword = () => notAuthorized("Incorrect username or password.");

/** The first step of SRP. An unknown user gets a challenge that no password answers. */
export function srpChallenge(door: Door, login: string, A: string): Challenged {
  const { store, pool, client } = door;
  if (isRefused(A)) throw invalidParameter("SRP_A is not correct");
  const user = findUser(store, pool, login) ?? refuseUnknown(door);
  if (user !== undefined && user.srp === undefined) {
    throw invalidParameter(
      "This user's password was set before the embedded Cognito knew SRP: sign in once with " +
        "the password, or begin anew with `npm start -- --reset`.",
    );
  }
  const username = user?.username ?? login;
  const nobody = () => verifierOf(identityOf(pool.id, username), randomBytes(32).toString("hex"));
  const srp = user?.srp ?? nobody();
  const { b, B } = serverChallenge(srp);
  const details = { name: "PASSWORD_VERIFIER", A, B, b } as const;
  const secret = openChallenge(store, client, username, details);
  return {
    ChallengeName: details.name,
    ChallengeParameters: {
      SALT: srp.salt,
      SRP_B: B,
      // Clients decode it as base64 and sign the bytes.
      SECRET_BLOCK: Buffer.from(secret).toString("base64"),
      USERNAME: username,
      USER_ID_FOR_SRP: username,
    },
  };
}

/** What still stands between a user, whose password was right, and tokens. */
export function nextChallenge(door: Door, user: User): Challenged | undefined {
  if (user.status !== "CONFIRMED") {
    return ask(door, user, "NEW_PASSWORD_REQUIRED", {
      requiredAttributes: "[]",
      userAttributes: JSON.stringify(user.attributes),
    });
  }
  return secondFactor(door, user);
}

function secondFactor(door: Door, user: User): Challenged | undefined {
  const { MfaConfiguration = "OFF" } = door.pool.settings;
  if (MfaConfiguration === "OFF") return undefined;
  if (user.totp?.isEnabled) return ask(door, user, "SOFTWARE_TOKEN_MFA", {});
  if (MfaConfiguration === "OPTIONAL") return undefined;
  return ask(door, user, "MFA_SETUP", { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' });
}

function ask(
  { store, client }: Door,
  user: User,
  name: "NEW_PASSWORD_REQUIRED" | "SOFTWARE_TOKEN_MFA" | "MFA_SETUP",
  parameters: Parameters,
): Challenged {
  return {
    ChallengeName: name,
    Session: openChallenge(store, client, user.username, { name }),
    ChallengeParameters: { USER_ID_FOR_SRP: user.username, ...parameters },
  };
}

/** What a client answers a challenge with. */
export interface Answer {
  readonly ChallengeName: string;
  readonly Session?: string | undefined;
  readonly ChallengeResponses: Parameters;
}

/** The user, and what still stands between them and tokens. */
export async function answerChallenge(
  door: Door,
  { ChallengeName, Session, ChallengeResponses: given }: Answer,
): Promise<{ user: User; next: Challenged | undefined }> {
  switch (ChallengeName) {
    case "PASSWORD_VERIFIER": {
      const user = bySrp(door, given);
      return { user, next: nextChallenge(door, user) };
    }
    case "NEW_PASSWORD_REQUIRED": {
      const user = await setPassword(door, Session, given);
      return { user, next: secondFactor(door, user) };
    }
    case "SOFTWARE_TOKEN_MFA":
      return { user: byCode(door, Session, given), next: undefined };
    case "MFA_SETUP":
      return { user: enableSoftwareToken(door, Session, given), next: undefined };
    default:
      throw notImplemented(`the ${ChallengeName} challenge`);
  }
}

function bySrp(door: Door, given: Parameters): User {
  const { store, pool } = door;
  const secretBlock = required(given, "PASSWORD_CLAIM_SECRET_BLOCK");
  const secret = Buffer.from(secretBlock, "base64").toString();
  const challenge = currentChallenge(store, "PASSWORD_VERIFIER", secret);
  // One attempt for each challenge, right or wrong.
  store.delete("challenge", "", challenge.id);
  const user = userOf(door, challenge, given);
  const isRight =
    user?.srp !== undefined &&
    isProven(user.srp, challenge, {
      identity: identityOf(pool.id, user.username),
      secretBlock,
      timestamp: required(given, "TIMESTAMP"),
      signature: required(given, "PASSWORD_CLAIM_SIGNATURE"),
    });
  if (!isRight) throw wrongPassword();
  return user;
}

async function setPassword(door: Door, session: string | undefined, given: Parameters) {
  const { store, pool } = door;
  const challenge = currentChallenge(store, "NEW_PASSWORD_REQUIRED", session);
  const user = userOf(door, challenge, given) ?? refuseSession();
  const password = required(given, "NEW_PASSWORD");
  checkPasswordPolicy(pool, password);
  const confirmed: User = {
    ...user,
    ...(await passwordOf(pool, user.username, password)),
    status: "CONFIRMED",
    modifiedAt: epochSeconds(),
  };
  store.put("user", pool.id, user.username, confirmed);
  store.delete("challenge", "", challenge.id);
  return confirmed;
}

function byCode(door: Door, session: string | undefined, given: Parameters): User {
  const challenge = currentChallenge(door.store, "SOFTWARE_TOKEN_MFA", session);
  const user = userOf(door, challenge, given) ?? refuseSession();
  const code = required(given, "SOFTWARE_TOKEN_MFA_CODE");
  if (user.totp === undefined || !isCurrentCode(user.totp.secret, code)) {
    throw new CognitoError("CodeMismatchException", "Invalid code received for user");
  }
  door.store.delete("challenge", "", challenge.id);
  return user;
}

function enableSoftwareToken(door: Door, session: string | undefined, given: Parameters): User {
  const { store, pool } = door;
  const challenge = currentChallenge(store, "MFA_SETUP", session);
  const user = userOf(door, challenge, given) ?? refuseSession();
  const { secret, isVerified } = challenge;
  if (secret === undefined || !isVerified) return refuseSession();
  const enabled = { ...user, totp: { secret, isEnabled: true } };
  store.put("user", pool.id, user.username, enabled);
  store.delete("challenge", "", challenge.id);
  return enabled;
}

/** The user of the challenge, if the answer is theirs and came through the same client. */
function userOf(
  { store, pool, client }: Door,
  challenge: { readonly clientId: string; readonly username: string },
  given: Parameters,
): User | undefined {
  const user = findUser(store, pool, required(given, "USERNAME"));
  const isTheirs = user?.username === challenge.username && client.id === challenge.clientId;
  return isTheirs ? user : undefined;
}

function refuseSession(): never {
  throw notAuthorized("Invalid session for the user.");
}

export function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (!value) throw invalidParameter(`Missing required parameter ${name}`);
  return value;
}
