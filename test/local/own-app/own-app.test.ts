/** `test/local/own-app/`: the example with an app of a team's own, on the embedded engines. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { check } from "../../../offline/check/check.ts";
import { evaluateStack } from "../../../offline/project.ts";
import { lookUp, statements } from "../../../testing/stacks/records.ts";
import { Client, signIn } from "../start/client.ts";
import { copyOf, running } from "./project.ts";

let root: string;
beforeEach(() => {
  root = copyOf("own-app");
});
afterEach(() => rmSync(root, { recursive: true }));

/** What a signed-in user does with it. */
const asAda = (use: (client: Client) => Promise<void>) =>
  running(root, async ({ tenants: [acme] }, dataDir) =>
    use(new Client(acme!.url, await signIn(acme!, "ada", dataDir))),
  );

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

  await asAda(async (client) => {
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
  const policy = records.all("Policy").find(({ name }) => name === "api");
  const actions = statements(policy?.inputs.policy).flatMap(({ Action }) => Action);
  expect(actions.filter((action) => /^(dynamodb|s3):/.test(action))).toEqual(["dynamodb:Query"]);

  await asAda(async (client) => {
    const refused = await client.send("POST", "/notes", "Buy milk");
    expect([refused.status, await refused.json()]).toEqual([
      500,
      { error: "AccessDeniedException" },
    ]);
    expect(await client.json("GET", "/notes")).toEqual({ notes: [] });
  });
});

test("its schedule runs a moment after the start, and messages of a queue reach their handler, at most as often as they may", async () => {
  const app = join(root, "src/app.ts");
  const jobs = `
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
const QueueUrl = process.env.EVENT_QUEUES?.replace("jobs=", "");
const seen: string[] = [];
app.post("/jobs", async (c) => {
  const MessageBody = await c.req.text();
  await new SQSClient({}).send(new SendMessageCommand({ QueueUrl, MessageBody }));
  return c.json({}, 202);
});
app.get("/jobs", (c) => c.json(seen));
async function job({ body, delivery }: { body: string; delivery: number }) {
  seen.push(\`\${body} \${delivery}\`);
  if (body === "bad") throw new Error("bad");
}
`;
  writeFileSync(
    app,
    readFileSync(app, "utf8").replace(
      "export default { fetch: app.fetch,",
      `${jobs}\nexport default { fetch: app.fetch, queues: { jobs: job },`,
    ),
  );
  const file = join(root, "index.ts");
  writeFileSync(
    file,
    readFileSync(file, "utf8")
      .replace(
        "schedules: {",
        "queues: { jobs: { visibilitySeconds: 120, deliveries: 2 } },\n        schedules: {",
      )
      .replace(
        "permissions: [",
        "permissions: ({ queues }) => [\n        ...queues.jobs.grantSend(),",
      ),
  );
  const { outcome, failures, stacks } = await check({ root });
  expect({ outcome, failures, stacks }).toMatchObject({ outcome: "clean", failures: [] });
  await asAda(async (client) => {
    await client.json("POST", "/notes", "Buy milk");
    for (const body of ["good", "bad", "fine"]) await client.send("POST", "/jobs", body);
    await expect
      .poll(() => client.json("GET", "/jobs"), { timeout: 60_000 })
      .toEqual(expect.arrayContaining(["good 1", "bad 1", "fine 1"]));
    const log = join(root, "data/logs/api.log");
    await expect
      .poll(() => readFileSync(log, "utf8"), { timeout: 60_000 })
      .toContain('"users with notes","count":');
  });
});
