import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { type EngineCommand, startEngine } from "../../local/engine.ts";

/** Windows has no shell for it. */
const leashes = (["shell", "node"] as const).filter(
  (one) => one === "node" || process.platform !== "win32",
);

describe.each(leashes)("an engine that %s holds on to", (leash) => {
  /** Ends when it is asked for `/exit`. */
  const engine = (script: string, onCrash: (error: Error) => void = () => {}): EngineCommand => ({
    leash,
    name: "Test engine",
    command: process.execPath,
    args: (port) => ["-e", script, String(port)],
    answers: async (endpoint) => (await fetch(endpoint)).ok,
    startSeconds: 20,
    onCrash,
  });

  const server = `require("node:http").createServer((request, response) => {
  response.end("ok");
  if (request.url === "/exit") { console.error("out of order"); setImmediate(() => process.exit(3)); }
}).listen(process.argv[1], "127.0.0.1")`;

  it("is reported with its last words when it ends by itself", async () => {
    const crashed = Promise.withResolvers<Error>();
    const { endpoint, stop } = await startEngine(engine(server, crashed.resolve));
    await fetch(`${endpoint}/exit`).catch(() => {});
    const message = "Test engine ended (exit code 3). out of order";
    expect(await crashed.promise).toMatchObject({ message });
    await stop();
  });

  it("is not reported when it is stopped", async () => {
    const crashes: Error[] = [];
    const { endpoint, stop } = await startEngine(engine(server, (error) => crashes.push(error)));
    await stop();
    await stop();
    await expect(fetch(endpoint)).rejects.toThrow();
    expect(crashes).toEqual([]);
  });

  it("fails to start with what it said", async () => {
    const failing = engine('console.error("no licence"); process.exit(1)');
    await expect(startEngine(failing)).rejects.toThrow(
      "Test engine ended (exit code 1). no licence",
    );
    const missing = { ...engine(server), command: "/no/such/engine" };
    await expect(startEngine(missing)).rejects.toThrow(/exit code 127.*(not found|ENOENT)/s);
  });

  it("does not outlive a killed parent", async () => {
    const module = new URL("../../local/engine.ts", import.meta.url).href;
    const script = `const { startEngine } = await import(${JSON.stringify(module)});
      const { endpoint } = await startEngine({
        ...${JSON.stringify({ ...engine(server) })},
        args: (port) => ["-e", ${JSON.stringify(server)}, String(port)],
        answers: async (endpoint) => (await fetch(endpoint)).ok,
      });
      console.log(endpoint); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [endpoint] = await once(createInterface(parent.stdout), "line");
    expect((await fetch(endpoint)).ok).toBe(true);
    parent.kill("SIGKILL");
    const answers = () =>
      fetch(endpoint).then(
        () => true,
        () => false,
      );
    await expect.poll(answers, { timeout: 10_000 }).toBe(false);
  });
});
