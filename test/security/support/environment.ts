import { createPrivateKey, type KeyObject } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll } from "vitest";
import { DataDir } from "../../../local/data-dir.ts";
import { type Environment, startEnvironment, type Tenant } from "../../../local/environment.ts";
import { signIn } from "../../../local/sign-in.ts";
import { temporaryDataDir } from "../../../testing/processes/start.ts";

/** The dev stack on this machine, as `npm start` runs it, for the tests of one file. */
export class LocalTarget {
  #dataDir!: Awaited<ReturnType<typeof temporaryDataDir>>;
  #environment!: Environment;
  /** What the environment told whoever started it. */
  readonly told: string[] = [];

  static forThisFile(): LocalTarget {
    const target = new LocalTarget();
    beforeAll(() => target.#start());
    afterAll(() => target.#stop());
    return target;
  }

  async #start(): Promise<void> {
    this.#dataDir = await temporaryDataDir();
    this.#environment = await startEnvironment({
      stack: "dev",
      dataDir: this.#dataDir.path,
      port: 0,
      onProgress: (message) => this.told.push(message),
      onRequestFailure: (message) => this.told.push(message),
      onCrash: (error) => {
        throw error;
      },
    });
  }

  async #stop(): Promise<void> {
    await this.#environment.stop();
    await this.#dataDir.remove();
  }

  get dataDir(): string {
    return this.#dataDir.path;
  }

  tenant(id: string): Tenant {
    return this.#environment.tenants.find((tenant) => tenant.id === id)!;
  }

  get engines() {
    return new DataDir(this.#dataDir.path).running()!;
  }

  /** Access token of a test user, e.g. `ada`. */
  async token(tenantId: string, name: string): Promise<string> {
    const { users, ...tenant } = this.tenant(tenantId);
    const user = users.find(({ username }) => username.startsWith(`${name}@`))!;
    const { cognitoEndpoint } = this.engines;
    return signIn({ ...tenant, ...user, cognitoEndpoint });
  }

  /** The key that only the pool has: tokens signed with it pass every check of a signature. */
  poolKey(tenantId: string): { key: KeyObject; kid: string } {
    const store = new DatabaseSync(join(this.#dataDir.path, "cognito/cognito.sqlite"));
    const row = store
      .prepare("SELECT body FROM entity WHERE kind = 'pool' AND id = ?")
      .get(this.tenant(tenantId).userPoolId);
    store.close();
    const { key } = JSON.parse(String(row?.body));
    return { key: createPrivateKey({ key, format: "jwk" }), kid: key.kid };
  }

  /** Everything that the functions printed. */
  get logs(): string {
    const folder = join(this.#dataDir.path, "logs");
    return readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("");
  }
}
