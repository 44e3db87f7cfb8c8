import { join } from "node:path";
import { ListBucketsCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createClient, result } from "../../../client/index.ts";
import { DataDir } from "../../../local/data-dir.ts";
import { localCredentials } from "../../../local/provider/clients.ts";
import { run, type Started, start, temporaryDataDir } from "../../../testing/processes/start.ts";
import { signIn } from "./client.ts";

let dataDir: Awaited<ReturnType<typeof temporaryDataDir>>;
let environment: Started;
beforeAll(async () => {
  dataDir = await temporaryDataDir();
  environment = await start(dataDir.path);
});
afterAll(async () => {
  await environment.stop("SIGTERM");
  await dataDir.remove();
});

it("C: chatstack migrate moves a running tenant into PostgreSQL, and only that tenant, and follows it", async () => {
  const append = new Map<string, (content: string) => Promise<unknown>>();
  for (const { id, url, ...tenant } of environment.tenants) {
    const token = await signIn({ id, url, ...tenant }, "ada", dataDir.path);
    const api = createClient({ url, token: () => token });
    const { id: conversation } = await result(
      api.POST("/conversations", { body: { title: `Of ${id}` } }),
    );
    const params = { path: { id: conversation } };
    const to = (content: string) =>
      result(api.POST("/conversations/{id}/messages", { params, body: { role: "user", content } }));
    append.set(id, to);
    for (const content of ["one", "two"]) await to(content);
  }
  const folder = join(dataDir.path, "../postgres");
  const options = ["--data-dir", dataDir.path, "--pglite", folder];
  const migrated = await run(["migrate", "acme", "--until-equal", "--json", ...options]);
  expect(migrated.stderr).toBe("");
  const outcome = JSON.parse(migrated.stdout.trim().split("\n").at(-1)!);
  expect(outcome).toMatchObject({ event: "result", verified: true, resumed: false });
  expect(outcome.tables[2]).toMatchObject({ table: "messages", source: 2, target: 2 });
  expect(migrated.code).toBe(0);

  await append.get("acme")!("three");
  const followed = await run(["migrate", "acme", "--follow", "--json", ...options], {
    onOutput: (stdout, child) => {
      if (!child.killed && /"changes":[1-9]/.test(stdout)) child.kill("SIGINT");
    },
  });
  expect([followed.code, followed.stderr]).toEqual([0, ""]);
  const database = new PGlite(folder);
  const { rows } = await database.query("SELECT title, message_count::int FROM acme.conversations");
  expect(rows).toEqual([{ title: "Of acme", message_count: 3 }]);
  await database.close();
});

it("says what is missing or wrong about its options", async () => {
  const here = ["--data-dir", dataDir.path];
  const neither = await run(["migrate", "acme", ...here]);
  expect([neither.code, neither.stderr]).toEqual([2, expect.stringContaining("--pglite <folder>")]);
  const elsewhere = await run(["migrate", "acme", ...here, "--to", "mysql://host/db"]);
  expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining("postgres://")]);
  const unknown = await run([
    "migrate",
    "initech",
    ...here,
    "--pglite",
    join(dataDir.path, "../p"),
  ]);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("acme, globex")]);
});

it("C: copies a history that lies in the bucket", async () => {
  const { s3Endpoint, region } = new DataDir(dataDir.path).running()!;
  const s3 = new S3Client({
    endpoint: s3Endpoint,
    region,
    forcePathStyle: true,
    credentials: localCredentials(),
  });
  const { Buckets = [] } = await s3.send(new ListBucketsCommand());
  const Bucket = Buckets.map(({ Name }) => Name).find((name) => name?.startsWith("globex-"))!;
  await s3.send(new PutObjectCommand({ Bucket, Key: "history/somebody/chat.json", Body: "{}" }));
  s3.destroy();

  const folder = join(dataDir.path, "../history");
  const options = ["--data-dir", dataDir.path, "--pglite", folder, "--bucket", Bucket];
  const { code, stdout } = await run(["migrate", "globex", ...options]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/other_items +1 +1 [\s\S]*Verified/)]);
  expect(stdout).not.toContain("somebody");
});
