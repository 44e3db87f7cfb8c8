/** `test/history/`: the store as a library, and what stands on it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, test } from "vitest";
import { startDynamoDB } from "../../local/dynamodb.ts";
import { createChatTable } from "../../testing/aws/table.ts";

const repository = resolve(import.meta.dirname, "../..");

/** The example's folder, in the repository, where it finds its packages; `chatstack/store` is these sources. */
function copyOfExample(): string {
  mkdirSync(join(repository, "dist"), { recursive: true });
  const root = mkdtempSync(join(repository, "dist/container-"));
  cpSync(join(repository, "examples/container"), root, { recursive: true });
  const library = join(root, "node_modules/chatstack");
  mkdirSync(library, { recursive: true });
  const source = join(repository, "history/index.ts");
  writeFileSync(join(library, "store.js"), `export * from ${JSON.stringify(source)};\n`);
  const manifest = { type: "module", exports: { "./store": "./store.js" } };
  writeFileSync(join(library, "package.json"), JSON.stringify(manifest));
  return root;
}

/** A user pool's keys behind an address, and tokens of it. */
async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const key = { ...(await exportJWK(publicKey)), kid: "1", alg: "RS256", use: "sig" };
  const server = createServer((_, response) => response.end(JSON.stringify({ keys: [key] })));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const issuer = `http://127.0.0.1:${address.port}`;
  const tokenOf = (sub: string, claims: object = {}, by = privateKey) =>
    new SignJWT({ sub, token_use: "access", client_id: "client", ...claims })
      .setProtectedHeader({ alg: "RS256", kid: "1" })
      .setIssuer(issuer)
      .setExpirationTime("5m")
      .sign(by);
  return { issuer, tokenOf, close: () => server.close() };
}

test("the container keeps each user's chats in DynamoDB, and takes no token but its app's", async () => {
  const root = copyOfExample();
  const [engine, { issuer, tokenOf, close }] = await Promise.all([startDynamoDB(), startIssuer()]);
  const child = spawn(process.execPath, ["src/server.ts"], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      TABLE_NAME: await createChatTable(engine.endpoint),
      ISSUER: issuer,
      CLIENT_ID: "client",
      PORT: "0",
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    },
  });
  try {
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const url = `http://127.0.0.1:${/\d+$/.exec(String(line))?.[0]}`;
    const send = async (token: string, method: string, path: string, body?: string) => {
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch(url + path, { method, headers, body });
      const text = await response.text();
      return { status: response.status, body: response.ok ? JSON.parse(text) : text };
    };
    const [ada, bob] = [await tokenOf("ada"), await tokenOf("bob")];
    const { id } = (await send(ada, "POST", "/chats", '{"title":"Trip"}')).body;
    expect((await send(ada, "POST", `/chats/${id}`, "Hello")).body.answer).toBe("You said: Hello");
    expect((await send(ada, "GET", "/chats")).body).toEqual([
      { id, title: "Trip", messageCount: 2 },
    ]);
    expect((await send(ada, "GET", `/chats/${id}`)).body).toEqual([
      { role: "user", content: "Hello" },
      { role: "assistant", content: "You said: Hello" },
    ]);
    expect((await send(bob, "GET", `/chats/${id}`)).status).toBe(404);
    const { privateKey } = await generateKeyPair("RS256");
    for (const token of [
      "",
      await tokenOf("ada", { token_use: "id" }),
      await tokenOf("ada", { client_id: "another" }),
      await tokenOf("ada", {}, privateKey),
    ]) {
      expect((await send(token, "GET", "/chats")).status).toBe(401);
    }
  } finally {
    const ended = once(child, "exit");
    child.kill();
    await ended;
    close();
    await engine.stop();
    rmSync(root, { recursive: true });
  }
});
