import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run, start, temporaryDataDir } from "../../../testing/processes/start.ts";

let scratch: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "chatstack-cli-"));
});
afterAll(() => rm(scratch, { recursive: true }));

/** Files and folders that other users of the machine may look into. */
function openToOthers(folder: string): string[] {
  const below = readdirSync(folder, { recursive: true, encoding: "utf8" });
  expect(below.length).toBeGreaterThan(10);
  const modes = ["", ...below].map((path) => [path, statSync(join(folder, path)).mode] as const);
  return modes.flatMap(([path, mode]) =>
    (mode & 0o077) === 0 ? [] : [`${path} ${(mode & 0o777).toString(8)}`],
  );
}

describe("chatstack", () => {
  it("shows its commands with an example", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("$ chatstack token acme admin");
  });

  it("exits with 2 on an option that it does not know", async () => {
    expect(await run(["start", "--colour", "red"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("unknown option '--colour'"),
    });
    expect((await run(["start", "--port", "many"])).code).toBe(2);
    expect((await run([])).code).toBe(2);
  });
});

describe("chatstack start", () => {
  it("says that it starts before it reads anything", async () => {
    const { code, stdout, stderr } = await run(["start"], { cwd: scratch });
    expect([code, stdout]).toEqual([2, "Starting the tenants of stack dev …\n"]);
    expect(stderr).toContain("Pulumi.yaml");
  });

  it("stops cleanly when asked, and finds its tenants again", async () => {
    const dataDir = await temporaryDataDir();
    mkdirSync(dataDir.path);
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      // As an earlier version left it.
      chmodSync(dataDir.path, 0o755);
      const { tenants, events, stop } = await start(dataDir.path);
      expect(tenants.map((tenant) => tenant.id)).toEqual(["acme", "globex"]);
      expect(tenants[0]).toEqual({
        id: "acme",
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/acme\/v1$/),
        region: "us-east-1",
        userPoolId: expect.stringMatching(/^us-east-1_\w{9}$/),
        clientId: expect.stringMatching(/^[0-9a-z]{26}$/),
        callbackUrls: [],
        users: [
          { username: "admin@acme.example", password: expect.any(String), groups: ["admins"] },
          { username: "ada@acme.example", password: expect.any(String), groups: [] },
          { username: "ben@acme.example", password: expect.any(String), groups: [] },
        ],
      });
      expect(new Set(events.map(({ event }) => event))).toEqual(new Set(["progress", "ready"]));
      expect(openToOthers(dataDir.path)).toEqual([]);
      expect(await stop(signal)).toEqual({ code: 0, signal: null });
    }
    await dataDir.remove();
  });

  it("refuses a data folder that another one runs on, and forgets with --reset what it kept", async () => {
    const dataDir = await temporaryDataDir();
    const first = await start(dataDir.path);
    const second = await run(["start", "--port", "0", "--data-dir", dataDir.path]);
    expect(second.code).toBe(2);
    expect(second.stderr).toContain(
      `in use by another \`chatstack start\` (process ${first.child.pid}`,
    );
    await first.stop("SIGTERM");

    const reset = await start(dataDir.path, ["--reset"]);
    expect(reset.tenants[0]!.userPoolId).not.toBe(first.tenants[0]!.userPoolId);
    await reset.stop("SIGTERM");
    await dataDir.remove();
  });

  it("says which port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await run(["start", "--port", String(port), "--data-dir", scratch]);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `chatstack: Port ${port} is taken: choose another with --port.\n`,
    });
    server.close();
  });

  it("touches no folder that is not its own", async () => {
    const foreign = join(scratch, "foreign");
    mkdirSync(foreign);
    writeFileSync(join(foreign, "thesis.tex"), "");
    const args = ["start", "--port", "0", "--reset", "--data-dir"];
    expect(await run([...args, foreign])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("holds files that are not chatstack's (thesis.tex"),
    });
    expect(await run([...args, "/dev/null/data"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "Data folder /dev/null/data cannot be used: /dev/null/data: found a file where",
      ),
    });
  });

  it("names the stack file, what was found and what is allowed", async () => {
    const args = ["start", "--port", "0", "--data-dir", join(scratch, "data")];
    const missing = await run([...args, "--stack", "nowhere"]);
    expect(missing.code).toBe(2);
    expect(missing.stderr).toMatch(/^chatstack: Pulumi\.nowhere\.yaml: no such stack file/);

    const project = join(scratch, "project");
    mkdirSync(project);
    const program = join(import.meta.dirname, "../../../stacks/index.ts");
    writeFileSync(
      join(project, "Pulumi.yaml"),
      `name: chatstack\nmain: ${program}\nruntime: nodejs\n`,
    );
    writeFileSync(
      join(project, "Pulumi.dev.yaml"),
      "config:\n  chatstack:environment: development\n  chatstack:tenants: [{ id: acme, tier: gold }]\n",
    );
    const bad = await run(args, { cwd: project });
    expect(bad.code).toBe(2);
    expect(bad.stderr).toContain(
      'Pulumi.dev.yaml: chatstack:tenants[0].tier: found "gold"; allowed: basic, standard, enterprise',
    );
    expect(bad.stderr).not.toContain("    at ");
  });
});

describe("chatstack token", () => {
  it("says so when nothing is running", async () => {
    const { code, stderr } = await run(["token", "acme", "admin", "--data-dir", scratch]);
    expect(code).toBe(2);
    expect(stderr).toContain("No environment is running on data folder");
  });

  it("prints a token and nothing else, and names what it knows instead of what it does not", async () => {
    const dataDir = await temporaryDataDir();
    const { stop } = await start(dataDir.path);
    const token = (tenant: string, user: string) =>
      run(["token", tenant, user, "--data-dir", dataDir.path]);
    expect((await token("acme", "admin")).stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect((await token("acme", "admin@acme.example")).code).toBe(0);
    expect((await token("initech", "admin")).stderr).toContain("there are acme, globex.");
    expect((await token("acme", "eve")).stderr).toContain("there are admin@acme.example, ada@");
    await stop("SIGTERM");
    await dataDir.remove();
  });
});
