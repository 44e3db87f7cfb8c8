import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { add, change, list, show } from "../../cli/actions/tenant.ts";
import { evaluateStack } from "../../offline/project.ts";
import { fingerprintOf } from "../../operations/fleet/fingerprint.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";

const repository = resolve(import.meta.dirname, "../..");
const root = mkdtempSync(join(tmpdir(), "chatstack-folder-"));
afterAll(() => rmSync(root, { recursive: true }));
writeFileSync(
  join(root, "Pulumi.yaml"),
  JSON.stringify({ name: "chatstack", main: join(repository, "stacks/index.ts") }),
);

const read = (file: string) => readFileSync(join(root, file), "utf8");
function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}
const stackFile = (more = "") => `config:
  aws:region: us-east-1
  chatstack:environment: development
  chatstack:tenantsFolder: tenants/dev
  chatstack:defaults: {retain: destroy, encryption: aws-owned, table: {backups: "off"}}
${more}`;
const acme =
  "# Acme Ltd.\nid:   acme # as in the CRM\ntier: standard\n\n# asked for in March\ntable: {recoveryDays: 14}\n";
const flags = { root, stack: "dev" };

beforeEach(() => {
  rmSync(join(root, "tenants"), { recursive: true, force: true });
  write("Pulumi.dev.yaml", stackFile());
  write("tenants/dev/acme.yaml", acme);
  write("tenants/dev/emea/globex.yml", "tier: basic\n");
  write("tenants/dev/README.md", "One file a tenant.\n");
});

describe("tenants in files of their own", () => {
  test("make the same stack as in the list", async () => {
    const { records } = await evaluateStack("dev", { root });
    const listed = `  chatstack:tenants:
    - {id: acme, tier: standard, table: {recoveryDays: 14}}
    - {id: globex, tier: basic}
`;
    write("Pulumi.dev.yaml", stackFile(listed).replace(/.*tenantsFolder.*\n/, ""));
    expect((await evaluateStack("dev", { root })).records).toEqual(records);
  });

  test("stand beside those of the list, and behind them", async () => {
    write("Pulumi.dev.yaml", stackFile("  chatstack:tenants: [{id: initech, tier: basic}]\n"));
    const { tenants } = JSON.parse((await list({ ...flags, json: true })).stdout ?? "");
    expect(tenants.map(({ id }: { id: string }) => id)).toEqual(["initech", "acme", "globex"]);
  });

  test("go through their lives in their files, of which everything else keeps its bytes", async () => {
    const stack = read("Pulumi.dev.yaml");
    const suspended = await change("acme", flags, "suspend");
    expect(suspended.stdout).toContain("tenants/dev/acme.yaml is written; `pulumi up --stack dev`");
    expect(suspended.stdout).toContain("3 changed, ");
    expect(read("tenants/dev/acme.yaml")).toBe(
      acme.replace("tier: standard\n", "$&state: suspended\n"),
    );
    expect((await change("acme", flags, "resume")).code).toBe(0);
    expect(read("tenants/dev/acme.yaml")).toBe(acme);
    const past = { ...flags, retainUntil: "2999-01-31" };
    expect((await change("globex", past, "offboard")).code).toBe(0);
    expect(read("tenants/dev/emea/globex.yml")).toBe(
      'tier: basic\nstate: off-boarding\nretainUntil: "2999-01-31"\n',
    );
    expect((await change("globex", flags, "remove")).stderr).toContain("must be kept until");
    write("tenants/dev/emea/globex.yml", "tier: basic\nstate: off-boarding\n");
    const removed = await change("globex", flags, "remove");
    expect(removed.stdout).toMatch(
      /Tenants\n {2}- {2}globex, (\d+) resources\n\n\1 removed, 4 unch/,
    );
    expect(readdirSync(join(root, "tenants/dev/emea"))).toEqual([]);
    expect(read("tenants/dev/acme.yaml") + read("Pulumi.dev.yaml")).toBe(acme + stack);
  });

  test("are added with a file of their own", async () => {
    const set = ["table.recoveryDays=7", "auth.mfa=off"];
    const { stdout } = await add("initech", { ...flags, tier: "basic", set });
    expect(stdout).toMatch(/^initech is added\.\n\nTenants\n {2}\+ {2}initech, \d+ resources\n/);
    expect(read("tenants/dev/initech.yaml")).toBe(
      'id: initech\ntier: basic\ntable:\n  recoveryDays: 7\nauth:\n  mfa: "off"\n',
    );
    expect((await show("initech", flags)).stdout).toMatch(/table\.recoveryDays +│ own +│ 7 /);
  });

  test("are changed without a look at the others", async () => {
    write("tenants/dev/emea/globex.yml", "tier: [\n");
    expect((await change("acme", flags, "suspend")).code).toBe(0);
    expect((await show("acme", flags)).stdout).toContain("acme: standard, suspended");
    expect((await add("initech", { ...flags, tier: "basic", set: [] })).code).toBe(0);
  });

  test("are added once: asked for again, they are there, or differ in what is named", async () => {
    const set = ["table.recoveryDays=7", "auth.mfa=off"];
    const again = (tier: string, ...more: string[]) =>
      add("initech", { ...flags, json: true, tier, set: more });
    await again("basic", ...set);
    const text = read("tenants/dev/initech.yaml");
    const same = await again("basic", ...set.toReversed());
    expect([same.code, JSON.parse(same.stdout ?? "")]).toMatchObject([
      0,
      { tenant: "initech", changed: false, written: false, refusals: [] },
    ]);
    await change("initech", flags, "suspend");
    expect((await again("basic", ...set)).code).toBe(0);
    await change("initech", flags, "resume");
    const other = await again("standard", "table.recoveryDays=8");
    expect([other.code, JSON.parse(other.stdout ?? "").refusals]).toEqual([
      1,
      [
        'tier: found "basic" in tenants/dev/initech.yaml; asked: "standard"',
        "table.recoveryDays: found 7 in tenants/dev/initech.yaml; asked: 8",
        'auth.mfa: found "off" in tenants/dev/initech.yaml; asked: nothing',
      ],
    ]);
    expect(read("tenants/dev/initech.yaml")).toBe(text);
  });

  test("are the first and the last of their stack", async () => {
    rmSync(join(root, "tenants/dev"), { recursive: true });
    mkdirSync(join(root, "tenants/dev"));
    expect((await add("first", { ...flags, tier: "basic", set: [] })).code).toBe(0);
    write("tenants/dev/first.yaml", "tier: basic\nstate: off-boarding\n");
    await expect(change("first", flags, "remove")).rejects.toThrow(
      "Pulumi.dev.yaml: chatstack:tenants: found []; allowed: at least 1",
    );
    expect(readdirSync(join(root, "tenants/dev"))).toEqual(["first.yaml"]);
  });

  test("count in what makes a fleet's operation the same one", () => {
    const options = { policyPack: "policies", create: false, refresh: false, dryRun: false };
    const print = () => fingerprintOf(root, { operation: "up", stack: "dev", ...options });
    const before = print();
    write("tenants/dev/acme.yaml", `${acme}# a comment\n`);
    expect(print()).toBe(before);
    write("tenants/dev/acme.yaml", acme.replace("14", "15"));
    expect(print()).not.toBe(before);
  });
});

describe("is refused with file, path, what was found and what is allowed:", () => {
  const fails = async (message: string) => {
    const { code, stderr } = await chatstackHere(["tenant", "list"], { cwd: root });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  };

  test.each([
    ["tier: gold\n", 'tier: found "gold"; allowed: basic, standard, enterprise'],
    [
      "tier: basic\ntable: {recoveryDays: 99}\n",
      "table.recoveryDays: found 99; allowed: at most 35",
    ],
    ["tier: basic\ntabel: {}\n", 'found unknown "tabel"; allowed: '],
    ["id: other\ntier: basic\n", 'id: found "other"; allowed: "acme", as the file is named'],
    ["- tier: basic\n", "the file is not a map of a tenant's settings"],
    ["tier: [\n", "not valid YAML"],
    ["", "the file is not a map of a tenant's settings"],
  ])("%j", async (text, message) => {
    write("tenants/dev/acme.yaml", text);
    await fails(message);
    await fails("tenants/dev/acme.yaml:");
  });

  test("a file that is no tenant's", async () => {
    write("tenants/dev/initech.yaml.orig", "tier: basic\n");
    await fails(
      'tenants/dev/initech.yaml.orig: found "initech.yaml.orig"; allowed: <tenant\'s id>.yaml',
    );
  });

  test("the same id in two files, and in a file and the list", async () => {
    write("tenants/dev/emea/acme.yaml", "tier: basic\n");
    await fails(
      'tenants/dev/emea/acme.yaml: id: found "acme"; allowed: an id that no other tenant of the stack has, ' +
        'nor "shared": tenants/dev/acme.yaml has it',
    );
    write("tenants/dev/emea/acme.yaml", "tier: basic\n");
    rmSync(join(root, "tenants/dev/emea/acme.yaml"));
    write("Pulumi.dev.yaml", stackFile("  chatstack:tenants: [{id: acme, tier: basic}]\n"));
    await fails(
      'tenants/dev/acme.yaml: id: found "acme"; allowed: an id that no other tenant of the stack has, ' +
        'nor "shared": Pulumi.dev.yaml: chatstack:tenants[0] has it',
    );
  });

  test.each(["none", "../tenants", "/tenants", "."])("the folder %s", async (folder) => {
    write("Pulumi.dev.yaml", stackFile().replace("tenants/dev", folder));
    await fails(`Pulumi.dev.yaml: chatstack:tenantsFolder: found "${folder}"; allowed: a folder`);
  });

  test("an id that would be a path", async () => {
    await expect(add("../x", { ...flags, tier: "basic", set: [] })).rejects.toThrow(
      '<id>: found "../x"; allowed: a name that matches',
    );
  });

  test("a name that another tenant has, wherever it stands", async () => {
    const domain = "auth.managedLogin.domain.prefix=login-of-acme";
    const own = { ...flags, tier: "basic", set: [domain] };
    expect((await add("initech", own)).code).toBe(0);
    await expect(add("hooli", own)).rejects.toThrow(
      'tenants/dev/hooli.yaml: auth.managedLogin.domain.prefix: found "login-of-acme"; ' +
        'allowed: a prefix of a login domain that tenant "initech" has not',
    );
    expect(readdirSync(join(root, "tenants/dev"))).not.toContain("hooli.yaml");
  });

  test("a tenant that is not there", async () => {
    await expect(show("nobody", flags)).rejects.toThrow(
      'there is no tenant "nobody"; there are acme, globex',
    );
  });
});
