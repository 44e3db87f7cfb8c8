/** `test/local/own-app/`: the example with an app of a team's own, on the embedded engines. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startEnvironment } from "../../../local/environment.ts";
import { check } from "../../../offline/check/check.ts";
import { evaluateStack } from "../../../offline/project.ts";
import { lookUp, statements } from "../../../testing/stacks/records.ts";
import { Client, signIn } from "../start/client.ts";

const repository = resolve(import.meta.dirname, "../../..");
let root: string;

beforeEach(() => {
  mkdirSync(join(repository, "dist"), { recursive: true });
  // In the repository, where the example finds its packages.
  root = mkdtempSync(join(repository, "dist/own-app-"));
  cpSync(join(repository, "examples/own-app"), root, { recursive: true });
  const library = join(root, "node_modules/chatstack");
  mkdirSync(library, { recursive: true });
  const manifest = { type: "module", exports: { "./components": "./components.js" } };
  writeFileSync(join(library, "package.json"), JSON.stringify(manifest));
  const source = JSON.stringify(join(repository, "components/index.ts"));
  writeFileSync(join(library, "components.js"), `export * from ${source};\n`);
});

afterEach(() => rmSync(root, { recursive: true }));

/** Runs the example for as long as `use` takes. */
async function running(use: (client: Client) => Promise<void>): Promise<void> {
  const dataDir = join(root, "data");
  const onCrash = (error: Error) => {
    throw error;
  };
  const environment = await startEnvironment({ stack: "dev", root, dataDir, port: 0, onCrash });
  try {
    const [acme] = environment.tenants;
    await use(new Client(acme!.url, await signIn(acme!, "ada", dataDir)));
  } finally {
    await environment.stop();
  }
}

test("the app answers with sign-in, from a bundle that is the same twice, and passes the check", async () => {
  const codeOf = async () => {
    const { inputs } = lookUp(await evaluateStack("dev", { root })).one("Function");
    const folder = String(Reflect.get(Object(Reflect.get(Object(inputs.code), "archive")), "path"));
    return { folder, code: readFileSync(join(folder, "index.mjs")) };
  };
  const first = await codeOf();
  rmSync(first.folder, { recursive: true });
  expect((await codeOf()).code.equals(first.code)).toBe(true);

  const { outcome, failures } = await check({ root });
  expect({ outcome, failures }).toEqual({ outcome: "clean", failures: [] });

  await running(async (client) => {
    expect(await client.json("GET", "/health")).toEqual({ status: "ok" });
    const note = await client.json("POST", "/notes", "Buy milk");
    expect(await client.json("GET", "/notes")).toEqual({ notes: [note] });
    expect(note.text).toBe("Buy milk");
  });
});

test("its role holds what the program gives it, and without a permission DynamoDB denies access", async () => {
  const file = join(root, "index.ts");
  const program = readFileSync(file, "utf8");
  writeFileSync(file, program.replace('"dynamodb:PutItem", ', ""));
  const records = lookUp(await evaluateStack("dev", { root }));
  const actions = statements(records.one("Policy").inputs.policy).flatMap(({ Action }) => Action);
  expect(actions.filter((action) => /^(dynamodb|s3):/.test(action))).toEqual(["dynamodb:Query"]);

  await running(async (client) => {
    const refused = await client.send("POST", "/notes", "Buy milk");
    expect([refused.status, await refused.json()]).toEqual([
      500,
      { error: "AccessDeniedException" },
    ]);
    expect(await client.json("GET", "/notes")).toEqual({ notes: [] });
  });
});
