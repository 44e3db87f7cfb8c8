import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { JWK } from "jose";
import type { Verifier } from "./srp.ts";

export interface Pool {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  /** Epoch seconds, as in Cognito's JSON. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Private RSA key that signs the pool's tokens. */
  readonly key: JWK;
  readonly tags: Readonly<Record<string, string>>;
  /** What the caller asked for, in the API's own words. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Client {
  readonly id: string;
  readonly poolId: string;
  readonly name: string;
  readonly secret?: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface Group {
  readonly poolId: string;
  readonly name: string;
  readonly description?: string;
  /** Lower wins (Cognito Developer Guide, "Assigning precedence values to groups"). */
  readonly precedence?: number;
  readonly createdAt: number;
}

export interface User {
  readonly poolId: string;
  readonly username: string;
  readonly status: "CONFIRMED" | "FORCE_CHANGE_PASSWORD";
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** Salted scrypt hash; absent until a password is set. */
  readonly password?: string;
  /** Of the same password; absent where an older version of this service has set it. */
  readonly srp?: Verifier;
  /** Secret of the user's authenticator app, in base32. */
  readonly totp?: { readonly secret: string; readonly isEnabled: boolean };
  /** Always holds `sub`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
}

/** One sign-in. Access tokens of it carry its id as `origin_jti`. */
export interface Session {
  /** SHA-256 of the refresh token: the token itself is never stored. */
  readonly id: string;
  readonly originJti: string;
  readonly poolId: string;
  readonly clientId: string;
  readonly username: string;
  /** Epoch seconds. */
  readonly signedInAt: number;
  readonly expiresAt: number;
  /** Of a sign-in through managed login; absent for the sign-in API's own scope. */
  readonly scope?: string;
}

/** An authorization code (RFC 6749, section 4.1.2), kept under its hash until it is used once. */
export interface AuthorizationCode {
  readonly clientId: string;
  readonly username: string;
  readonly redirectUri: string;
  readonly scope: string;
  readonly nonce?: string;
  /** S256 challenge of PKCE (RFC 7636). */
  readonly codeChallenge?: string;
  readonly expiresAt: number;
}

/** A browser that has signed in with managed login; its cookie's hash is the key. */
export interface Browser {
  readonly username: string;
  readonly expiresAt: number;
}

/** A sign-in that waits for the user's answer to a challenge. */
export type Challenge = {
  /** SHA-256 of the opaque `Session` that the caller hands back. */
  readonly id: string;
  readonly clientId: string;
  readonly username: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
} & ChallengeDetails;

export type ChallengeDetails =
  | { readonly name: "NEW_PASSWORD_REQUIRED" }
  | { readonly name: "SOFTWARE_TOKEN_MFA" }
  /** Both public keys and the server's private one, in hexadecimal. */
  | {
      readonly name: "PASSWORD_VERIFIER";
      readonly A: string;
      readonly B: string;
      readonly b: string;
    }
  /** `secret`: of the authenticator app that is being set up; `isVerified` once its code was right. */
  | { readonly name: "MFA_SETUP"; readonly secret?: string; readonly isVerified?: boolean };

interface Kinds {
  pool: Pool;
  client: Client;
  group: Group;
  user: User;
  session: Session;
  challenge: Challenge;
  code: AuthorizationCode;
  browser: Browser;
}

/**
 * Everything the embedded Cognito knows, in one SQLite file that only its owner can read. A write is
 * on the disk when it returns, so a `kill -9` loses nothing that was answered.
 */
export class CognitoStore {
  readonly #database: DatabaseSync;

  /** @param dataDir Folder of the file, created when missing; default: in memory. */
  constructor(dataDir?: string) {
    this.#database = new DatabaseSync(dataDir === undefined ? ":memory:" : privateFile(dataDir));
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      CREATE TABLE IF NOT EXISTS entity (
        kind TEXT NOT NULL, scope TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (kind, scope, id)
      ) WITHOUT ROWID, STRICT;`);
  }

  /** `scope` is the pool's id; pools and clients, which have ids of their own, live in `""`. */
  get<K extends keyof Kinds>(kind: K, scope: string, id: string): Kinds[K] | undefined {
    const row = this.#database
      .prepare("SELECT body FROM entity WHERE kind = ? AND scope = ? AND id = ?")
      .get(kind, scope, id);
    return row && parse<K>(row.body);
  }

  /** Ordered by id. */
  list<K extends keyof Kinds>(kind: K, scope: string): Kinds[K][] {
    return this.#database
      .prepare("SELECT body FROM entity WHERE kind = ? AND scope = ?")
      .all(kind, scope)
      .map((row) => parse<K>(row.body));
  }

  put<K extends keyof Kinds>(kind: K, scope: string, id: string, entity: Kinds[K]): void {
    this.#database
      .prepare("INSERT OR REPLACE INTO entity (kind, scope, id, body) VALUES (?, ?, ?, ?)")
      .run(kind, scope, id, JSON.stringify(entity));
  }

  delete(kind: keyof Kinds, scope: string, id: string): void {
    this.#database
      .prepare("DELETE FROM entity WHERE kind = ? AND scope = ? AND id = ?")
      .run(kind, scope, id);
  }

  close(): void {
    this.#database.close();
  }
}

function parse<K extends keyof Kinds>(body: unknown): Kinds[K] {
  return JSON.parse(String(body));
}

/** SQLite gives its journal files the mode of the database file. */
function privateFile(dataDir: string): string {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, "cognito.sqlite");
  closeSync(openSync(path, "a", 0o600));
  return path;
}
