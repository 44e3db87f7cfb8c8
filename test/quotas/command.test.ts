/** `chatstack quotas` with its options and files. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";
import { awsFile, Project } from "./project.ts";

const project = new Project();
afterAll(() => project.remove());
const quotas = (...args: readonly string[]) =>
  chatstackHere(["quotas", ...args], { cwd: project.root });

const json = z.object({
  version: z.literal(1),
  accounts: z.array(
    z.object({
      account: z.string().optional(),
      region: z.string(),
      stacks: z.array(z.string()),
      outcome: z.string(),
      first: z.object({
        code: z.string(),
        ends: z.object({ tenant: z.string().optional(), ordinal: z.number() }),
      }),
      quotas: z.array(
        z.object({ code: z.string(), asked: z.number(), limit: z.number(), elsewhere: z.number() }),
      ),
      unknown: z.array(z.string()),
    }),
  ),
});
const accounts = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await quotas(...args, "--json");
  expect(stdout, stderr).not.toBe("");
  return { code, accounts: json.parse(JSON.parse(stdout)).accounts };
};

beforeAll(() => {
  project.stack("one", 2, "standard");
  project.stack("two", 2, "standard", { "chatstack:apiGatewayAccount": "existing" });
  project.stack("far", 1, "basic", { "aws:region": "eu-west-1" });
});

test("counts stacks of one account and region together, and tells whose tenant is the one that ends it", async () => {
  const from = project.write("small.json", awsFile(190));
  const { code, accounts: all } = await accounts("-s", "one", "two", "--from", from);
  expect(code).toBe(1);
  expect(all).toMatchObject([
    {
      account: "123456789012",
      region: "us-east-1",
      stacks: ["one", "two"],
      outcome: "exceeded",
      first: { code: "L-B99A9384", ends: { tenant: "two/t2", ordinal: 4 } },
      unknown: ["L-548AE339"],
    },
  ]);
  expect(all[0]?.quotas.find(({ code }) => code === "L-B99A9384")).toEqual({
    code: "L-B99A9384",
    asked: 100,
    limit: 190,
    elsewhere: 0,
  });
}, 120_000);

test("keeps regions apart, counts one stack alone if asked, and exits with 0 where all fits", async () => {
  const { code, accounts: all } = await accounts();
  expect(code).toBe(0);
  expect(all.map(({ region, stacks }) => [region, stacks])).toEqual([
    ["eu-west-1", ["far"]],
    ["us-east-1", ["one", "two"]],
  ]);
  const alone = await accounts("--stack", "one");
  expect(alone.accounts).toMatchObject([
    { stacks: ["one"], first: { code: "L-B99A9384", ends: { ordinal: 37 } } },
  ]);
}, 120_000);

test("prints what to write into the config where the account's limits are not the defaults", async () => {
  const from = project.write("raised.json", awsFile(5_000));
  const { code, stdout } = await chatstack(["quotas", "--stack", "one", "--from", from], {
    cwd: project.root,
  });
  expect(code).toBe(0);
  expect(stdout).toContain("account 123456789012, us-east-1: one, 2 tenants");
  expect(stdout).toContain("config:\n  chatstack:quotas:\n    L-B99A9384: 5000");
  expect(stdout).toContain("note: not counted: L-548AE339");
}, 120_000);

test("refuses config that cannot be read, naming file, entry, what was found and what is allowed", async () => {
  project.stack("broken", 1, "basic", { "chatstack:quotas": { "L-B99A9384": "many" } });
  const { code, stderr } = await quotas("--stack", "broken");
  expect(code).toBe(2);
  expect(stderr).toContain(
    'Pulumi.broken.yaml: chatstack:quotas["L-B99A9384"]: found "many"; allowed: a whole number from 0 on',
  );
}, 120_000);

test("refuses stacks that say different things of one account", async () => {
  project.stack("other", 1, "basic", { "chatstack:quotas": { "L-B99A9384": 5_000 } });
  project.stack("another", 1, "basic", { "chatstack:quotas": { "L-B99A9384": 3_000 } });
  const { code, stderr } = await quotas("--stack", "other", "another");
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /Pulumi\.another\.yaml: chatstack:quotas\["L-B99A9384"\]: found 3000; allowed: 5000/,
  );
}, 120_000);

test("plan says what ends first, in text, Markdown and JSON", async () => {
  const plan = (...args: readonly string[]) =>
    chatstackHere(["plan", "--stack", "one", ...args], { cwd: project.root });
  expect((await plan("--depth", "0")).stdout).toContain(
    "First quota to run out: lambda L-B99A9384",
  );
  expect((await plan("--against", "two", "--markdown")).stdout).toContain("**Quotas**");
  const { stdout } = await plan("--json");
  expect(JSON.parse(stdout).quotas).toMatchObject({
    outcome: "fits",
    first: { code: "L-B99A9384" },
  });
}, 120_000);
