import { Secret, TOTP } from "otpauth";
import { z } from "zod";
import { currentChallenge, renewChallenge } from "./challenges.ts";
import { CognitoError, invalidParameter } from "./errors.ts";
import { epochSeconds, type Operation, operation } from "./operation.ts";
import { existingPool } from "./pools.ts";
import type { CognitoStore, User } from "./store.ts";
import { authenticate } from "./tokens.ts";
import { existingUser } from "./users.ts";

const holder = { AccessToken: z.string().optional(), Session: z.string().optional() };

/** Second factors: an authenticator app (RFC 6238), set up when signed in or at the first sign-in. */
export const softwareTokenOperations: Readonly<Record<string, Operation>> = {
  AssociateSoftwareToken: operation(
    z.looseObject(holder),
    async ({ AccessToken, Session }, { store }) => {
      if (AccessToken === undefined) {
        const { secret, session } = beginSetup(store, Session);
        return { SecretCode: secret, Session: session };
      }
      const secret = newSecret();
      const { user } = await authenticate(store, AccessToken);
      put(store, { ...user, totp: { secret, isEnabled: false } });
      return { SecretCode: secret };
    },
  ),

  VerifySoftwareToken: operation(
    z.looseObject({ ...holder, UserCode: z.string() }),
    async ({ AccessToken, Session, UserCode }, { store }) => {
      if (AccessToken === undefined) {
        return { Status: "SUCCESS", Session: finishSetup(store, Session, UserCode) };
      }
      const { user } = await authenticate(store, AccessToken);
      requireCode(user.totp?.secret, UserCode);
      return { Status: "SUCCESS" };
    },
  ),

  SetUserMFAPreference: operation(
    z.looseObject({ AccessToken: z.string(), SoftwareTokenMfaSettings: settings() }),
    async ({ AccessToken, SoftwareTokenMfaSettings }, { store }) => {
      const { user } = await authenticate(store, AccessToken);
      return prefer(store, user, SoftwareTokenMfaSettings?.Enabled);
    },
  ),

  AdminSetUserMFAPreference: operation(
    z.looseObject({
      UserPoolId: z.string(),
      Username: z.string(),
      SoftwareTokenMfaSettings: settings(),
    }),
    ({ UserPoolId, Username, SoftwareTokenMfaSettings }, { store }) => {
      const user = existingUser(store, existingPool(store, UserPoolId), Username);
      return prefer(store, user, SoftwareTokenMfaSettings?.Enabled);
    },
  ),
};

/** For a user who signs in for the first time where the pool requires a second factor. */
export function beginSetup(store: CognitoStore, session: string | undefined) {
  const challenge = currentChallenge(store, "MFA_SETUP", session);
  const secret = newSecret();
  return { secret, session: renewChallenge(store, challenge, { secret }) };
}

/** @throws CognitoError where the app's code is wrong; the setup goes on then. */
export function finishSetup(store: CognitoStore, session: string | undefined, code: string) {
  const challenge = currentChallenge(store, "MFA_SETUP", session);
  requireCode(challenge.secret, code);
  return renewChallenge(store, challenge, { isVerified: true });
}

/** 160 bits, as RFC 4226 recommends. */
const newSecret = () => new Secret({ size: 20 }).base32;

function settings() {
  return z.object({ Enabled: z.boolean().default(false) }).optional();
}

function prefer(store: CognitoStore, user: User, isEnabled: boolean | undefined) {
  if (isEnabled === undefined) return {};
  if (isEnabled && user.totp === undefined) {
    throw invalidParameter("User has not verified software token mfa");
  }
  if (user.totp !== undefined) put(store, { ...user, totp: { ...user.totp, isEnabled } });
  return {};
}

function put(store: CognitoStore, user: User): void {
  store.put("user", user.poolId, user.username, { ...user, modifiedAt: epochSeconds() });
}

function requireCode(secret: string | undefined, code: string): void {
  if (secret !== undefined && isCurrentCode(secret, code)) return;
  throw new CognitoError("EnableSoftwareTokenMFAException", "Code mismatch");
}

/** Within a step of 30 seconds before and after, as clocks differ. */
export function isCurrentCode(secret: string, code: string): boolean {
  return codesOf(secret).validate({ token: code, window: 1 }) !== null;
}

/** The six digits that an authenticator app shows now. */
export const currentCode = (secret: string): string => codesOf(secret).generate();

const codesOf = (secret: string) => new TOTP({ secret: Secret.fromBase32(secret) });
