/** `local/cognito/`: an embedded Cognito: pools, users, sign-in and signed tokens. */

import { z } from "zod";
import { notAuthorized } from "./errors.ts";
import { epochSeconds } from "./operation.ts";
import type { Challenge, ChallengeDetails, Client, CognitoStore } from "./store.ts";
import { newSecret, secretId } from "./tokens.ts";

/**
 * Keeps what a sign-in waits for. Returns the opaque value that the client hands back with its
 * answer; it is good for the client's `AuthSessionValidity`, three minutes by default.
 */
export function openChallenge(
  store: CognitoStore,
  client: Client,
  username: string,
  details: ChallengeDetails,
): string {
  const { secret, id } = newSecret();
  const minutes = z.number().default(3).parse(client.settings.AuthSessionValidity);
  const expiresAt = epochSeconds() + minutes * 60;
  const challenge = { ...details, id, clientId: client.id, username, expiresAt };
  store.put("challenge", "", id, challenge);
  return secret;
}

/** @throws CognitoError `NotAuthorizedException` where the sign-in waits for something else, or no longer. */
export function currentChallenge<Name extends Challenge["name"]>(
  store: CognitoStore,
  name: Name,
  secret: string | undefined,
) {
  const challenge = store.get("challenge", "", secretId(secret ?? ""));
  if (challenge === undefined || challenge.expiresAt <= epochSeconds() || !isOf(challenge, name)) {
    throw notAuthorized("Invalid session for the user.");
  }
  return challenge;
}

/** The same challenge under a new opaque value, with what has been done of it. */
export function renewChallenge<C extends Challenge>(
  store: CognitoStore,
  challenge: C,
  done: Partial<C>,
): string {
  const { secret, id } = newSecret();
  store.delete("challenge", "", challenge.id);
  store.put("challenge", "", id, { ...challenge, ...done, id });
  return secret;
}

function isOf<Name extends Challenge["name"]>(
  challenge: Challenge,
  name: Name,
): challenge is Extract<Challenge, { readonly name: Name }> {
  return challenge.name === name;
}
