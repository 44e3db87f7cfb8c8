/** What changes on disk is applied to an environment while it runs. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, type Started, start } from "../../../testing/processes/start.ts";

const repository = resolve(import.meta.dirname, "../../..");
const checkout = mkdtempSync(join(tmpdir(), "watch-"));
const stackFile = join(checkout, "Pulumi.dev.yaml");
let started: Started;
let changes: AsyncIterator<string>;

beforeAll(async () => {
  const folders = [
    "app",
    "bin",
    "cli",
    "client",
    "components",
    "examples",
    "local",
    "offline",
    "operations",
    "policies",
  ];
  for (const name of [...folders, "stacks", "package.json", "Pulumi.yaml", "Pulumi.dev.yaml"]) {
    cpSync(join(repository, name), join(checkout, name), { recursive: true });
  }
  mkdirSync(join(checkout, "dist"));
  symlinkSync(join(repository, "node_modules"), join(checkout, "node_modules"));
  started = await start(join(checkout, "data"), [], { checkout });
  changes = createInterface(started.child.stdout ?? process.stdin)[Symbol.asyncIterator]();
});
afterAll(async () => {
  await started.stop("SIGINT");
  rmSync(checkout, { recursive: true });
});

/** The next line about a change. */
async function changed(): Promise<{ outcome: string; message: string }> {
  for (;;) {
    const { value, done } = await changes.next();
    if (done) throw new Error("the environment ended");
    const event = JSON.parse(value);
    if (event.event === "changed") return event;
  }
}

const acme = () => started.tenants[0]?.url ?? "";
const health = (url: string) => fetch(`${url}/health`);
const urlOf = (tenant: string) => acme().replace("/acme/", `/${tenant}/`);

test("a tenant that another terminal adds is served, and one that it removes is not", async () => {
  expect((await health(urlOf("initech"))).status).toBe(404);
  const { code, stderr } = await run(["tenant", "add", "initech", "-t", "basic"], { checkout });
  expect(stderr).not.toContain("chatstack:");
  expect(code).toBe(0);
  expect(await changed()).toMatchObject({
    outcome: "applied",
    message: `Pulumi.dev.yaml: added initech at ${urlOf("initech")}`,
  });
  expect((await health(urlOf("initech"))).status).toBe(200);
  const token = await run(["token", "initech", "admin", "--data-dir", join(checkout, "data")], {
    checkout,
  });
  expect(token).toMatchObject({ code: 0 });

  writeFileSync(stackFile, readFileSync(stackFile, "utf8").replace(/ +- id: globex\n.*\n/, ""));
  expect((await changed()).message).toContain("globex is no longer served (its data stays)");
  expect((await health(urlOf("globex"))).status).toBe(404);
  expect((await health(acme())).status).toBe(200);
});

test("a setting that is refused leaves all as it was, and is told", async () => {
  const before = readFileSync(stackFile, "utf8");
  writeFileSync(stackFile, before.replace("tier: standard", "tier: gold"));
  const { outcome, message } = await changed();
  expect(outcome).toBe("failed");
  expect(message).toContain('found "gold"; allowed: basic, standard, enterprise');
  expect((await health(acme())).status).toBe(200);
  writeFileSync(stackFile, before.replace("tier: standard", "tier: enterprise"));
  expect((await changed()).outcome).toBe("applied");
  expect((await health(acme())).status).toBe(200);
});

test("an edit of the app shows at the next request, a broken one does not", async () => {
  const route = join(checkout, "app/routes/service.ts");
  const source = readFileSync(route, "utf8");
  writeFileSync(route, source.replace('status: "ok"', 'status: "edited" as "ok"'));
  expect(await changed()).toMatchObject({ outcome: "applied" });
  expect(await (await health(acme())).json()).toMatchObject({ status: "edited" });
  writeFileSync(route, `${source}\nconst broken = ;\n`);
  const { outcome, message } = await changed();
  expect(outcome).toBe("failed");
  expect(message).toContain("app/routes/service.ts");
  expect(await (await health(acme())).json()).toMatchObject({ status: "edited" });
});
