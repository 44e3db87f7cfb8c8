import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { judge } from "../../../offline/check/pack/judge.ts";
import { Pack } from "../../../offline/check/pack/pack.ts";
import { withProviders } from "../../../offline/check/pack/providers.ts";
import { evaluate } from "../../../offline/evaluate.ts";

/** One resource of each kind that the wire has a form of its own for. */
function program(): void {
  const parent = new (class extends pulumi.ComponentResource {})("test:index:Parent", "parent");
  const elsewhere = new aws.Provider("elsewhere", { region: "eu-west-1" });
  const table = new aws.dynamodb.Table(
    "table",
    { hashKey: "pk", attributes: [{ name: "pk", type: "S" }], readCapacity: 0, tags: { a: "" } },
    { parent, provider: elsewhere, protect: true, ignoreChanges: ["tags"], aliases: ["urn:old"] },
  );
  new aws.s3.BucketObject("object", {
    bucket: "somewhere",
    source: new pulumi.asset.FileAsset(import.meta.filename),
  });
  new aws.lambda.Function(
    "function",
    {
      role: "arn:aws:iam::123456789012:role/some",
      code: new pulumi.asset.FileArchive(import.meta.dirname),
      environment: pulumi.secret({ variables: { TABLE: table.arn } }),
      description: table.restoreSourceName.apply(String),
    },
    { dependsOn: [parent] },
  );
}

type Properties = Record<string, unknown>;

interface Seen {
  readonly props: Properties & { readonly environment?: { variables: Record<string, string> } };
  readonly opts?: object;
  readonly provider?: object;
  readonly parent?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: object;
}

const config = { "aws:region": "us-east-1", "chatstack:environment": "development" };
const seen = { inputs: new Map<string, Seen>(), outputs: new Map<string, Seen>() };

beforeAll(async () => {
  const { records } = await evaluate(program, { preview: true, config });
  const provided = withProviders(records, "chatstack", "test", config);
  const pack = await Pack.start(join(import.meta.dirname, "../packs/mirror"), {
    project: "chatstack",
    stack: "test",
    config,
    secretKeys: [],
  });
  try {
    const { diagnostics } = await judge(pack, provided, new Map());
    for (const { rule, urn, message } of diagnostics) {
      const kind = rule === "inputs" ? seen.inputs : seen.outputs;
      kind.set(urn.split("::").at(-1)!, JSON.parse(message.split("\n")[1]!));
    }
  } finally {
    await pack.stop();
  }
});

describe("a resource policy sees", () => {
  test("plain inputs as they are, empty texts and zeros included", () => {
    expect(seen.inputs.get("table")!.props).toMatchObject({
      hashKey: "pk",
      attributes: [{ name: "pk", type: "S" }],
      readCapacity: 0,
      tags: { a: "" },
    });
  });

  test("protect, ignoreChanges, aliases and the parent", () => {
    expect(seen.inputs.get("table")!.opts).toMatchObject({
      protect: true,
      ignoreChanges: ["tags"],
      aliases: ["urn:old"],
      parent: "urn:pulumi:test::chatstack::test:index:Parent::parent",
    });
  });

  test("the explicit provider, or the default one configured from the stack's config", () => {
    expect(seen.inputs.get("table")!.provider).toMatchObject({
      type: "pulumi:providers:aws",
      name: "elsewhere",
      props: { region: "eu-west-1" },
    });
    expect(seen.inputs.get("object")!.provider).toMatchObject({
      name: expect.stringMatching(/^default_\d+_\d+_\d+$/),
      props: { region: "us-east-1" },
    });
  });

  test("assets and archives as such, secrets in plain, unknowns as errors when read", () => {
    expect(seen.inputs.get("object")!.props.source).toBe("FileAsset");
    const { code, environment, description } = seen.inputs.get("function")!.props;
    expect([code, description]).toEqual(["FileArchive", "UnknownValueError"]);
    expect(environment?.variables.TABLE).toMatch(/^arn:aws:dynamodb:/);
  });

  test("the stack, components and default providers as well", () => {
    const names = [...seen.inputs.keys()];
    expect(names).toEqual(expect.arrayContaining(["chatstack-test", "parent", "elsewhere"]));
    expect(names.some((name) => name.startsWith("default_"))).toBe(true);
  });
});

describe("a stack policy sees", () => {
  test("outputs, the id among them", () => {
    expect(seen.outputs.get("table")!.props).toMatchObject({
      id: expect.stringMatching(/^table-/),
      arn: expect.stringMatching(/^arn:aws:dynamodb:us-east-1:/),
      hashKey: "pk",
    });
  });

  test("parents, dependencies, and where each input came from", () => {
    expect(seen.outputs.get("table")!.parent).toBe("parent");
    expect(seen.outputs.get("function")!.propertyDependencies).toMatchObject({
      environment: ["table"],
      description: ["table"],
    });
    expect(seen.outputs.get("function")!.dependencies).toContain("table");
  });
});
