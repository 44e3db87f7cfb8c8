import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, test } from "vitest";
import { type Answer, add, change, list, show } from "../../cli/actions/tenant.ts";
import { chatstack } from "../../testing/processes/chatstack.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";

const repository = resolve(import.meta.dirname, "../..");
const root = mkdtempSync(join(tmpdir(), "chatstack-tenant-"));
afterAll(() => rmSync(root, { recursive: true }));

writeFileSync(
  join(root, "Pulumi.yaml"),
  JSON.stringify({ name: "chatstack", main: join(repository, "stacks/index.ts") }),
);
const path = join(root, "Pulumi.dev.yaml");
const shipped = readFileSync(join(repository, "Pulumi.dev.yaml"), "utf8");
cpSync(join(repository, "Pulumi.prod.yaml"), join(root, "Pulumi.prod.yaml"));
const content = () => readFileSync(path, "utf8");
const write = (text: string) => writeFileSync(path, text);
const place = { cwd: root, env: { NO_COLOR: "1" } };
const tenant = (...args: string[]) => chatstackHere(["tenant", ...args], place);
const flags = { root, stack: "dev" };
const json = { ...flags, json: true } as const;
/** What is printed to stdout, as JSON. */
const parsed = async (answer: Promise<Answer>) => JSON.parse((await answer).stdout ?? "");
const contract = readFileSync(join(repository, "docs/reference/tenant-change.schema.json"), "utf8");
const isContract = new Ajv2020().compile(JSON.parse(contract));
/** The same of a change, once it is what the documented schema says. */
async function reported(answer: Promise<Answer>) {
  const { code } = await answer;
  const report = await parsed(answer);
  expect(isContract(report), JSON.stringify(isContract.errors)).toBe(true);
  return { code, ...report };
}

describe("a tenant's life, step by step", () => {
  test("add writes one entry, shows what it adds, and touches nobody else", async () => {
    write(shipped);
    const settings = ["table.recoveryDays=14", "auth.mfa=off"];
    const { code, stdout } = await chatstack(
      ["tenant", "add", "initech", "--tier", "basic", "--set", ...settings],
      place,
    );
    expect(code).toBe(0);
    expect(content()).toBe(
      `${shipped.trimEnd()}
    - id: initech
      tier: basic
      table:
        recoveryDays: 14
      auth:
        mfa: "off"
`,
    );
    expect(stdout).toMatch(
      /^initech is added\.\n\nTenants\n {2}\+ {2}initech, 61 resources\n\n61 added, \d+ unchanged\n/,
    );
    expect(stdout).toContain("Pulumi.dev.yaml is written; `pulumi up --stack dev` makes it so.");
    expect(stdout).not.toMatch(/acme|globex/);
  });

  test("suspend shows the function and its role, and does nothing twice", async () => {
    const before = content();
    const dry = await change("globex", { ...flags, dryRun: true }, "suspend");
    expect([dry.code, content()]).toEqual([0, before]);
    expect(dry.stdout).toContain("Dry run: Pulumi.dev.yaml is as it was.");
    const { code, stdout } = await change("globex", flags, "suspend");
    expect(code).toBe(0);
    expect(stdout).toContain('+ environment.variables.TENANT_STATE: "suspended"');
    expect(stdout).toContain("3 changed, ");
    expect(content()).toBe(
      before.replace("- id: globex\n      tier: basic\n", "$&      state: suspended\n"),
    );
    const again = await change("globex", flags, "suspend");
    expect(again).toMatchObject({
      code: 0,
      stdout: "globex is suspended already: nothing to do.",
    });
  });

  test("offboard says until when, --json prints one object, and list and show say the same", async () => {
    const until = { retainUntil: "2999-12-31" };
    const report = await reported(change("globex", { ...json, ...until }, "offboard"));
    expect(report).toMatchObject({
      version: 1,
      tenant: "globex",
      changed: true,
      written: true,
      refusals: [],
    });
    expect(report.plan.changes.map((change: { name: string }) => change.name)).toEqual([
      "globex-chat",
      "globex-documents",
      "globex-users",
      "globex-api",
      "globex-api",
      "globex-api-maintenance",
    ]);
    expect(content()).toContain('state: off-boarding\n      retainUntil: "2999-12-31"\n');
    expect(await change("globex", flags, "suspend")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("it is off-boarding, and takes no writes already"),
    });
    const { tenants } = await parsed(list(json));
    const row = { id: "globex", tier: "basic", retain: "destroy", resources: 61 };
    const leaving = { ...row, state: "off-boarding", retainUntil: "2999-12-31" };
    expect(tenants).toMatchObject([{ id: "acme" }, leaving, { id: "initech", state: "active" }]);
    const shown = await show("globex", flags);
    expect(shown.stdout).toMatch(
      /^globex: basic, off-boarding, retain destroy, kept until 2999-12-31, 61 resources\n/,
    );
    expect(shown.stdout).toMatch(/table\.recoveryDays +│ basic +│ 7 /);
    expect(shown.stdout).toMatch(/auth\.mfa +│ defaults +│ "optional"/);
  });

  test("remove is refused before the day is over, and takes the entry out afterwards", async () => {
    const before = content();
    const early = await tenant("remove", "globex");
    expect([early.code, early.stdout, content()]).toEqual([1, "", before]);
    expect(early.stderr).toContain("its data must be kept until 2999-12-31, that day included");
    expect(early.stderr).toContain("1. wait until 2999-12-31 is over");
    write(before.replace("2999-12-31", "2020-01-31"));
    const { code, stdout } = await change("globex", flags, "remove");
    expect(code).toBe(0);
    expect(stdout).toContain("tenant globex goes as a whole; deleted for good: every item");
    expect(stdout).toContain("-  globex, 61 resources");
    expect(content()).not.toContain("globex");
  });

  test("resume gives the file back that there was", async () => {
    write(
      shipped.replace(
        "tier: basic\n",
        'tier: basic\n      state: off-boarding\n      retainUntil: "2999-12-31"\n',
      ),
    );
    expect((await change("globex", flags, "resume")).code).toBe(0);
    expect(content()).toBe(shipped);
  });

  test("resume is refused where another stack serves the tenant, until the file says so no more", async () => {
    const moved = shipped.replace(
      /- id: globex\n {6}tier: basic\n/,
      "$&      state: suspended\n      servedBy: prod-eu\n",
    );
    write(moved);
    const { code, stderr } = await change("globex", flags, "resume");
    expect([code, content()]).toEqual([1, moved]);
    expect(stderr).toContain("prod-eu serves its users, as servedBy says");
    expect(stderr).toContain("take servedBy out of Pulumi.dev.yaml");
    write(moved.replace("      servedBy: prod-eu\n", ""));
    expect((await change("globex", flags, "resume")).code).toBe(0);
    expect(content()).toBe(shipped);
  });
});

test("a pipeline may repeat add and offboard: the second time nothing changes, and other settings are refused", async () => {
  write(shipped);
  const asked = { ...json, tier: "basic", set: ["table.recoveryDays=14"] };
  const first = await reported(add("hooli", asked));
  expect(first).toMatchObject({ code: 0, becomes: "hooli is added", changed: true, written: true });
  const added = content();
  const second = await reported(add("hooli", asked));
  expect(second).toMatchObject({ code: 0, changed: false, written: false, refusals: [] });
  expect(second.plan.changes).toEqual([]);
  const other = await reported(add("hooli", { ...asked, tier: "standard" }));
  expect(other).toMatchObject({
    ...{ code: 1, changed: false, written: false },
    refusals: ['tier: found "basic" in Pulumi.dev.yaml; asked: "standard"'],
  });
  expect(content()).toBe(added);
  const until = { ...json, retainUntil: "2999-12-31" };
  expect(await reported(change("hooli", until, "offboard"))).toMatchObject({ written: true });
  const again = await reported(change("hooli", until, "offboard"));
  expect(again).toMatchObject({ code: 0, changed: false, written: false });
  // Added and leaving: asked for again, it is there.
  expect(await reported(add("hooli", asked))).toMatchObject({ code: 0, changed: false });
});

describe("is refused with", () => {
  test("1 and the steps to take, where a tenant is active and its data protected", async () => {
    const before = readFileSync(join(root, "Pulumi.prod.yaml"), "utf8");
    const prod = { ...json, stack: "prod" };
    const refused = reported(change("globex", prod, "remove"));
    const { code, written, refusals, steps } = await refused;
    expect([code, written]).toEqual([1, false]);
    expect(refusals).toEqual([
      "it is active, and not off-boarding",
      "its data is protected (retain: protect): `pulumi up` would fail",
    ]);
    expect(steps).toHaveLength(4);
    expect(steps[2]).toMatch(/retain: retain.*unmanaged.*retain: destroy.*deleted for good/);
    expect(readFileSync(join(root, "Pulumi.prod.yaml"), "utf8")).toBe(before);
  });

  test("2 and file, path, what was found and what is allowed, where the program refuses the change", async () => {
    write(shipped);
    const { code, stdout, stderr } = await tenant("add", "initech", "--tier", "gold");
    expect([code, stdout, content()]).toEqual([2, "", shipped]);
    expect(stderr).toContain(
      'Pulumi.dev.yaml: chatstack:tenants[2].tier: found "gold"; allowed: basic, standard, enterprise',
    );
    expect(stderr).toContain("Nothing was written to Pulumi.dev.yaml.");
    expect(readdirSync(root).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  test("2 where there is no such tenant, and where the day is over", async () => {
    await expect(show("nobody", flags)).rejects.toThrow(
      'Pulumi.dev.yaml: there is no tenant "nobody"; there are acme, globex',
    );
    const over = { ...flags, retainUntil: "2020-01-31" };
    await expect(change("acme", over, "offboard")).rejects.toThrow(
      "--retain-until: found 2020-01-31; allowed: a day that is not over",
    );
  });

  test.each([
    [["list", "--stack", "none"], "Pulumi.none.yaml: no such stack file"],
    [["add", "initech"], "required option '-t, --tier <tier>' not specified"],
    [["add", "x", "--tier", "basic", "--set", "id=y"], '--set: found "id=y"; allowed: id as'],
  ])("2 without evaluating anything on %j", async (args, message) => {
    const { code, stdout, stderr } = await tenant(...args);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
  });
});

test("--help has an example and the exit codes", async () => {
  const { code, stdout } = await tenant("--help");
  expect(code).toBe(0);
  expect(stdout).toContain("$ chatstack tenant offboard globex --retain-until 2027-03-31");
  expect(stdout).toContain("Exit code: 0 done, 1 refused, 2 wrong");
});
