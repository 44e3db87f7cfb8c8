import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, describe, expect, test } from "vitest";
import { check } from "../../offline/check/check.ts";
import { sarifReport } from "../../offline/check/reports/sarif.ts";
import type { Evaluation } from "../../offline/evaluate.ts";
import { evaluateStack } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";

const repository = resolve(import.meta.dirname, "../..");
const programs = join(import.meta.dirname, "../programs");
const scratch = mkdtempSync(join(tmpdir(), "programs-"));

afterAll(() => rmSync(scratch, { recursive: true }));

const evaluated = new Map<string, Promise<Evaluation>>();

/** Each program is evaluated once. */
function evaluate(program: string, stack: string): Promise<Evaluation> {
  const run = evaluated.get(program) ?? evaluateStack(stack, { root: join(programs, program) });
  evaluated.set(program, run);
  return run;
}

const lines = ({ records }: Evaluation) =>
  Object.fromEntries(records.slice(1).map(({ type, source }) => [type, source?.line]));

const ofType = ({ records }: Evaluation, type: string): ResourceRecord =>
  records.find((record) => record.type === type)!;

describe("a program is evaluated", () => {
  test("that `pulumi new aws-typescript` makes, with the project's config and no stack file", async () => {
    const evaluation = await evaluate("template", "dev");
    expect(lines(evaluation)).toEqual({ "aws:s3/bucket:Bucket": 6 });
    expect(evaluation.records[1]?.outputs.region).toBe("eu-west-1");
    expect(evaluation.outputs.bucketName).toMatch(/^my-bucket-[0-9a-f]{7}$/);
  });

  test("in CommonJS, from `main`, with stack files in `stackConfigDir`", async () => {
    const evaluation = await evaluate("commonjs", "test");
    expect(lines(evaluation)).toEqual({
      "aws:dynamodb/table:Table": 8,
      "aws:cloudwatch/logGroup:LogGroup": 14,
    });
    expect(ofType(evaluation, "aws:dynamodb/table:Table").inputs.pointInTimeRecovery).toEqual({
      enabled: true,
    });
    expect(ofType(evaluation, "aws:cloudwatch/logGroup:LogGroup").inputs.retentionInDays).toBe(30);
    expect(evaluation.outputs.table).toMatch(/^orders-/);
  });

  test("whose module makes a resource and reads the config beside the function that it exports", async () => {
    const text = `import * as pulumi from "@pulumi/pulumi";
const name = new pulumi.Config("x").get("name") ?? "absent";
new pulumi.ComponentResource("x:index:Thing", "beside", {});
export default () => {
  new pulumi.ComponentResource("x:index:Thing", name, {});
};
`;
    const root = programOf("beside", text, plain, "module");
    writeFileSync(join(root, "Pulumi.dev.yaml"), "config: { x:name: told }\n");
    // The second time the module is loaded already.
    const [first, second] = [
      await evaluateStack("dev", { root }),
      await evaluateStack("dev", { root }),
    ];
    expect(first.records.slice(1).map((record) => record.name)).toEqual(["beside", "told"]);
    expect(second.records).toEqual(first.records);
  });

  test("with a remote component, of which it is one resource and unknown outputs", async () => {
    const evaluation = await evaluate("awsx", "dev");
    expect(ofType(evaluation, "awsx:ec2:Vpc")).toMatchObject({ remote: true, custom: false });
    const { inputs } = ofType(evaluation, "aws:ec2/securityGroup:SecurityGroup");
    expect(pulumi.isUnknown(inputs.vpcId)).toBe(true);
    expect(evaluation.records).toHaveLength(5);
  });

  test("with tokens of any form, dynamic providers, and functions that nobody answers", async () => {
    const evaluation = await evaluate("packages", "dev");
    expect(evaluation.records.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        "aws-native:s3:Bucket",
        "command:local:Command",
        "pulumi-nodejs:dynamic:Resource",
      ]),
    );
    const log = ofType(evaluation, "aws:cloudwatch/logGroup:LogGroup");
    expect(pulumi.isUnknown(log.inputs.retentionInDays)).toBe(true);
    expect(log.source).toEqual({ file: join(programs, "packages/dynamic.ts"), line: 20 });
    expect(evaluation.unanswered).toEqual(["aws-native:index:getAccountId"]);
  });

  test("with a policy document that it computes, and what AWS looks up left unknown", async () => {
    const evaluation = await evaluate("document", "dev");
    const bucket = ofType(evaluation, "aws:s3/bucket:Bucket");
    const policy = ofType(evaluation, "aws:s3/bucketPolicy:BucketPolicy");
    expect(JSON.parse(String(policy.inputs.policy)).Statement).toEqual([
      {
        Sid: "Everybody",
        Effect: "Allow",
        Principal: "*",
        Action: "s3:GetObject",
        Resource: `${bucket.outputs.arn}/*`,
      },
    ]);
    const { inputs } = ofType(evaluation, "aws:ec2/instance:Instance");
    expect(pulumi.isUnknown(inputs.ami)).toBe(true);
    expect(inputs.instanceType).toBe("t3.micro");
    expect(evaluation.unanswered.toSorted()).toEqual([
      "aws:ec2/getAmi:getAmi",
      "aws:kms/getAlias:getAlias",
    ]);
  });
});

/** By the rules of the pack, with the evaluation that is there. */
const checkOf = (program: string, stack: string, rules: readonly string[]) =>
  check({
    root: join(programs, program),
    stacks: [stack],
    rules,
    pack: join(repository, "policies"),
    evaluate: () => evaluate(program, stack),
  });

describe("a check of it", () => {
  test("points at the line of `new`, from the repository's root", async () => {
    const report = await checkOf("monorepo/infra", "prod", ["ddb-pitr", "s3-versioning"]);
    expect(report.outcome).toBe("violations");
    const { results } = sarifReport(report, "1").runs[0]!;
    const places = results.map(({ ruleId, locations }) => {
      const { artifactLocation, region } = locations[0]!.physicalLocation;
      return `${ruleId} ${artifactLocation.uri}:${region.startLine}`;
    });
    expect(places.toSorted()).toEqual([
      "ddb-pitr test/programs/monorepo/infra/index.ts:6",
      "s3-versioning test/programs/monorepo/infra/index.ts:3",
    ]);
  });

  test("finds the open bucket, and tells what it could not judge", async () => {
    const report = await checkOf("document", "dev", ["s3-policy-principal"]);
    const [stack] = report.stacks;
    expect(report.outcome).toBe("violations");
    expect(stack?.findings).toMatchObject([
      { rule: "s3-policy-principal", file: "index.ts", line: 19 },
    ]);
    expect(stack?.unjudged?.map(({ type }) => type)).toContain("aws:ec2/instance:Instance");
    expect(stack?.unanswered).toContainEqual({ function: "aws:ec2/getAmi:getAmi", calls: 1 });
  });

  test("cannot tell where, and only where, a rule needs what is unknown", async () => {
    const needs = await checkOf("packages", "dev", ["log-retention"]);
    expect(needs.outcome).toBe("could-not-judge");
    expect(needs.stacks[0]?.findings).toMatchObject([
      { verdict: "cannot-tell", file: "dynamic.ts" },
    ]);
    const needsNot = await checkOf("packages", "dev", ["sqs-encrypted"]);
    expect(needsNot.outcome).toBe("violations");
  });

  test("names the component that is opaque", async () => {
    const report = await checkOf("awsx", "dev", ["s3-versioning"]);
    expect(report.stacks[0]?.unjudged).toContainEqual({
      type: "awsx:ec2:Vpc",
      resources: 1,
      why: "opaque",
    });
  });
});

const plain = "{name: nodejs, options: {typescript: false}}";

/** A program of one file. */
function programOf(name: string, text: string, runtime = plain, type = "commonjs"): string {
  const root = join(scratch, name);
  mkdirSync(root);
  symlinkSync(join(repository, "node_modules"), join(root, "node_modules"));
  writeFileSync(join(root, "Pulumi.yaml"), `name: ${name}\nruntime: ${runtime}\n`);
  writeFileSync(join(root, "package.json"), JSON.stringify({ name, type, main: "index.js" }));
  writeFileSync(join(root, "index.js"), text);
  return root;
}

const causesOf = (root: string, seconds = 30): Promise<readonly string[]> =>
  evaluateStack("dev", { root, idleSeconds: seconds, stuckSeconds: seconds }).then(
    () => [],
    (error: { causes?: readonly string[]; message: string }) => error.causes ?? [error.message],
  );

const sdk = 'const pulumi = require("@pulumi/pulumi");\n';
const component = 'new pulumi.ComponentResource("x:index:Thing", "thing", {});\n';

describe("a program that fails is told with its place:", () => {
  test.each([
    ["ends", "process.exit(0);", "index.js:3: the program ends its process (process.exit, code 0)"],
    [
      "ends-later",
      "pulumi.output(1).apply(() =>\n  process.exit(0));",
      "index.js:4: the program ends its process (process.exit, code 0)",
    ],
    ["throws", '\nthrow new Error("no such tenant");', "index.js:4: Error: no such tenant"],
    [
      "type-error",
      "pulumi.output({}).apply((one) => one.two.three);",
      "index.js:3: TypeError: Cannot read properties of undefined (reading 'three')",
    ],
    ["syntax-error", "const = 1;", "index.js:3"],
    [
      "waits",
      'new pulumi.ComponentResource("x:index:Thing", "waits", { on: new Promise(() => {}) }, {}, true);',
      '"waits" [x:index:Thing] never settles: it is waiting for the value of its input property "on"',
    ],
  ])("it %s", async (name, text, cause) => {
    const [first, ...others] = await causesOf(programOf(name, `${sdk}${component}${text}\n`));
    expect(first).toContain(cause);
    expect(others).toEqual([]);
  });

  test("it exports a function and names, of which Pulumi takes one kind alone", async () => {
    const root = programOf(
      "both",
      "export default () => {};\nexport const x = 1;\n",
      plain,
      "module",
    );
    expect((await causesOf(root)).join()).toContain("either a default export or named exports");
  });

  test("it stands still", async () => {
    const root = programOf("loops", `${sdk}${component}for (;;) {}\n`);
    expect(await causesOf(root, 6)).toEqual([
      "index.js:3: the program stands still for 6 s, as in an endless loop",
    ]);
  });

  test("a function ends the process, where it runs in this one", async () => {
    const text = "export default () => {\n  process.exit(0);\n};\n";
    expect(await causesOf(programOf("function-ends", text, plain, "module"))).toEqual([
      "index.js:2: the program ends its process (process.exit, code 0)",
    ]);
  });

  test("YAML needs the engine itself, for the types of its resources", async () => {
    const [cause] = await causesOf(programOf("yaml", "", "yaml"));
    expect(cause).toContain('runtime: found "yaml"; it needs the schemas of its packages');
    expect(cause).toContain("pulumi preview --policy-pack");
  });

  test("another language needs its language host", async () => {
    const [cause] = await causesOf(programOf("python", "", "python"));
    expect(cause).toContain('runtime: found "python"; it needs pulumi-language-python');
  });
});
