/** `local/`: embedded AWS on this machine, which `chatstack start` runs a stack on. */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { fileFault } from "../offline/files/files.ts";
import { tryLock } from "../offline/files/lock.ts";
import { UsageError } from "../offline/usage-error.ts";

/** What other commands need to know of a running environment. */
const runningSchema = z.object({
  pid: z.number(),
  /** Address of the chat page, with what lets it sign test users in. */
  page: z.string(),
  region: z.string(),
  cognitoEndpoint: z.string(),
  dynamodbEndpoint: z.string(),
  s3Endpoint: z.string(),
  tenants: z.array(
    z.object({ id: z.string(), url: z.string(), userPoolId: z.string(), clientId: z.string() }),
  ),
});

const accountsSchema = z.record(
  z.string(),
  z.object({
    /** A pool made anew has none of these users. */
    userPoolId: z.string(),
    seeded: z.boolean(),
    users: z.array(
      z.object({
        username: z.string(),
        password: z.string(),
        groups: z.array(z.string()),
        /** Of the authenticator app, once the user has signed in where the pool requires one. */
        totpSecret: z.string().optional(),
      }),
    ),
  }),
);

export type Running = z.infer<typeof runningSchema>;

/** Test users by tenant. */
export type Accounts = z.infer<typeof accountsSchema>;

const marker = "chatstack-data.txt";
const markerText =
  "Local data of chatstack. `chatstack start --reset` deletes what chatstack made here.\n";

/** Everything below the folder that is ours to delete. */
const entries = {
  dynamodb: "dynamodb",
  s3: "s3",
  cognito: "cognito",
  logs: "logs",
  running: "running.json",
  accounts: "accounts.json",
} as const;

/** The folder that a local environment keeps its data in. */
export class DataDir {
  readonly path: string;
  #lock: DatabaseSync | undefined;

  constructor(path: string) {
    this.path = resolve(path);
  }

  /**
   * Makes the folder if need be and claims it for this process, until `release` or the end of the
   * process, however that comes.
   *
   * @throws UsageError when it is not ours, cannot be written or belongs to a running environment.
   */
  claim(options: { readonly reset?: boolean } = {}): void {
    try {
      this.#prepare();
      this.#lock = tryLock(join(this.path, "lock.sqlite"), claimMilliseconds);
    } catch (error) {
      if (error instanceof UsageError) throw error;
      const reason = fileFault(error, "write") ?? (error instanceof Error ? error.message : error);
      throw new UsageError(
        `Data folder ${this.path} cannot be used: ${reason}. Name a folder of yours with --data-dir.`,
      );
    }
    if (this.#lock === undefined) {
      const { pid, tenants } = this.#read(entries.running, runningSchema) ?? {};
      const who = pid === undefined ? "" : ` (process ${pid}, ${tenants?.[0]?.url ?? "starting"})`;
      throw new UsageError(
        `Data folder ${this.path} is in use by another \`chatstack start\`${who}. ` +
          "Stop that one, or choose another --data-dir.",
      );
    }
    if (options.reset) {
      for (const entry of Object.values(entries)) {
        rmSync(join(this.path, entry), { recursive: true, force: true });
      }
    }
  }

  release(): void {
    rmSync(join(this.path, entries.running), { force: true });
    this.#lock?.close();
    this.#lock = undefined;
  }

  folder(name: "dynamodb" | "s3" | "cognito" | "logs"): string {
    const folder = join(this.path, entries[name]);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  saveRunning(running: Running): void {
    this.#write(entries.running, running);
  }

  /** The environment that runs on this folder now, if there is one. */
  running(): Running | undefined {
    if (!existsSync(join(this.path, marker))) return undefined;
    const free = tryLock(join(this.path, "lock.sqlite"), 0);
    free?.close();
    return free ? undefined : this.#read(entries.running, runningSchema);
  }

  saveAccounts(accounts: Accounts): void {
    this.#write(entries.accounts, accounts);
  }

  accounts(): Accounts {
    return this.#read(entries.accounts, accountsSchema) ?? {};
  }

  #prepare(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    // `chatstack fleet` keeps its journals in the same place.
    const found = readdirSync(this.path).filter((name) => name !== "fleet");
    // SQLite and the engines would begin on what they may only read, and fail later.
    const own = [this.path, ...Object.values(entries).map((name) => join(this.path, name))];
    for (const path of own.filter(existsSync)) accessSync(path, constants.W_OK);
    if (!found.includes(marker) && found.length > 0) {
      throw new UsageError(
        `Data folder ${this.path} holds files that are not chatstack's (${found[0]} …). ` +
          "Name an empty or a new folder with --data-dir.",
      );
    }
    // Folders of earlier versions were open to all users of the machine.
    chmodSync(this.path, 0o700);
    if (!found.includes(marker)) {
      writeFileSync(join(this.path, marker), markerText, { mode: 0o600 });
    }
  }

  #read<Schema extends z.ZodType>(name: string, schema: Schema): z.output<Schema> | undefined {
    const path = join(this.path, name);
    return existsSync(path) ? schema.parse(JSON.parse(readFileSync(path, "utf8"))) : undefined;
  }

  /** Whole or not at all, and for its owner's eyes only. */
  #write(name: string, content: object): void {
    const path = join(this.path, name);
    writeFileSync(`${path}.new`, `${JSON.stringify(content, null, 2)}\n`, {
      mode: 0o600,
      flush: true,
    });
    renameSync(`${path}.new`, path);
  }
}

/** An environment that was just killed may take a moment to be gone. */
const claimMilliseconds = 2000;
