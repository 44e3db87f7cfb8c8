import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { DriftReport } from "../../operations/drift/report.ts";
import type { Difference } from "../../operations/fleet/engine/engine.ts";
import { type Ended, Project } from "../fleet/project.ts";
import { step, urnOf } from "./steps.ts";

const tenant = (id: string) =>
  step({ type: "chatstack:TenantStack", name: id, outputs: { tenant: id } });
const acme = urnOf("chatstack:TenantStack", "acme");
const globex = urnOf("chatstack:TenantStack", "globex");
const table = {
  deletionProtectionEnabled: true,
  pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
};
const allBlocked = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
};
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

const drifted = [
  tenant("acme"),
  tenant("globex"),
  step({
    type: "aws:dynamodb/table:Table",
    name: "acme-chat",
    parent: acme,
    op: "update",
    state: table,
    reality: { pointInTimeRecovery: { enabled: false } },
    diff: { "pointInTimeRecovery.enabled": "update", deletionProtectionEnabled: "delete" },
  }),
  step({
    type: "aws:lambda/function:Function",
    name: "acme-api",
    parent: acme,
    op: "update",
    state: { environment: { variables: { KEY: "old-key" } }, apiKey: secret, memorySize: 512 },
    reality: { environment: { variables: { KEY: "new-key" } }, apiKey: "plain", memorySize: 1024 },
    diff: {
      "environment.variables.KEY": "update",
      apiKey: "update",
      memorySize: "update",
    },
  }),
  step({
    type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    name: "globex-documents",
    parent: globex,
    op: "update",
    state: allBlocked,
    reality: { ...allBlocked, blockPublicPolicy: false },
    diff: { blockPublicPolicy: "update" },
  }),
  step({
    type: "aws:s3/bucketPolicy:BucketPolicy",
    name: "globex-policy",
    parent: globex,
    op: "delete",
  }),
  step({
    type: "aws:cloudwatch/logGroup:LogGroup",
    name: "shared-logs",
    op: "update",
    state: { tags: { "chatstack:tenant": "shared", owner: "ops" } },
    reality: { tags: { "chatstack:tenant": "shared" } },
    diff: { "tags.owner": "delete" },
  }),
  step({ type: "aws:dynamodb/table:Table", name: "globex-chat", parent: globex, state: table }),
];

describe("drift of two stacks, one of which has some", () => {
  const project = new Project({ prod: { steps: drifted }, still: { steps: [tenant("initech")] } });
  let ended: Ended;
  let report: DriftReport;
  let found: Map<string, Difference>;

  beforeAll(async () => {
    ended = await project.run(["drift", "--json"]);
    report = JSON.parse(ended.stdout);
    found = new Map(report.stacks[0]!.differences.map((one) => [one.resource, one]));
  });
  afterAll(() => project.delete());

  test("exits 1, counts what differs and what of it endangers data", () => {
    expect(ended.code).toBe(1);
    expect(report).toMatchObject({
      version: 1,
      outcome: "drift",
      summary: { stacks: 2, differences: 5, dangerous: 3, unknown: 0 },
      stacks: [{ outcome: "drift" }, { stack: "still", outcome: "no-drift", differences: [] }],
    });
  });

  test("changes nothing: a refresh's preview is all that runs, and it takes no lock", () => {
    const commands = project.invocations().filter(({ event }) => event === "start");
    expect(commands.map(({ args }) => args.slice(0, 2))).toEqual([
      ["refresh", "--preview-only"],
      ["refresh", "--preview-only"],
    ]);
  });

  test("says property by property what the state and what reality has", () => {
    expect(found.get("acme-chat")).toMatchObject({
      tenant: "acme",
      kind: "changed",
      properties: [
        { path: "deletionProtectionEnabled", kind: "removed", state: "true" },
        { path: "pointInTimeRecovery.enabled", kind: "changed", state: "true", reality: "false" },
      ],
    });
  });

  test("marks recovery, protection and public access that are off, by the rules of the policy pack", () => {
    const dangers = [...found].map(([resource, one]) => [
      resource,
      one.dangers.map((danger) => /\(([\w-]+), \w+\)/.exec(danger)?.[1] ?? danger).sort(),
    ]);
    expect(Object.fromEntries(dangers)).toEqual({
      "acme-chat": expect.arrayContaining(["ddb-deletion-protection", "ddb-pitr"]),
      "acme-api": [],
      "globex-documents": ["s3-public-block-flags"],
      "globex-policy": ["it held or protected data, and is gone"],
      "shared-logs": [],
    });
  });

  test("tells whose each is; what all share is nobody's", () => {
    expect([...found.values()].map(({ resource, tenant }) => [resource, tenant])).toEqual([
      ["acme-chat", "acme"],
      ["acme-api", "acme"],
      ["globex-documents", "globex"],
      ["globex-policy", "globex"],
      ["shared-logs", undefined],
    ]);
  });

  test("shows no value that is or may be a secret", () => {
    expect(found.get("acme-api")?.properties).toEqual([
      { path: "apiKey", kind: "changed", state: "[secret]", reality: "[secret]" },
      {
        path: "environment.variables.KEY",
        kind: "changed",
        state: "[secret]",
        reality: "[secret]",
      },
      { path: "memorySize", kind: "changed", state: "512", reality: "1024" },
    ]);
    expect(ended.stdout).not.toMatch(/old-key|new-key|plain/);
  });
});

test("a stack that could not be looked at outweighs what others have; no drift exits 0", async () => {
  const project = new Project({
    a: { errors: ["ExpiredToken: log in again"] },
    b: { steps: drifted },
  });
  const unknown = await project.run(["drift"]);
  expect(unknown.code).toBe(2);
  expect(unknown.stdout).toContain("ExpiredToken: log in again");
  expect(unknown.stdout).toMatch(/b · tenant acme/);
  expect(unknown.stdout).toMatch(/could not tell: 2 stacks · 5 resources differ · 3 dangerous/);
  expect(unknown.stdout).toContain("To undo it: chatstack fleet up --refresh -s b\n");

  project.behave({ a: { steps: [tenant("acme")] } });
  expect((await project.run(["drift", "-s", "a"])).code).toBe(0);
  project.delete();
});

test("a cell's state is looked for in the backend that cells.yaml names for it", async () => {
  const project = new Project({ prod: { steps: drifted } });
  onTestFinished(() => project.delete());
  const { backend } = project;
  const place = "config:\n  aws:region: eu-central-1\n  chatstack:environment: production\n";
  project.write("Pulumi.prod.yaml", place);
  const cell = { account: "111122223333", region: "eu-central-1", backend: `file://${backend}` };
  project.write("cells.yaml", JSON.stringify({ cells: { prod: cell } }));
  const { stdout } = await project.run(["drift", "--json"], {
    PULUMI_BACKEND_URL: "file:///nowhere",
  });
  expect(JSON.parse(stdout)).toMatchObject({ outcome: "drift" });
});
