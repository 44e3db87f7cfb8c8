import { randomBytes, randomInt, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";
import { CognitoError } from "./errors.ts";
import { identityOf, verifierOf } from "./srp.ts";
import type { Pool, User } from "./store.ts";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);

/** Salted scrypt hash (RFC 7914, Node's default cost), in a form that carries its salt. */
async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, 32);
  return `scrypt:${salt.toString("base64")}:${hash.toString("base64")}`;
}

/** What is kept of a user's password. Its SRP verifier depends on the username too. */
export async function passwordOf(
  pool: Pool,
  username: string,
  password: string,
): Promise<Required<Pick<User, "password" | "srp">>> {
  return {
    password: await hashPassword(password),
    srp: verifierOf(identityOf(pool.id, username), password),
  };
}

export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, salt = "", hash = ""] = stored.split(":");
  const derived = await derive(password, Buffer.from(salt, "base64"), 32);
  return timingSafeEqual(derived, Buffer.from(hash, "base64"));
}

/** Defaults: API reference, PasswordPolicyType. A pool without a policy asks for eight characters. */
const policySchema = z.object({
  MinimumLength: z.number().default(8),
  RequireUppercase: z.boolean().default(false),
  RequireLowercase: z.boolean().default(false),
  RequireNumbers: z.boolean().default(false),
  RequireSymbols: z.boolean().default(false),
});

const policiesSchema = z.object({ PasswordPolicy: policySchema.optional() }).optional();

const symbols = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ";

const passwordPolicy = (pool: Pool) =>
  policiesSchema.parse(pool.settings.Policies)?.PasswordPolicy ?? policySchema.parse({});

/** @throws CognitoError `InvalidPasswordException`, worded as Cognito does. */
export function checkPasswordPolicy(pool: Pool, password: string): void {
  const policy = passwordPolicy(pool);
  const problem =
    (password.length < policy.MinimumLength && "Password not long enough") ||
    (policy.RequireLowercase &&
      !/[a-z]/.test(password) &&
      "Password must have lowercase characters") ||
    (policy.RequireUppercase &&
      !/[A-Z]/.test(password) &&
      "Password must have uppercase characters") ||
    (policy.RequireNumbers && !/\d/.test(password) && "Password must have numeric characters") ||
    (policy.RequireSymbols &&
      ![...password].some((character) => symbols.includes(character)) &&
      "Password must have symbol characters");
  if (problem) {
    const message = `Password did not conform with policy: ${problem}`;
    throw new CognitoError("InvalidPasswordException", message);
  }
}

/** A random password that meets every policy: no length above 99 can be asked for. */
export function generatePassword(length = 24): string {
  const classes = ["abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789", "!%*+-_"];
  const all = classes.join("");
  const pick = (alphabet: string) => alphabet.charAt(randomInt(alphabet.length));
  const rest = Array.from({ length: length - classes.length }, () => pick(all));
  return [...rest, ...classes.map(pick)].join("");
}
