/** The command with its options and files; as a process of its own, once. */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { z } from "zod";
import { cost, documents, fillBlocks } from "../../scripts/blocks.ts";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "cost-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const report = z.object({
  version: z.literal(1),
  reports: z.array(
    z.object({
      total: z.string(),
      scenario: z.string().optional(),
      tenants: z.array(
        z.object({
          tenant: z.string(),
          total: z.string(),
          usage: z.record(z.string(), z.unknown()),
          lines: z.array(z.object({ service: z.string(), amount: z.string() })),
        }),
      ),
    }),
  ),
});

async function reports(...args: readonly string[]) {
  const { text, code } = await cost([...args, "--json"]);
  expect(code).toBe(0);
  return report.parse(JSON.parse(text)).reports;
}

test.each(
  documents,
)("%s shows what the command prints (`npm run docs` writes it)", async (name) => {
  const text = readFileSync(join(root, name), "utf8");
  expect(await fillBlocks(text)).toBe(text);
});

test("usage comes from a file by tier and tenant, and flags go over it", async () => {
  const usage = file(
    "usage.yaml",
    "default: {chats: 10, users: 1}\ntiers: {enterprise: {chats: 20}}\ntenants: {globex: {users: 3}}\n",
  );
  const [found] = await reports("-s", "prod", "--usage", usage, "--set", "storedGB=7");
  expect(
    found?.tenants.map(({ tenant, usage: { chats, users, storedGB } }) => [
      tenant,
      chats,
      users,
      storedGB,
    ]),
  ).toEqual([
    ["acme", 20, 1, 7],
    ["globex", 10, 3, 7],
  ]);
  expect(found?.total).toMatch(/^\d+\.\d{6,}$/);
});

test("the table alone costs less than what is quoted for a scenario; everything costs more", async () => {
  const quoted: Readonly<Record<string, number>> = {
    "1k-users": 70,
    "5k-users": 200,
    "10k-users": 500,
    "100k-requests": 1,
  };
  const all = await reports("--tiers", "--scenario", "all");
  expect(all).toHaveLength(5);
  for (const { scenario = "", tenants } of all) {
    const most = quoted[scenario];
    if (most === undefined) continue;
    for (const { total, lines } of tenants) {
      const table = lines.filter(({ service }) => service === "DynamoDB");
      expect(table.reduce((sum, { amount }) => sum + Number(amount), 0)).toBeLessThan(most);
      expect(Number(total)).toBeGreaterThan(most);
    }
  }
});

test("every figure is explained by quantity, price and source", async () => {
  const { text } = await cost(["-s", "prod", "-t", "globex", "--explain"]);
  expect(text).toContain(
    "writes: 4,000 counts of tokens × 1 write units + 4,000 chats × 8 write units + " +
      "400 new conversations × 3 write units = 37,200 × $0.000000625 = $0.023250 [",
  );
  expect(text).toMatch(/\[\d+\] https:\/\/aws\.amazon\.com\/dynamodb\/pricing\//);
  expect(text).not.toContain("acme");
});

test("own prices go over those that are known of their region", async () => {
  const own = file(
    "prices.yaml",
    'region: us-east-1\nasOf: "2026-12-01"\nprices: {kms.keys: {amount: "100", per: 1}}\n',
  );
  const [usual] = await reports("-s", "prod", "-t", "globex");
  const [dearer] = await reports("-s", "prod", "-t", "globex", "--prices", own);
  expect(Number(dearer?.total) - Number(usual?.total)).toBeCloseTo(99, 9);

  const whole = file("whole.yaml", (await cost(["--print-prices"])).text);
  expect(await reports("-s", "prod", "--prices", whole)).toEqual(await reports("-s", "prod"));

  const elsewhere = file(
    "elsewhere.yaml",
    'region: eu-central-1\nasOf: "2026-12-01"\nprices: {xray.traces: {amount: "5", per: 1000000}}\n',
  );
  const { text } = await cost(["--tiers", "--prices", elsewhere]);
  expect(text).toContain("backup.storage: no price of eu-central-1 is known; --prices takes it");
  expect(text).not.toContain("xray.traces:");
  const nowhere = file("nowhere.yaml", 'region: sa-east-1\nasOf: "2026-12-01"\nprices: {}\n');
  expect((await cost(["--tiers", "--prices", nowhere])).text).toContain(
    "s3.storage: no price of sa-east-1 is known; --prices takes it",
  );
  await expect(cost(["-s", "prod", "--prices", elsewhere])).rejects.toThrow(
    'aws:region: found "us-east-1"; the prices are of "eu-central-1"',
  );
});

test.each([
  [["--set", "users=-1"], "--set: users: found -1; allowed: at least 0"],
  [["--set", "messageKB=100"], "--set: messageKB: found 100; allowed: at most 32"],
  [["--set", "chatz=1"], '--set: found unknown "chatz"; allowed: users,'],
  [["--tenant", "nobody"], '--tenant: found "nobody"; allowed: acme, globex'],
  [["--usage", "no-such.yaml"], "no-such.yaml: found no such file"],
  [
    ["--usage", file("who.yaml", "tenants: {acmee: {users: 1}}")],
    'tenants: found unknown "acmee"; allowed: acme, globex',
  ],
  [
    ["--usage", file("what.yaml", "tenants: {acme: {user: 1}}")],
    'tenants.acme: found unknown "user"; allowed: users,',
  ],
  [
    [
      "--prices",
      file("price.yaml", 'region: x\nasOf: "2026-12-01"\nprices: {a: {amount: "1", per: 3}}'),
    ],
    "prices.a.per: found 3; allowed: 1 or another power of ten",
  ],
])("%j is refused: %s", async (args, message) => {
  await expect(cost(args)).rejects.toThrow(message);
});

test("a model without a price is named, and the exit code says so", async () => {
  const { text, code } = await cost(["-s", "prod", "--set", "model=acme.unheard-of-v1:0"]);
  expect(text).toContain("model acme.unheard-of-v1:0: its price is not in the table");
  expect(code).toBe(1);
});

test("stdout is the report alone, and wrong usage is exit code 2", async () => {
  const wrong = await chatstackHere(["cost", "--set", "users=-1"]);
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain("chatstack: --set: users: found -1; allowed: at least 0");
  expect((await chatstackHere(["cost", "--scenario", "best"])).code).toBe(2);
  const { code, stdout } = await chatstack(["cost", "--tiers", "--json"]);
  expect(code).toBe(0);
  expect(report.parse(JSON.parse(stdout)).reports[0]?.tenants).toHaveLength(3);
});

test("a reader that leaves early does not change the exit code", async () => {
  const pipe = 'set -o pipefail; "$0" bin/chatstack.js cost --print-prices | true';
  await promisify(execFile)("bash", ["-c", pipe, process.execPath], { cwd: root });
});
