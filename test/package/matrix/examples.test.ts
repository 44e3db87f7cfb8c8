/** The examples on the packed package: each is evaluated and checked, and those with an API are started and asked. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { startDynamoDB } from "../../../local/dynamodb.ts";
import type { Tenant } from "../../../local/environment.ts";
import { createChatTable } from "../../../testing/aws/table.ts";
import { Client, signIn } from "../../local/start/client.ts";
import { examplesOf, root, run } from "../packed.ts";

const { home, tarball } = inject("packed");

describe.each(["esm", "commonjs"] as const)("as a program (%s)", (format) => {
  const project = join(home, format);
  // The last one's packages have declarations for today's compilers: the matrix leaves it out.
  const examples = [...examplesOf(format), ...(format === "esm" ? ["control-plane"] : [])];

  beforeAll(async () => {
    await mkdir(project);
    for (const example of examples) {
      await cp(join(root, "examples", example), join(project, example), { recursive: true });
      if (format === "esm") continue;
      const change = async (file: string, from: string, to: string) => {
        const path = join(project, example, file);
        await writeFile(path, (await readFile(path, "utf8")).replace(from, to));
      };
      await change("package.json", '"module"', '"commonjs"');
      await change("Pulumi.yaml", "main: index.ts", `main: ../bin/${example}/index.js`);
    }
    if (format === "esm") return;
    // As Pulumi's own TypeScript template has it.
    const compilerOptions = {
      ...{ strict: true, target: "es2024", types: ["node"], skipLibCheck: true },
      ...{ module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" },
      ...{ outDir: "bin", rootDir: "." },
    };
    await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    await run(project, process.execPath, join(root, "node_modules/typescript/bin/tsc"), "-p", ".");
  });

  test.each(examples)("%s passes the policy check", async (example) => {
    const chatstack = join(home, "node_modules/chatstack/bin/chatstack.js");
    const folder = join(project, example);
    const report = JSON.parse(await run(folder, process.execPath, chatstack, "check", "--json"));
    expect(report).toMatchObject({ outcome: "clean", failures: [] });
    expect(report.stacks[0].resources).toBeGreaterThan(1);
  });
});

describe("started by the documented command", () => {
  /** A checkout as the command needs it: the packed file, the examples and the command that starts them. */
  const checkout = join(home, "checkout");
  let install: string;

  beforeAll(async () => {
    await mkdir(checkout);
    await symlink(join(root, "bin"), join(checkout, "bin"));
    await cp(tarball, join(checkout, basename(tarball)));
    const page = await readFile(join(root, "docs/components/own-app.md"), "utf8");
    const [, documented = ""] = /^npm pack && (cd examples\/extended-app && .*)$/m.exec(page) ?? [];
    expect(documented).toMatch(/ && npm start$/);
    install = documented;
  });
  afterAll(() => rm(checkout, { recursive: true }));

  /** Runs the command for an example, with more options, for as long as `use` takes. */
  async function started(
    example: string,
    { args = "", env = {} }: { readonly args?: string; readonly env?: object },
    isReady: (line: string) => boolean,
    use: (line: string) => Promise<void>,
  ): Promise<void> {
    const folder = join(checkout, "examples", example);
    await cp(join(root, "examples", example), folder, { recursive: true });
    const command = install.replace("extended-app", example) + args;
    const child = spawn("sh", ["-c", command], {
      cwd: checkout,
      // As the other tests: npm has most of it in its cache.
      env: { ...process.env, npm_config_prefer_offline: "true", npm_config_audit: "false", ...env },
      stdio: ["ignore", "pipe", "inherit"],
      // npm starts the script through a shell: the signal is for all of them.
      detached: true,
    });
    const ended = once(child, "exit");
    try {
      for await (const line of createInterface(child.stdout)) {
        if (!isReady(line)) continue;
        await use(line);
        return;
      }
      throw new Error(`${command} ended before it was ready`);
    } finally {
      if (child.exitCode === null && child.pid) process.kill(-child.pid, "SIGTERM");
      await ended;
    }
  }

  const isEnvironment = (line: string) => line.startsWith('{"event":"ready"');

  /** Uses the API of a program's first tenant. */
  const asAda = (
    example: string,
    use: (client: Client, tenant: Tenant, token: string) => Promise<void>,
  ) =>
    started(example, { args: " -- --json --port 0" }, isEnvironment, async (line) => {
      const [tenant]: Tenant[] = JSON.parse(line).tenants;
      if (tenant === undefined) throw new Error(`${example} has no tenant`);
      const dataDir = join(checkout, "examples", example, ".chatstack");
      const token = await signIn(tenant, "ada", dataDir);
      await use(new Client(tenant.url, token), tenant, token);
    });

  test("extended-app answers at its own route", () =>
    asAda("extended-app", async (client) => {
      const note = await client.json("POST", "/notes", { text: "Buy milk" });
      expect(await client.json("GET", "/notes")).toEqual({ items: [note] });
    }));

  test("own-app answers at its own route", () =>
    asAda("own-app", async (client) => {
      const note = await client.json("POST", "/notes", "Buy milk");
      expect(await client.json("GET", "/notes")).toEqual({ notes: [note] });
    }));

  test("own-tenant answers as the chat app, and container takes the tokens of its users", () =>
    asAda("own-tenant", async (client, { clientId }, token) => {
      const { id } = await client.json("POST", "/conversations", { title: "Trip" });
      expect((await client.json("GET", `/conversations/${id}`)).title).toBe("Trip");
      const { iss = "" } = decodeJwt(token);
      const dataDir = join(checkout, "examples/own-tenant/.chatstack");
      const running = JSON.parse(await readFile(join(dataDir, "running.json"), "utf8"));
      const engine = await startDynamoDB();
      const env = {
        TABLE_NAME: await createChatTable(engine.endpoint),
        ISSUER: iss,
        CLIENT_ID: clientId,
        JWKS_URI: `${running.cognitoEndpoint}/${iss.split("/").at(-1)}/.well-known/jwks.json`,
        PORT: "0",
        AWS_REGION: "us-east-1",
        AWS_ACCESS_KEY_ID: "local",
        AWS_SECRET_ACCESS_KEY: "local",
        AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      };
      const isListening = (line: string) => line.startsWith("listening on ");
      await started("container", { env }, isListening, async (line) => {
        const url = `http://127.0.0.1:${line.split(" ").at(-1)}`;
        const headers = { authorization: `Bearer ${token}` };
        const chat = await fetch(`${url}/chats`, {
          method: "POST",
          headers,
          body: '{"title":"Trip"}',
        });
        expect(chat.status).toBe(201);
        expect((await fetch(`${url}/chats`)).status).toBe(401);
      });
      await engine.stop();
    }));
});
