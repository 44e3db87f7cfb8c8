/** What the doctor makes of a stack's records alone, and of an account's answers. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { examine } from "../../offline/doctor/doctor.ts";
import type { AccountFacts } from "../../offline/doctor/facts.ts";
import { type Needs, needsOf } from "../../offline/doctor/needs.ts";
import type { Check } from "../../offline/doctor/report.ts";
import { boundaryDocument, mostPolicyCharacters } from "../../offline/doctor/role-needs.ts";
import type { Evaluation } from "../../offline/evaluate.ts";
import { coversAction, statementsOf } from "../../policies/reading/policy-document.ts";
import { gapsChecked, regionalGaps } from "../../stacks/rules/regional-gaps.ts";
import {
  evaluateFullest,
  fullestConfig,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";

const models = ["amazon.nova-lite-v1:0", "us.anthropic.claude-sonnet-4-v1:0"];
const settings = {
  ...fullestSettings,
  api: { ...fullestSettings.api, models },
  monitoring: { notify: ["ops@full.example"], monthlyBudget: 500 },
};
const boundaryArn = "arn:aws:iam::123456789012:policy/chatstack-boundary";
const topicArn = "arn:aws:sns:us-east-1:123456789012:full-operators";
const place = { region: "us-east-1", isProduction: true };

let fullest: Evaluation;
let needs: Needs;

beforeAll(async () => {
  fullest = await evaluateFullest(settings);
  needs = needsOf(fullest, place);
});

const config = (): Record<string, string> => fullestConfig(settings);

function checksOf(
  own: Needs,
  facts?: AccountFacts,
  more: Record<string, string> = {},
): readonly Check[] {
  const file = {
    stack: "full",
    path: "Pulumi.full.yaml",
    root: ".",
    config: { ...config(), ...more },
    secretKeys: [],
    handedOver: {},
  };
  return examine({ file, evaluation: fullest }, own, facts).checks;
}

const one = (checks: readonly Check[], id: string, subject = ""): Check | undefined =>
  checks.find((check) => check.id === id && check.subject.includes(subject));

/** An account that lacks nothing. */
const ready = (): AccountFacts => ({
  account: "123456789012",
  concurrency: { value: { limit: 1_000, unreserved: 1_000 } },
  limits: new Map([["L-B99A9384", 1_000]]),
  models: new Map(needs.models.map((id) => [id, { value: access }])),
  gatewayRole: { value: undefined },
  costTags: { value: new Map(needs.costTags.map((key) => [key, "Active"])) },
  mail: { value: { isProduction: true, maySend: true } },
  serviceRoles: new Map(needs.serviceRoles.map(({ service }) => [service, { value: true }])),
  boundaries: new Map([
    [boundaryArn, { value: JSON.stringify(boundaryDocument(needs.roles.actions)) }],
  ]),
  zones: new Map([["Z0FULL", { value: "full.example." }]]),
  topics: new Map([[topicArn, { value: { confirmed: 1, pending: 0 } }]]),
});

const access = {
  agreement: "AVAILABLE",
  authorization: "AUTHORIZED",
  entitlement: "AVAILABLE",
  region: "AVAILABLE",
};

test("an account that lacks nothing is found to lack nothing", () => {
  const open = checksOf(needs, ready()).filter(({ state }) => state !== "ok");
  expect(open).toEqual([]);
});

test("from the records alone, what only the account knows is unknown and never missing", () => {
  const checks = checksOf(needs, undefined, {
    "chatstack:permissionsBoundaryArn": boundaryArn,
  });
  const unknown = checks.filter(({ state }) => state === "unknown").map(({ id }) => id);
  expect(new Set(unknown)).toEqual(
    new Set([
      "lambda-concurrency",
      "service-linked-roles",
      "bedrock-model",
      "cost-tag",
      "mail",
      "hosted-zone",
      "topic",
    ]),
  );
  const missing = checks.filter(({ state }) => state === "missing");
  expect(missing).toMatchObject([
    { id: "permissions-boundary", why: expect.stringContaining("example account") },
  ]);
});

describe("each thing that an account lacks is missing, with what to do", () => {
  const lacks: Record<string, [Partial<AccountFacts>, id: string, subject: string, why: RegExp]> = {
    "a new account's concurrency": [
      { concurrency: { value: { limit: 10, unreserved: 10 } } },
      "lambda-concurrency",
      "",
      /225 are needed; the account has 10\./,
    ],
    "quota that ends": [{ limits: new Map([["L-FE177D64", 1]]) }, "quota", "L-FE177D64", /of 1\./],
    "model without its agreement": [
      { models: new Map([[models[1]!, { value: { ...access, agreement: "NOT_AVAILABLE" } }]]) },
      "bedrock-model",
      "claude",
      /agreement NOT_AVAILABLE/,
    ],
    "model that is not authorized": [
      {
        models: new Map([[models[0]!, { value: { ...access, authorization: "NOT_AUTHORIZED" } }]]),
      },
      "bedrock-model",
      "nova",
      /authorization NOT_AUTHORIZED/,
    ],
    "tag that is not active": [
      { costTags: { value: new Map([["chatstack:tenant", "Inactive"]]) } },
      "cost-tag",
      "",
      /Inactive/,
    ],
    "Amazon SES in its sandbox": [
      { mail: { value: { isProduction: false, maySend: true } } },
      "mail",
      "Amazon SES",
      /sandbox/,
    ],
    "boundary that is not there": [
      { boundaries: new Map([[boundaryArn, { value: undefined }]]) },
      "permissions-boundary",
      "",
      /no such policy/,
    ],
    "boundary of another account": [
      { account: "210987654321" },
      "permissions-boundary",
      "",
      /123456789012; the credentials are of 210987654321/,
    ],
    "zone that is not there": [
      { zones: new Map([["Z0FULL", { value: undefined }]]) },
      "hosted-zone",
      "",
      /no such zone/,
    ],
    "zone of another domain": [
      { zones: new Map([["Z0FULL", { value: "notfull.example." }]]) },
      "hosted-zone",
      "",
      /outside it: chat\.full\.example/,
    ],
    "topic that nobody confirmed": [
      { topics: new Map([[topicArn, { value: { confirmed: 0, pending: 2 } }]]) },
      "topic",
      "",
      /Nobody hears.*2 did not confirm/,
    ],
  };

  test.each(Object.entries(lacks))("%s", (_, [facts, id, subject, why]) => {
    const check = one(checksOf(needs, { ...ready(), ...facts }), id, subject);
    expect(check).toMatchObject({ state: "missing", why: expect.stringMatching(why) });
    expect(check?.todo?.text).toBeTruthy();
  });
});

test.each([
  "dynamodb:Query",
  "kms:Decrypt",
  "dynamodb:StartAwsBackupJob",
  "logs:PutLogEvents",
])("a boundary without %s is missing it by name", (action) => {
  const actions = needs.roles.actions.filter((one) => one !== action);
  expect(actions).not.toHaveLength(needs.roles.actions.length);
  const value = JSON.stringify(boundaryDocument(actions));
  const facts = { ...ready(), boundaries: new Map([[boundaryArn, { value }]]) };
  expect(one(checksOf(needs, facts), "permissions-boundary")).toMatchObject({
    state: "missing",
    why: `It does not allow ${action}.`,
  });
});

test("a boundary that denies an action everywhere does not allow it", () => {
  const allow = { Effect: "Allow", Action: "*", Resource: "*" };
  const deny = { Effect: "Deny", Action: "dynamodb:Q*", Resource: "*" };
  const value = JSON.stringify({ Version: "2012-10-17", Statement: [allow, deny] });
  const facts = { ...ready(), boundaries: new Map([[boundaryArn, { value }]]) };
  expect(one(checksOf(needs, facts), "permissions-boundary")?.why).toBe(
    "It does not allow dynamodb:Query.",
  );
});

test("an account whose concurrency others reserved is not said to be enough", () => {
  const facts = { ...ready(), concurrency: { value: { limit: 1_000, unreserved: 150 } } };
  expect(one(checksOf(needs, facts), "lambda-concurrency")).toMatchObject({
    state: "unknown",
    why: expect.stringContaining("850 of 1,000 are reserved already"),
  });
});

test("what the account refuses to tell is unknown, with the permission that is lacking", () => {
  const refused = "The credentials may not call ce:ListCostAllocationTags.";
  const facts = { ...ready(), costTags: { refused } };
  expect(one(checksOf(needs, facts), "cost-tag")).toMatchObject({ state: "unknown", why: refused });
});

test("the boundary has every action that a role's policy allows, by exact name, and fits into a policy", async () => {
  for (const evaluation of [fullest, await evaluateFullest(otherSettings)]) {
    const { roles } = needsOf(evaluation, place);
    const document = boundaryDocument(roles.actions);
    const allowed = statementsOf(JSON.stringify(document));
    const asked = evaluation.records
      .filter(({ type }) => type === "aws:iam/policy:Policy")
      .flatMap(({ inputs }) => statementsOf(inputs.policy))
      .flatMap(({ actions }) => actions);
    expect(asked.length).toBeGreaterThan(20);
    for (const action of asked) {
      expect(
        allowed.some((statement) => coversAction(statement, action)),
        action,
      ).toBe(true);
    }
    expect(roles.actions.filter((action) => action.includes("*"))).toEqual([]);
    expect(roles.unread).toEqual([]);
    expect(JSON.stringify(document).length).toBeLessThan(mostPolicyCharacters);
  }
});

test("models are named by their ids, and budgets' tags by their keys", () => {
  expect(needs.models).toEqual(models);
  expect(needs.costTags).toEqual(["chatstack:tenant", "chatstack:environment"]);
});

test("the service-linked roles of what is used are named, and of nothing else", async () => {
  const other = needsOf(await evaluateFullest(otherSettings), place);
  const names = (own: Needs) => own.serviceRoles.map(({ name }) => name);
  expect(names(needs)).toContain("AWSServiceRoleForApplicationAutoScaling_DynamoDBTable");
  expect(names(needs)).toContain("AWSServiceRoleForBackupRestoreTesting");
  expect(names(needs)).not.toContain("AWSServiceRoleForDynamoDBReplication");
  expect(names(other)).toContain("AWSServiceRoleForDynamoDBReplication");
  expect(names(other)).not.toContain("AWSServiceRoleForApplicationAutoScaling_DynamoDBTable");
});

test.each([
  ["us-gov-west-1", ["budgets and cost allocation tags"]],
  ["cn-north-1", ["Cognito user pools", "Amazon Bedrock"]],
])("%s: what the records use and the region lacks is missing", (region, lacking) => {
  const checks = checksOf(needsOf(fullest, { ...place, region }));
  const found = checks.filter(({ id }) => id === "partition");
  expect(found.map(({ state }) => state)).toEqual(lacking.map(() => "missing"));
  for (const [at, what] of lacking.entries()) expect(found[at]?.why).toContain(what);
});

test("login domains with a certificate are not there in GovCloud, and are in the standard partition", async () => {
  const evaluation = await evaluateFullest(otherSettings);
  const inRegion = (region: string) =>
    checksOf(needsOf(evaluation, { ...place, region })).filter(({ id }) => id === "partition");
  expect(inRegion("us-gov-west-1")).toMatchObject([
    { why: expect.stringContaining("login domains of their own") },
  ]);
  expect(inRegion("eu-central-1")).toEqual([]);
});

test("docs/start/fresh-account.md has a row for each gap of GovCloud and China, and no other", () => {
  const text = readFileSync(
    resolve(import.meta.dirname, "../../docs/start/fresh-account.md"),
    "utf8",
  );
  const [, section = ""] = text.split("## GovCloud and China\n");
  const [table = ""] = section.split("\n## ");
  const regions = { "aws-us-gov": "AWS GovCloud (US)", "aws-cn": "China" };
  expect(
    table
      .split("\n")
      .filter((line) => line.startsWith("| "))
      .slice(2),
  ).toEqual(
    regionalGaps.map(
      ({ partition, what, instead }) => `| ${regions[partition]} | ${what} | ${instead} |`,
    ),
  );
  expect(table).toContain(gapsChecked);
});

test("README.md and docs/start/fresh-account.md have what each check asks for", () => {
  const read = (path: string) => readFileSync(resolve(import.meta.dirname, "../..", path), "utf8");
  const [, deploy = ""] = read("README.md").split("## Deploy to AWS\n");
  const [section = ""] = deploy.split("\n## ");
  expect(section).toContain("chatstack doctor --stack prod --account");
  expect(section).toContain("docs/start/fresh-account.md");
  const headings = read("docs/start/fresh-account.md")
    .match(/^## .+$/gm)
    ?.join("\n");

  /** The heading of its step, and what the README names of it beside the link to all steps. */
  const places: Record<string, [step: string, inReadme?: string]> = {
    "api-gateway-role": ["Set API Gateway's role", "chatstack:apiGatewayAccount: managed"],
    "bedrock-model": ["Get access to the models", "Amazon Bedrock"],
    "cost-tag": ["Activate the cost tags", "activated as cost allocation tags"],
    "hosted-zone": ["Have somebody on call"],
    "lambda-concurrency": ["Ask for Lambda concurrency", "docs/scale/quotas.md"],
    mail: ["Plan for mail", "Amazon SES out of its sandbox"],
    "permissions-boundary": ["Make the permissions boundary", "permissions boundary"],
    quota: ["Ask for other quotas", "chatstack quotas"],
    "service-linked-roles": ["Let AWS make its service-linked roles"],
    topic: ["Have somebody on call"],
  };
  const ids = new Set(checksOf(needs).map(({ id }) => id));
  expect([...ids].sort()).toEqual(Object.keys(places));
  for (const [step, inReadme = ""] of Object.values(places)) {
    expect(headings).toContain(step);
    expect(section).toContain(inReadme);
  }
});
