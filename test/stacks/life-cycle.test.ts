import { beforeAll, describe, expect, test } from "vitest";
import { type Evaluation, evaluate } from "../../offline/evaluate.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import program from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Tier } from "../../stacks/tiers.ts";
import { lookUp, statements } from "../../testing/stacks/records.ts";

interface Entry extends Settings {
  readonly id: string;
  readonly tier: Tier;
  readonly state?: string;
  readonly retainUntil?: string;
}

const run = (...tenants: Entry[]) =>
  evaluate(program, {
    config: {
      "aws:region": "us-east-1",
      "chatstack:environment": "production",
      "chatstack:tenants": JSON.stringify(tenants),
    },
  });

const acme: Entry = { id: "acme", tier: "enterprise", archive: {}, audit: {} };
const globex: Entry = { id: "globex", tier: "standard" };
const initech: Entry = { id: "initech", tier: "basic" };
const offBoarding = { state: "off-boarding", retainUntil: "2027-03-31" };

/** Everything but the stack, whose outputs list the tenants; those of one tenant, or of all but one. */
const recordsOf = ({ records }: Evaluation, belongs: (name: string) => boolean) =>
  records
    .filter(({ type, name }) => type !== "pulumi:pulumi:Stack" && belongs(name))
    .toSorted((one, other) => one.urn.localeCompare(other.urn));
const isOf = (id: string) => (name: string) => name === id || name.startsWith(`${id}-`);

describe("a tenant changes no record of another, nor what they share,", () => {
  let before: ResourceRecord[];
  const others = (evaluation: Evaluation) => recordsOf(evaluation, (name) => !isOf("globex")(name));
  beforeAll(async () => {
    before = others(await run(acme, globex, initech));
    expect(before.length).toBeGreaterThan(80);
  });

  test.each<[string, Entry[]]>([
    ["when it is added before others", [globex, acme, initech]],
    ["when it is removed", [acme, initech]],
    ["when it is suspended", [acme, { ...globex, state: "suspended" }, initech]],
    ["when it is off-boarding", [acme, { ...globex, ...offBoarding }, initech]],
  ])("%s", async (_, tenants) => {
    expect(others(await run(...tenants))).toEqual(before);
  });
});

/** `Function acme-api: environment`, for each input that differs. */
function changes(before: Evaluation, after: Evaluation): string[] {
  const former = new Map(before.records.map((record) => [record.urn, record]));
  expect([...former.keys()].toSorted()).toEqual(after.records.map(({ urn }) => urn).toSorted());
  return after.records
    .filter(({ custom }) => custom)
    .flatMap(({ urn, type, name, inputs, options }) => {
      const earlier = former.get(urn);
      const { protect, retainOnDelete } = options;
      expect(earlier?.options).toMatchObject({ protect, retainOnDelete });
      const inputNames = new Set([...Object.keys(inputs), ...Object.keys(earlier?.inputs ?? {})]);
      return [...inputNames]
        .filter((one) => JSON.stringify(inputs[one]) !== JSON.stringify(earlier?.inputs[one]))
        .map((one) => `${type.split(":").at(-1)} ${name}: ${one}`);
    });
}

describe("a state", () => {
  let active: Evaluation;
  beforeAll(async () => {
    active = await run(acme);
  });

  test("of active is the default, and what is not said anywhere but in the outputs", async () => {
    const said = await run({ ...acme, state: "active" });
    expect(said).toEqual(active);
    expect(JSON.stringify(lookUp(active).one("Function").inputs)).not.toContain("STATE");
    expect(active.outputs).toMatchObject({ tenants: { acme: { state: "active" } } });
  });

  test("of suspended changes the function's environment, takes its grants and disables its schedule, nothing else", async () => {
    const suspended = await run({ ...acme, state: "suspended" });
    expect(changes(active, suspended).toSorted()).toEqual([
      "Function acme-api: environment",
      "Policy acme-api: policy",
      "Schedule acme-api-maintenance: state",
    ]);
    const { one } = lookUp(suspended);
    expect(one("Function").inputs.environment).toMatchObject({
      variables: { TENANT_STATE: "suspended" },
    });
    expect(actionsOf(suspended)).toEqual([
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "logs:CreateLogStream",
      "logs:PutLogEvents",
      "sqs:SendMessage",
      "xray:PutTelemetryRecords",
      "xray:PutTraceSegments",
    ]);
  });

  test("of off-boarding leaves the grants of reading and erasing, and tags what may be left", async () => {
    const leaving = await run({
      ...acme,
      ...offBoarding,
      api: { models: ["amazon.nova-lite-v1:0"] },
    });
    expect(actionsOf(leaving).filter((action) => /^(s3|dynamodb|bedrock):/.test(action))).toEqual([
      "dynamodb:BatchWriteItem",
      "dynamodb:DeleteItem",
      "dynamodb:GetItem",
      "dynamodb:PutItem",
      "dynamodb:Query",
      "dynamodb:UpdateItem",
      "s3:DeleteObject",
      "s3:GetObject",
      "s3:ListBucket",
    ]);
    const tags = {
      "chatstack:tenant": "acme",
      "chatstack:state": "off-boarding",
      "chatstack:retain-until": "2027-03-31",
    };
    const { all, one } = lookUp(leaving);
    for (const type of ["Table", "Bucket", "UserPool", "Key", "Vault"]) {
      expect(all(type).length).toBeGreaterThan(0);
      for (const { inputs } of all(type)) expect(inputs.tags).toMatchObject(tags);
    }
    expect(one("Function").inputs.tags).not.toHaveProperty("chatstack:state");
    const stays = { state: "off-boarding", retainUntil: "2027-03-31" };
    expect(one("TenantStack").outputs).toMatchObject({ tenant: "acme", ...stays });
    expect(leaving.outputs).toMatchObject({ tenants: { acme: stays } });
  });

  test.each([
    "suspended",
    "off-boarding",
  ])("of %s sends a canary's requests to the newest version, which knows it", async (state) => {
    const canary = { release: { stableVersion: "12", newestPercent: 5 } } as const;
    const evaluation = await run({ ...acme, state, api: canary });
    const { inputs } = lookUp(evaluation).one("Alias", "acme-api");
    expect(inputs).toMatchObject({ functionVersion: expect.not.stringMatching(/^12$/) });
    expect(inputs).not.toHaveProperty("routingConfig");
  });
});

const actionsOf = (evaluation: Evaluation) => {
  const { policy } = lookUp(evaluation).one("Policy", "acme-api").inputs;
  return [...new Set(statements(policy).flatMap(({ Action }) => Action))].toSorted();
};
