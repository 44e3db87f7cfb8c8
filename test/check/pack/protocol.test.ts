import { join, resolve } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { check } from "../../../offline/check/check.ts";
import { judge } from "../../../offline/check/pack/judge.ts";
import { Pack } from "../../../offline/check/pack/pack.ts";
import { reconcile } from "../../../offline/check/pack/policy-config.ts";
import { type Provided, withProviders } from "../../../offline/check/pack/providers.ts";
import { viewOf } from "../../../offline/check/pack/view.ts";
import { configureRequest, policiesOf } from "../../../offline/check/pack/wire-config.ts";
import { type Evaluation, evaluate } from "../../../offline/evaluate.ts";
import { evaluateStack, readStackFile } from "../../../offline/project.ts";
import { indexStack, judgeResource, judgeStack } from "../../../policies/judge.ts";
import { readStackConfig } from "../../../policies/reading/stack-config.ts";
import { rules } from "../../../policies/rules.ts";
import { evaluateFullest, fullestSettings } from "../../../testing/stacks/fullest-tenant.ts";

const root = resolve(import.meta.dirname, "../../..");

type Config = Readonly<Record<string, string>>;

/** What the rules say through the real pack and the analyzer protocol. */
async function throughPack(provided: Provided, stack: string, config: Config): Promise<string[]> {
  const folder = join(root, "policies");
  const pack = await Pack.start(folder, { project: "chatstack", stack, config, secretKeys: [] });
  try {
    const settings = reconcile(policiesOf(await pack.info()), {});
    await pack.configure(configureRequest(settings));
    const { diagnostics, failures } = await judge(pack, provided, settings);
    expect(failures).toEqual([]);
    return diagnostics
      .map(({ rule, urn, message }) => `${rule} ${urn} ${message.split("\n").slice(1).join("\n")}`)
      .sort();
  } finally {
    await pack.stop();
  }
}

/** What the rules say when they are handed the same resources. */
function directly(provided: Provided, config: Config): string[] {
  const stackConfig = readStackConfig(
    { PULUMI_CONFIG: JSON.stringify(config), PULUMI_DRY_RUN: "true" },
    new Date(),
  );
  const inputs = viewOf(provided, "inputs");
  const stack = indexStack(viewOf(provided, "outputs"), stackConfig);
  return rules
    .flatMap((rule) =>
      rule.kind === "resource"
        ? inputs.flatMap((resource) => judgeResource(rule, resource, stackConfig))
        : judgeStack(rule, stack),
    )
    .map(({ rule, urn, message }) => `${rule} ${urn} ${message}`)
    .sort();
}

async function expectSame({ records, stack }: Evaluation, config: Config): Promise<string[]> {
  const provided = withProviders(records, "chatstack", stack, config);
  const findings = await throughPack(provided, stack, config);
  expect(findings).toEqual(directly(provided, config));
  return findings;
}

test.each(["dev", "prod"])("the findings on %s are the same through the pack", async (stack) => {
  const { config } = readStackFile(root, "chatstack", stack);
  const findings = await expectSame(await evaluateStack(stack, { root, preview: true }), config);
  expect(findings.length).toBeGreaterThan(0);
});

/** Whatever the wire could bend: secrets, assets, unknowns, lists, numbers, options, explicit providers. */
function awkward(): void {
  const provider = new aws.Provider("elsewhere", { region: "eu-west-1" });
  const table = new aws.dynamodb.Table(
    "bare",
    {
      billingMode: "PROVISIONED",
      readCapacity: 1,
      writeCapacity: 0,
      hashKey: "pk",
      attributes: [{ name: "pk", type: "S" }],
      replicas: [{ regionName: "us-west-2", consistencyMode: "STRONG" }],
      tags: { "chatstack:tenant": "", empty: "" },
    },
    { provider, protect: true, ignoreChanges: ["tags"] },
  );
  const role = new aws.iam.Role("role", {
    assumeRolePolicy: JSON.stringify({
      Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" },
    }),
  });
  new aws.lambda.Function("function", {
    role: role.arn,
    runtime: "nodejs16.x",
    handler: "index.handler",
    code: new pulumi.asset.AssetArchive({
      "index.mjs": new pulumi.asset.StringAsset("export const handler = () => {};"),
    }),
    environment: { variables: { API_TOKEN: pulumi.secret("do-not-show-this"), TABLE: table.arn } },
  });
  new aws.s3.BucketObject("object", {
    bucket: "somewhere",
    source: new pulumi.asset.FileAsset(import.meta.filename),
  });
  const bucket = new aws.s3.Bucket("bucket", { forceDestroy: true });
  new aws.s3.BucketPolicy("policy", {
    bucket: bucket.id,
    policy: table.restoreSourceName.apply(String),
  });
}

test("so are those on resources that the wire could bend", async () => {
  const config = { "aws:region": "us-east-1", "chatstack:environment": "production" };
  const evaluation = await evaluate(awkward, { preview: true, config });

  const findings = await expectSame(evaluation, config);

  expect(findings.some((finding) => finding.includes("cannot tell:"))).toBe(true);
  expect(findings.some((finding) => finding.startsWith("tenant-region"))).toBe(true);
  expect(findings.join("\n")).not.toContain("do-not-show-this");
});

class Foreign extends pulumi.CustomResource {}

/** What no component makes: every kind of value, under every type of resource in turn. */
function foreign(): void {
  const source = new aws.kms.Key("source");
  const odd: Readonly<Record<string, unknown>>[] = [
    {},
    { tags: {}, name: "", policy: "{", arn: null, principal: "*" },
    { policy: pulumi.secret('{"Statement":[]}'), name: pulumi.secret("hidden"), enabled: "yes" },
    { policy: source.arn, name: source.description, tags: source.tagsAll, principals: [source.id] },
    { policy: [[null, undefined, { deep: [1, "2"] }]], name: 12, enabled: 0, rules: "none" },
    { policy: JSON.stringify({ Statement: [{ Effect: "Allow", Principal: "*", Action: 7 }] }) },
    { name: "ünïcode\u2028\u0000😀", description: "x".repeat(10_000), "a.b": 1, "tags.x": true },
    { environment: { variables: { API_KEY: source.arn } }, size: 2 ** 53, ratio: -0 },
    { source: new pulumi.asset.StringAsset("x"), code: new pulumi.asset.RemoteAsset("https://x") },
    { source, list: [source.arn, pulumi.secret(["a", source.id])], "": "empty", __proto: "x" },
  ];
  const types = [...new Set(rules.flatMap((rule) => rule.types))].filter((type) =>
    /^aws:[^*]+$/.test(type),
  );
  // Every second type, each of the odd values ten times.
  for (let at = 0; at < 100; at++) {
    const type = types[(2 * at) % types.length] ?? "";
    new Foreign(type, `foreign-${at}`, { ...odd[at % odd.length] });
  }
}

test("so are those on a hundred resources of other programs, with whatever they hold", async () => {
  const config = { "aws:region": "us-east-1", "chatstack:environment": "production" };
  const evaluation = await evaluate(foreign, { preview: true, config });
  expect(evaluation.records.length).toBeGreaterThan(100);
  expect((await expectSame(evaluation, config)).length).toBeGreaterThan(100);
}, 120_000);

test("so are those on a tenant with everything", async () => {
  const { records, ...evaluation } = await evaluateFullest(fullestSettings);
  const config = { "aws:region": "us-east-1", "chatstack:environment": "production" };
  const findings = await expectSame({ records, ...evaluation }, config);
  expect(findings.length).toBeGreaterThan(0);
}, 120_000);

test("`check` says the same by the protocol and without it", async () => {
  const options = { root, stacks: ["dev", "prod"], pack: join(root, "policies") };
  const direct = await check(options);
  const asked = await check({ ...options, protocol: true });
  expect(direct.stacks).toEqual(asked.stacks);
  expect(direct.rules).toEqual(asked.rules);
  expect(direct.failures).toEqual(asked.failures);
}, 120_000);
