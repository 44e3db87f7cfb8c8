import "../../offline/sdk/load.ts";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import { evaluateStack } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { comingOf, functions } from "../../offline/sdk/output.ts";
import program from "../../stacks/index.ts";
import { fullestConfig, fullestSettings } from "../../testing/stacks/fullest-tenant.ts";

/** In the order of URNs: what waits for less is registered sooner. Places are noted where they are asked for. */
const sorted = (records: readonly ResourceRecord[]) =>
  records.map(({ source: _, ...record }) => record).toSorted((a, b) => (a.urn < b.urn ? -1 : 1));

describe("the SDK with less work gives what it gives as it is", () => {
  test.each(["dev", "prod"])("of the stack %s, in a preview and in an update", async (stack) => {
    for (const preview of [true, false]) {
      const asIs = await evaluateStack(stack, { preview, sdk: "as-is" });
      const lean = await evaluateStack(stack, { preview });
      expect(sorted(lean.records)).toEqual(sorted(asIs.records));
      expect(lean.outputs).toEqual(asIs.outputs);
    }
  });

  test.each([
    ["the fullest tenant", program],
    ["odd inputs: secrets, unknowns, assets, nulls, outputs in lists, resources as values", odd],
    ["odd options: aliases, providers, parents, adopted and read resources", optional],
    ["outputs of outputs, of promises and of components", derived],
  ])("of %s", async (_, made: () => unknown) => {
    const config = fullestConfig(fullestSettings);
    const secretConfigKeys = ["chatstack:fullDirectorySecret"];
    for (const preview of [true, false]) {
      const options = { stack: "full", config, secretConfigKeys, preview };
      const asIs = await evaluate(made, { ...options, sdk: "as-is" });
      const lean = await evaluate(made, options);
      expect(sorted(lean.records)).toEqual(sorted(asIs.records));
      expect(lean.outputs).toEqual(asIs.outputs);
    }
  });

  test.each(["lean", "as-is"] as const)("of errors (%s)", async (sdk) => {
    const failing = () =>
      new aws.s3.Bucket("broken", {
        tags: pulumi.output(Promise.reject(new Error("no such tag"))),
      });
    await expect(evaluate(failing, { sdk })).rejects.toThrow(
      /error serializing property "tags": no such tag/,
    );
    const waiting = () =>
      new aws.s3.Bucket("stuck", { bucket: pulumi.output(new Promise<string>(() => {})) });
    await expect(evaluate(waiting, { sdk, idleSeconds: 1 })).rejects.toThrow(
      '"stuck" [aws:s3/bucket:Bucket] never settles: it is waiting for the value of its input property "bucket"',
    );
    const unread = () => {
      pulumi.output(1).apply(() => {
        throw new Error("nobody looks at it");
      });
    };
    await expect(evaluate(unread, { sdk })).rejects.toThrow("nobody looks at it");
  });

  /** Its texts are not the SDK's of a second run: a provider that does something is asked once. */
  test.each(["lean", "as-is"] as const)("of what a provider refuses (%s)", async (sdk) => {
    const provider = {
      create: ({ name }: { name: string }) =>
        name === "no" ? Promise.reject(new Error("refused")) : Promise.resolve({ outputs: {} }),
      invoke: () => Promise.resolve(undefined),
    };
    const refused = () => {
      const role = new aws.iam.Role("no", { assumeRolePolicy: "{}" });
      new aws.s3.Bucket("later", { bucket: role.name });
      return { told: pulumi.recover(role.arn, (error: Error) => error.message) };
    };
    const failure = await evaluate(refused, { sdk, provider }).catch((error: unknown) => error);
    expect(failure).toHaveProperty(
      "message",
      expect.stringContaining("failed to register new resource no [aws:iam/role:Role]: refused"),
    );
  });
});

class Holder extends pulumi.ComponentResource {
  constructor(name: string, args: pulumi.Inputs, options: pulumi.ComponentResourceOptions = {}) {
    super("x:index:Holder", name, args, options);
  }

  show(outputs: pulumi.Inputs): void {
    this.registerOutputs(outputs);
  }
}

function odd() {
  const key = new aws.kms.Key("key", { tags: { a: pulumi.secret("s3cret") } });
  const bucket = new aws.s3.Bucket("b", {
    tags: pulumi.output({ plain: "x", secret: pulumi.secret("hidden"), key: key.arn }),
    forceDestroy: Promise.resolve(true),
  });
  const fn = new aws.lambda.Function("f", {
    role: "arn:aws:iam::123456789012:role/r",
    code: new pulumi.asset.AssetArchive({
      "index.mjs": new pulumi.asset.StringAsset("export {}"),
      folder: new pulumi.asset.FileArchive("./stacks"),
    }),
    environment: { variables: { LIST: key.keyId.apply((id) => id.toUpperCase()) } },
    layers: [pulumi.interpolate`${bucket.arn}:layer`, "arn:aws:lambda:us-east-1:1:layer:x:1"],
  });
  const table = new aws.dynamodb.Table(
    "t",
    {
      attributes: [{ name: "pk", type: "S" }],
      hashKey: "pk",
      ttl: { enabled: false, attributeName: fn.version.apply(() => "x") },
      // What no provider returns is unknown in a preview.
      restoreDateTime: bucket.bucketPrefix,
    },
    { dependsOn: [fn], protect: true, additionalSecretOutputs: ["arn"] },
  );
  new Holder("holder", { bucket, list: [fn, null] }).show({
    table,
    key: key.arn,
    nothing: undefined,
    secret: pulumi.secret([1]),
  });
  return { table: table.arn, nested: { bucket: bucket.id, list: [fn.arn, null] }, code: fn.code };
}

function optional() {
  const region = new aws.Provider("far", { region: "eu-west-1" });
  const owner = new aws.s3.Bucket("owner", {}, { provider: region, version: "7.0.1" });
  const outer = new pulumi.ComponentResource(
    "x:index:Outer",
    "outer",
    {},
    { protect: true, retainOnDelete: true, deletedWith: owner, providers: [region] },
  );
  const inner = new Holder("inner", { outer }, { parent: outer });
  const child = new aws.s3.Bucket(
    "child",
    {},
    {
      parent: inner,
      aliases: [{ name: "old" }, "urn:pulumi:full::chatstack::aws:s3/bucket:Bucket::older"],
      ignoreChanges: ["tags"],
      replaceOnChanges: ["bucket"],
      deleteBeforeReplace: true,
      transformations: [({ props, opts }) => ({ props: { ...props, forceDestroy: true }, opts })],
    },
  );
  new aws.s3.Bucket("moved", {}, { aliases: [{ parent: outer, name: "moved" }] });
  new aws.s3.Bucket("adopted", { bucket: "adopted" }, { import: "adopted", protect: false });
  new aws.sqs.Queue("last", { name: child.bucket }, { dependsOn: [outer, owner] });
  new aws.sqs.Queue("late", {}, { dependsOn: pulumi.output([child]), retainOnDelete: false });
  const read = aws.s3.Bucket.get("read", owner.bucket);
  inner.show({ read: read.arn });
  return { read: read.arn, child, owner: owner.urn };
}

function derived() {
  const role = new aws.iam.Role("r", { assumeRolePolicy: pulumi.jsonStringify({ a: ["b"] }) });
  const [later, resolve] = pulumi.deferredOutput<string>();
  resolve(role.arn);
  const deep = role.arn.apply((arn) => pulumi.output({ arn, again: [role.name, { id: role.id }] }));
  const all = pulumi.output({ a: role.arn, b: pulumi.secret(Promise.resolve("x")), c: [deep] });
  const unknownName = new aws.s3.Bucket("b").bucketPrefix;
  new aws.ssm.Parameter("p", { type: "String", value: pulumi.jsonStringify(all), name: later });
  new aws.ssm.Parameter("q", { type: "String", value: pulumi.unsecret(all.b), name: unknownName });
  return {
    all,
    lifted: deep.again[1],
    absent: role.path.apply((path) => path ?? "none"),
    text: pulumi.concat(role.name, "-", 1, unknownName),
    recovered: pulumi.recover(pulumi.output(Promise.reject(new Error("no"))), () => "yes"),
    promise: role.name.apply(async (name) => `${name}!`),
    from: aws.getCallerIdentityOutput().accountId,
  };
}

/** Everything that the SDK asks of an output. */
async function partsOf(output: object) {
  const parts = { promise: [true], allResources: [], resources: [] };
  const [value, all, own] = await Promise.all(
    Object.entries(parts).map(([name, args]) =>
      Reflect.apply(Reflect.get(output, name), output, args),
    ),
  );
  const known = await Reflect.get(output, "isKnown");
  const withoutUnknowns = await Reflect.apply(Reflect.get(output, "promise"), output, []);
  return { value, withoutUnknowns, all, own, known, secret: await Reflect.get(output, "isSecret") };
}

describe("an output that costs less comes to what the SDK's comes to", () => {
  const component = { __pulumiResource: true };
  const of = (value: unknown, known = true, secret = false) =>
    Reflect.construct(Object(pulumi.Output), [
      [component],
      Promise.resolve(value),
      Promise.resolve(known),
      Promise.resolve(secret),
    ]);
  const values: readonly [string, unknown][] = [
    ["a text", "x"],
    ["nothing", undefined],
    ["a list with a hole", new Array(2)],
    ["a promise of a promise", Promise.resolve(Promise.resolve([of(1)]))],
    ["an output", of({ a: [1] })],
    ["an output of an output", of(of("x", true, true))],
    ["an unknown one", of(undefined, false)],
    ["one that holds an unknown value", of({ a: pulumi.unknown, b: 1 })],
    ["an unknown value", pulumi.unknown],
    ["a list of all kinds", [of(1), { a: of("s", true, true), b: of(2, false) }, of(of(3))]],
    ["a function and a date", { f: Math.max, d: new Date(0) }],
  ];

  test.each(values)("%s", async (_, value) => {
    const first: unknown = Array.isArray(value) ? value[0] : value;
    expect(await partsOf(functions.output(value))).toEqual(await partsOf(pulumi.output(value)));
    expect(await partsOf(functions.concat("a", value))).toEqual(
      await partsOf(pulumi.concat("a", value)),
    );
    expect(await partsOf(functions.interpolate(["a", "b"], first))).toEqual(
      await partsOf(pulumi.interpolate(Object.assign(["a", "b"], { raw: ["a", "b"] }), first)),
    );
    expect(await partsOf(functions.jsonStringify({ value }, undefined, 1))).toEqual(
      await partsOf(pulumi.jsonStringify({ value }, undefined, 1)),
    );
  });

  test("a field of its value, and what it refuses", async () => {
    const lean = functions.output([of({ a: { b: "x" } }), of(undefined, false)]);
    const own = pulumi.output<unknown>([of({ a: { b: "x" } }), of(undefined, false)]);
    for (const path of [["0", "a", "b"], ["1", "a"], ["0", "none"], ["length"]]) {
      const read = (output: unknown) =>
        path.reduce((here: unknown, key) => Reflect.get(Object(here), key), output);
      expect(await partsOf(Object(read(lean)))).toEqual(await partsOf(Object(read(own))));
    }
    expect(lean).toBeInstanceOf(pulumi.Output);
    expect(Reflect.get(lean, "then")).toBeUndefined();
    expect(Reflect.get(lean, "__other")).toBeUndefined();
    expect(`${lean}`).toBe(`${own}`);
    expect(JSON.stringify(lean)).toBe(JSON.stringify(own));
    expect(() => Reflect.apply(Reflect.get(lean, "get"), lean, [])).toThrow("Cannot call '.get'");
  });

  test("a value that holds itself is refused, and a failure is heard of", async () => {
    const circle: { self?: unknown } = {};
    circle.self = [circle];
    expect(() => functions.output(circle)).toThrow("circular structure");
    const failed = functions.output([Promise.reject(new Error("no")), of(1)]);
    await expect(comingOf(failed).promise).rejects.toThrow("no");
  });
});
