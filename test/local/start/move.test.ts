/** A tenant moves between two cells, which are two embedded environments, while its users write. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { change } from "../../../cli/actions/tenant.ts";
import { type Environment, startEnvironment, type Tenant } from "../../../local/environment.ts";
import { connect } from "../../../local/provider/clients.ts";
import { findBucket } from "../../../operations/aws/find-bucket.ts";
import { findTable } from "../../../operations/aws/find-table.ts";
import type { Copied } from "../../../operations/move/copy-move.ts";
import { type MoveReport, moveTenant } from "../../../operations/move/move.ts";
import type { MoveStacks } from "../../../operations/move/stacks.ts";
import { engineConfig } from "../../../testing/aws/table.ts";
import { Client, signIn } from "./client.ts";

const repository = resolve(import.meta.dirname, "../../..");
vi.setConfig({ hookTimeout: 600_000 });

const root = mkdtempSync(join(tmpdir(), "chatstack-move-"));
const messages = 1_000;

/** A cell as the stack's file says it at its last deployment. */
class EmbeddedCell {
  readonly #stack: string;
  readonly dataDir: string;
  #environment: Environment | undefined;
  /** What the file said at the last deployment. */
  #applied = "";

  constructor(stack: string) {
    this.#stack = stack;
    this.dataDir = join(root, `data-${stack}`);
  }

  get #file(): string {
    return readFileSync(join(root, `Pulumi.${this.#stack}.yaml`), "utf8");
  }

  /** As `pulumi up`: the environment watches the file, and takes it over while it runs. */
  async up(): Promise<void> {
    if (this.#environment === undefined) await this.#start();
    while (this.#applied !== this.#file) await new Promise((done) => setTimeout(done, 20));
  }

  async #start(): Promise<void> {
    const fail = (error: Error) => {
      throw error;
    };
    const text = this.#file;
    this.#environment = await startEnvironment({
      ...{ stack: this.#stack, root, dataDir: this.dataDir, port: 0, onCrash: fail },
      onChange: (line, outcome) => {
        if (outcome === "failed") throw new Error(line);
        this.#applied = this.#file;
      },
    });
    this.#applied = text;
  }

  async stop(): Promise<void> {
    await this.#environment?.stop();
    this.#environment = undefined;
  }

  get environment(): Environment {
    if (this.#environment === undefined) throw new Error(`${this.#stack} is not up`);
    return this.#environment;
  }

  tenant(id: string): Tenant | undefined {
    return this.#environment?.tenants.find((one) => one.id === id);
  }

  get aws() {
    const { endpoints } = this.environment;
    return connect(endpoints, "us-east-1");
  }
}

const cells = { one: new EmbeddedCell("one"), two: new EmbeddedCell("two") };
const cell = (stack: string): EmbeddedCell => (stack === "one" ? cells.one : cells.two);

const stacks: MoveStacks = {
  up: (stack) => cell(stack).up(),
  async dataOf(stack, tenant) {
    const { aws, environment } = cell(stack);
    return {
      table: {
        client: documentClient(engineConfig(environment.endpoints.dynamodb)),
        tableName: await findTable(aws.dynamodb, tenant),
      },
      bucket: {
        client: aws.s3,
        name: (await findBucket(aws.s3, tenant, `${tenant}-documents`)) ?? "",
      },
      pool: { client: aws.cognito, id: cell(stack).tenant(tenant)?.userPoolId ?? "" },
    };
  },
  urnOf: () => Promise.reject(new Error("no state here")),
  moveState: () => Promise.reject(new Error("no state here")),
  forget: () => Promise.reject(new Error("no state here")),
};

beforeAll(async () => {
  const main = join(repository, "stacks/index.ts");
  writeFileSync(join(root, "Pulumi.yaml"), JSON.stringify({ name: "chatstack", main }));
  const dev = readFileSync(join(repository, "Pulumi.dev.yaml"), "utf8");
  const file = (account: string, tenants: string) =>
    dev
      .replace("config:\n", `config:\n  aws:allowedAccountIds: ["${account}"]\n`)
      .replace(/( {2}chatstack:tenants:\n)[\s\S]*/, `$1${tenants}`);
  const [acme, globex, initech] = ["acme", "globex", "initech"].map(
    (id) => `    - id: ${id}\n      tier: basic\n`,
  );
  writeFileSync(join(root, "Pulumi.one.yaml"), file("111122223333", `${acme}${globex}`));
  writeFileSync(join(root, "Pulumi.two.yaml"), file("444455556666", `${initech}`));
  await Promise.all(Object.values(cells).map((one) => one.up()));
});
afterAll(async () => {
  await Promise.all(Object.values(cells).map((one) => one.stop()));
  rmSync(root, { recursive: true });
});

/** Signs a user in where a cell serves the tenant; undefined while it does not. */
async function clientIn(stack: string): Promise<Client | undefined> {
  const { dataDir } = cell(stack);
  const tenant = cell(stack).tenant("acme");
  if (tenant === undefined) return undefined;
  return new Client(tenant.url, await signIn(tenant, "ada", dataDir));
}

it("1,000 messages that are written meanwhile arrive once each, and the time without writes is told", async () => {
  let client = await clientIn("one");
  const conversation = await client!.json("POST", "/conversations", { title: "On the way" });
  await client!.json("PUT", "/me", { name: "Ada", email: null, preferences: {} });

  // A user who goes on: what is refused or not answered is sent again, as the client does, to where the tenant is served.
  const refused = new Set<string>();
  let written = 0;
  const copies: Copied[] = [];
  let moving = true;
  const deadline = Date.now() + 1_200_000;
  const write = async () => {
    for (let n = 1; n <= messages; n++) {
      // The move is over before the last ones, and some are written in the new cell.
      while (moving && n > messages - 10 && Date.now() < deadline)
        await new Promise((done) => setTimeout(done, 50));
      for (;;) {
        const status = await client!
          .send(
            "POST",
            `/conversations/${conversation.id}/messages`,
            { role: "user", content: `message ${n}` },
            { "idempotency-key": `n-${n}` },
          )
          .then((response) => response.status)
          .catch(() => 0);
        if (status === 201 || status === 200) break;
        refused.add(String(status));
        if (Date.now() > deadline) throw new Error(`message ${n}: not taken (${[...refused]})`);
        await new Promise((done) => setTimeout(done, 100));
        client =
          (await Promise.resolve()
            .then(async () => (await clientIn("two")) ?? (await clientIn("one")))
            .catch(() => undefined)) ?? client;
      }
      written = n;
    }
  };
  const writer = write();
  writer.catch(() => {});
  while (written < 50 && Date.now() < deadline) await new Promise((done) => setTimeout(done, 20));

  const asked = {
    ...{ root, tenant: "acme", from: "one", to: "two" },
    ...{ readOnlyAtMost: 300, settleSeconds: 1, onProgress: () => {} },
    onCopied: (copied: Copied) => copies.push(copied),
  };
  const shown = await moveTenant({ ...asked, dryRun: true }, stacks);
  expect(shown).toMatchObject({ kind: "copy", outcome: "dry-run", refusals: [] });
  expect(readFileSync(join(root, "Pulumi.two.yaml"), "utf8")).not.toContain("acme");

  const report: MoveReport = await moveTenant({ ...asked, dryRun: false }, stacks);
  moving = false;
  await writer;

  expect(report.outcome).toBe("moved");
  expect(report.copied?.items).toMatchObject({ written: 0, deleted: 0 });
  expect(copies[0]?.items.written).toBeGreaterThan(50);
  const there = await clientIn("two");
  const items = await there!.all(`/conversations/${conversation.id}/messages`, 100);
  const sorted = items.toSorted((a, b) => a.sequence - b.sequence);
  expect(sorted.map(({ content }) => content)).toEqual(
    Array.from({ length: messages }, (_, at) => `message ${at + 1}`),
  );
  expect(sorted.map(({ sequence }) => sequence)).toEqual(items.map((_, at) => at + 1));
  expect(await there!.json("GET", "/me")).toMatchObject({ name: "Ada" });
  // Written in both cells, and refused in between.
  expect(refused.size).toBeGreaterThan(0);
  const old = cells.one.tenant("acme")!;
  expect((await fetch(`${old.url}/conversations`)).status).toBeGreaterThanOrEqual(400);
  expect(readFileSync(join(root, "Pulumi.one.yaml"), "utf8")).toContain(
    "state: suspended\n      servedBy: two\n",
  );
  const resumed = await change("acme", { root, stack: "one" }, "resume");
  expect([resumed.code, resumed.stderr]).toEqual([
    1,
    expect.stringContaining("two serves its users"),
  ]);
  expect(readFileSync(join(root, "Pulumi.two.yaml"), "utf8")).toMatch(
    /- id: acme\n {6}tier: basic\n?$/,
  );
  process.stdout.write(
    `read-only time: ${report.readOnlySeconds} s; ${copies.length} readings, the last in ${report.copied?.seconds} s\n`,
  );
}, 1_300_000);
