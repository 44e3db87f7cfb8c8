import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readState } from "../../offline/plan/against/state.ts";
import type { Comparison } from "../../offline/plan/comparison.ts";
import { planStack } from "../../offline/plan/plan.ts";
import { exportedState, refreshed, type StateJson } from "../../testing/stacks/exported-state.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "plan-state-"));
let state: StateJson;

beforeAll(async () => {
  state = await exportedState("prod");
});

afterAll(() => rmSync(folder, { recursive: true }));

async function planAgainst(edit: (state: StateJson) => void = () => {}) {
  const edited = structuredClone(state);
  edit(edited);
  const file = join(folder, "state.json");
  writeFileSync(file, JSON.stringify(edited));
  const plan = await planStack({ root, stack: "prod", against: file });
  return { ...plan, comparison: plan.comparison as Comparison };
}

/** Sets an input, by its path, of the resource whose URN ends so; AWS answered the same then. */
function set({ deployment }: StateJson, ending: string, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  const found = deployment.resources.find(({ urn }) => urn.endsWith(ending))!;
  for (let here of [found.inputs, found.outputs] as unknown[]) {
    for (const key of keys) here = Reflect.get(Object(here), key);
    Reflect.set(Object(here), last, value);
  }
}

test("what is deployed as the program says has no changes, whatever AWS named it", async () => {
  const { comparison, notes } = await planAgainst();
  expect(JSON.stringify(state)).not.toContain("acme-chat-d191cb6");
  expect(comparison.changes).toEqual([]);
  expect(comparison.unchanged).toBe(181);
  expect(notes).toEqual([]);
});

test("a state after a refresh has no changes: AWS orders sets and spells documents as it likes", async () => {
  const { comparison } = await planAgainst((edited) => {
    edited.deployment = refreshed(edited).deployment;
  });
  expect(comparison.changes).toEqual([]);
});

test("what the program takes away is seen, unless the provider keeps it by itself", async () => {
  const { comparison } = await planAgainst((edited) => {
    set(edited, ":Table::acme-chat", "tableClass", "STANDARD_INFREQUENT_ACCESS");
    set(edited, ":UserPoolClient::acme-users", "readAttributes", ["email"]);
  });
  expect(comparison.changes).toMatchObject([
    { name: "acme-chat", properties: [{ path: "tableClass", kind: "removed" }] },
  ]);
});

test.each([
  ["noted", true],
  ["not noted, as after an import", false],
])("a name that the program gave and gives no more makes another resource: %s", async (_, isNoted) => {
  const table = ":Table::acme-chat";
  const { comparison } = await planAgainst((edited) => {
    const found = edited.deployment.resources.find(({ urn }) => urn.endsWith(table))!;
    // Of a table that was made without `adopt`, restored elsewhere, and adopted back.
    const { __defaults: noted, name } = found.inputs;
    expect(name).toMatch(/^acme-chat-[0-9a-f]{7}$/);
    found.inputs.__defaults = Array.isArray(noted) ? noted.filter((one) => one !== "name") : [];
    if (!isNoted) delete found.inputs.__defaults;
  });
  expect(comparison.changes.find(({ name }) => name === "acme-chat")).toMatchObject({
    kind: "replaced",
    properties: [{ path: "name", kind: "removed", replaces: true }],
  });
  expect(comparison.refusals.map(({ urn }) => urn.endsWith(table))).toEqual([true]);
});

test("another region replaces what is in a region, and nothing else", async () => {
  const { comparison } = await planAgainst((edited) => {
    const text = JSON.stringify(edited.deployment).replaceAll("us-east-1", "us-west-2");
    edited.deployment = JSON.parse(text);
  });
  const replaced = comparison.changes.filter(({ kind }) => kind === "replaced");
  const ofType = (type: string) => replaced.filter((one) => one.type === type);
  expect(ofType("aws:dynamodb/table:Table")).toHaveLength(2);
  expect(ofType("aws:cognito/userPool:UserPool")).toHaveLength(2);
  expect(ofType("aws:dynamodb/table:Table")[0]?.properties).toContainEqual(
    expect.objectContaining({ path: "region", before: "us-west-2", after: "us-east-1" }),
  );
  expect(ofType("aws:iam/role:Role")).toEqual([]);
});

test("a digest of what is replaced is another one: the API is deployed again", async () => {
  const { comparison } = await planAgainst((edited) => {
    const ending = ":Function::acme-api";
    const { inputs } = edited.deployment.resources.find(({ urn }) => urn.endsWith(ending))!;
    Object.assign(inputs, { name: "given", __defaults: ["region"] });
  });
  const deployments = comparison.changes.filter(({ type }) => type.endsWith(":Deployment"));
  expect(deployments).toMatchObject([{ name: "acme-api", kind: "replaced" }]);
});

test("an edit of the state shows exactly itself", async () => {
  const { comparison } = await planAgainst((edited) => {
    set(edited, ":Table::acme-chat", "ttl.enabled", false);
    set(edited, ":Function::globex-api", "environment.variables.MODELS", "embedded");
  });
  expect(comparison.changes.map(({ name, kind, properties }) => [name, kind, properties])).toEqual([
    [
      "acme-chat",
      "changed",
      [{ path: "ttl.enabled", kind: "changed", before: false, after: true, replaces: false }],
    ],
    ["globex-api", "changed", [expect.objectContaining({ path: "environment.variables.MODELS" })]],
  ]);
  expect(comparison.losses).toMatchObject([{ property: "ttl" }]);
});

test("other code is told by its content", async () => {
  const { comparison } = await planAgainst((edited) => {
    set(edited, ":Function::acme-api", "code.hash", "0".repeat(64));
  });
  expect(comparison.changes).toMatchObject([
    { properties: [{ path: "code", kind: "code", replaces: false }] },
  ]);
});

test("a tenant that is deployed but not wanted is one thing, with what becomes of its data", async () => {
  const { comparison } = await planAgainst((edited) => {
    const globex = edited.deployment.resources.filter(({ urn }) => /::globex/.test(urn));
    const text = JSON.stringify(globex).replaceAll("globex", "hooli");
    edited.deployment.resources.push(...JSON.parse(text));
  });
  expect(comparison.tenants).toMatchObject([
    { kind: "removed", tenant: "hooli", resources: 86, data: "refused" },
  ]);
  expect(comparison.refusals).toHaveLength(1);
  expect(comparison.changes.every(({ tenant }) => tenant === "hooli")).toBe(true);
});

test("what is not there yet is new, and named where others refer to it", async () => {
  const { comparison } = await planAgainst((edited) => {
    const { deployment } = edited;
    deployment.resources = deployment.resources.filter(({ urn }) => !urn.endsWith("Key::acme-key"));
  });
  expect(comparison.changes.filter(({ kind }) => kind === "added")).toMatchObject([
    { type: "chatstack:index:TenantKey" },
    { type: "aws:kms/key:Key" },
  ]);
  const table = comparison.changes.find(({ type }) => type.endsWith(":Table"));
  expect(table?.properties).toMatchObject([
    { path: "serverSideEncryption.kmsKeyArn", after: `\${kms.Key acme-key.arn}` },
  ]);
});

describe("a state also has", () => {
  test("an interrupted update, resources that wait for deletion, and others that are only read", async () => {
    const { comparison, notes } = await planAgainst(({ deployment }) => {
      const bucket = deployment.resources.find(({ type }) => type === "aws:s3/bucket:Bucket")!;
      deployment.pending_operations = [{ resource: bucket, type: "updating" }];
      deployment.resources.push(
        { ...bucket, delete: true, id: "earlier" },
        { ...bucket, urn: `${bucket.urn}-read`, external: true },
      );
    });
    expect(comparison.changes).toEqual([]);
    expect(notes).toEqual([
      expect.stringMatching(/interrupted while updating urn:pulumi:prod::.*pulumi refresh/),
      expect.stringMatching(/1 replaced/),
      expect.stringMatching(/1 resources are only read/),
    ]);
  });

  const fn = ":Function::acme-api";
  const secret = (content: object) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ...content,
  });

  test("secrets: encrypted ones are not compared, open ones are, and none is ever shown", async () => {
    const sealed = await planAgainst((edited) => {
      set(edited, fn, "environment.variables.TENANT", secret({ ciphertext: "v1:abc" }));
    });
    expect(sealed.comparison.changes).toEqual([]);
    expect(sealed.notes).toEqual([expect.stringMatching(/secrets of 1 resources are encrypted/)]);

    const open = await planAgainst((edited) => {
      set(edited, fn, "environment.variables.TENANT", secret({ plaintext: '"hush"' }));
    });
    expect(open.comparison.changes).toMatchObject([
      { properties: [{ path: "environment", kind: "secret" }] },
    ]);
    expect(JSON.stringify(open.comparison)).not.toContain("hush");
  });
});

test("what is no exported state of version 3 is refused, and not quoted", () => {
  expect(() => readState("hush", "state.json")).toThrow(/^state.json: not JSON/);
  expect(() => readState('{"version":4,"deployment":{}}', "state.json")).toThrow(
    /state.json: version: .*allowed: what `pulumi stack export` writes, version 3/,
  );
  const checkpoint = JSON.stringify({ version: 3, checkpoint: { latest: {} } });
  expect(() => readState(checkpoint, "-")).toThrow(/deployment/);
});

test("the state of another stack is not compared by mistake", async () => {
  await expect(
    planAgainst(({ deployment }) => {
      for (const one of deployment.resources) one.urn = one.urn.replace(":prod::", ":staging::");
    }),
  ).rejects.toThrow('state of stack "staging", not "prod": give --stack staging');
  expect(readFileSync(join(folder, "state.json"), "utf8")).toContain("staging");
});
