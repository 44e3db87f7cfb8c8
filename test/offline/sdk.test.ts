import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import { evaluateStack } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";

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

  test("of odd inputs: secrets, unknowns, assets, nulls, outputs in lists, resources as values", async () => {
    for (const preview of [true, false]) {
      const asIs = await evaluate(odd, { preview, sdk: "as-is" });
      const lean = await evaluate(odd, { preview });
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
    await expect(evaluate(waiting, { sdk, idleSeconds: 1 })).rejects.toThrow(/never settles/);
  });
});

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
  return { table: table.arn, nested: { bucket: bucket.id, list: [fn.arn, null] } };
}
