/** The example that extends the app, on the embedded engines. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { check } from "../../../offline/check/check.ts";
import { evaluateStack } from "../../../offline/project.ts";
import { lookUp } from "../../../testing/stacks/records.ts";
import { Client, signIn } from "../start/client.ts";
import { copyOf, running } from "./project.ts";

let root: string;
beforeAll(() => {
  root = copyOf("extended-app");
});
afterAll(() => rmSync(root, { recursive: true }));

test("it passes the check, with the permissions and the maintenance of the app that it extends", async () => {
  const { outcome, failures } = await check({ root });
  expect({ outcome, failures }).toEqual({ outcome: "clean", failures: [] });
  const records = lookUp(await evaluateStack("dev", { root }));
  expect(records.all("Schedule")).toHaveLength(1);
  expect(records.one("Function").inputs.environment).toMatchObject({
    variables: { HISTORY: "dynamodb", MODELS: "embedded", NOTES_PER_PAGE: "20" },
  });
});

test("a chat calls its tool, which finds the notes of whoever asks and of nobody else", async () => {
  await running(root, async ({ tenants: [acme] }, dataDir) => {
    const ben = new Client(acme!.url, await signIn(acme!, "ben", dataDir));
    const admin = new Client(acme!.url, await signIn(acme!, "admin", dataDir));
    for (const text of ["Buy milk", "Call Eve"]) await ben.json("POST", "/notes", { text });
    const found = async (client: Client, input: object) => {
      const { id } = await client.json("POST", "/conversations", {});
      const content = `/tool find_notes ${JSON.stringify(input)}`;
      const { assistantMessage } = await client.json("POST", `/conversations/${id}/chat`, {
        content,
      });
      const isResult = ({ type }: { type: string }) => type === "tool-result";
      return assistantMessage.parts.find(isResult);
    };
    expect(await found(ben, { text: "MILK" })).toMatchObject({ output: ["Buy milk"] });
    expect(await found(admin, { text: "milk", user: "ben" })).toMatchObject({ output: [] });
    expect(await found(ben, { text: "" })).toMatchObject({
      isError: true,
      output: expect.stringMatching(/^The input is not valid\. text: /),
    });
  });
});

test("its own routes answer with sign-in, chats get its instructions, an erasure runs its hook, and an edit shows at the next request", async () => {
  const changes: string[] = [];
  const changed = async () => {
    for (let waited = 0; changes.length === 0; waited++) {
      if (waited > 300) throw new Error("no change was applied");
      await sleep(100);
    }
    return changes.shift();
  };
  await running(
    root,
    async ({ tenants: [acme] }, dataDir) => {
      expect((await new Client(acme!.url).send("GET", "/notes")).status).toBe(401);
      const client = new Client(acme!.url, await signIn(acme!, "ada", dataDir));
      const note = await client.json("POST", "/notes", { text: "Buy milk" });
      expect(await client.json("GET", "/notes")).toEqual({ items: [note] });
      const refused = await client.send("POST", "/notes", { text: "" });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ errors: [{ in: "body", pointer: "/text" }] });
      expect((await client.json("GET", "/openapi.json")).paths["/notes"].post.operationId).toBe(
        "addNote",
      );

      const { id } = await client.json("POST", "/conversations", { title: "Trip" });
      const told = await client.json("POST", `/conversations/${id}/chat`, { content: "/prompt" });
      expect(JSON.parse(told.assistantMessage.content).system).toMatch(/assistant of Acme/);

      const source = join(root, "src/notes.ts");
      const text = readFileSync(source, "utf8");
      writeFileSync(
        source,
        text.replace(
          "return c.json({ id, text }, 201)",
          'return c.json({ id, text: "edited" }, 201)',
        ),
      );
      expect(await changed()).toBe("src/notes.ts: the next request runs the new code");
      expect((await client.json("POST", "/notes", { text: "x" })).text).toBe("edited");
      writeFileSync(source, `${text}\nconst broken = ;\n`);
      expect(await changed()).toMatch(/src\/notes\.ts.*not applied/);
      expect((await client.json("POST", "/notes", { text: "x" })).text).toBe("edited");

      expect(await client.json("DELETE", "/me")).toMatchObject({ status: "complete" });
      expect(await client.json("GET", "/notes")).toEqual({ items: [] });
    },
    (line) => changes.push(line),
  );
});
