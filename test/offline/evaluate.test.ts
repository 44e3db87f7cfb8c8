import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { EvaluationError, evaluate } from "../../offline/evaluate.ts";
import { recordsOf } from "../../testing/stacks/records.ts";

describe("a record", () => {
  test("holds inputs with outputs of other resources resolved, and where they came from", async () => {
    const records = await recordsOf(() => {
      const bucket = new aws.s3.Bucket("files");
      new aws.s3.BucketVersioning("files", {
        bucket: bucket.bucket,
        versioningConfiguration: { status: "Enabled" },
      });
    });
    const bucket = records.one("Bucket");
    const versioning = records.one("BucketVersioning");
    expect(versioning.inputs.bucket).toBe(bucket.outputs.bucket);
    expect(versioning.propertyDependencies.bucket).toEqual([bucket.urn]);
    expect(versioning.options.dependencies).toEqual([bucket.urn]);
  });

  test("holds every option, and the engine's inheritance of protect, retainOnDelete and deletedWith", async () => {
    const records = await recordsOf(() => {
      const owner = new aws.s3.Bucket("owner");
      const parent = new pulumi.ComponentResource(
        "x:index:Parent",
        "p",
        {},
        {
          protect: true,
          retainOnDelete: true,
          deletedWith: owner,
        },
      );
      new aws.s3.Bucket(
        "child",
        {},
        {
          parent,
          ignoreChanges: ["tags"],
          replaceOnChanges: ["bucket"],
          deleteBeforeReplace: true,
          aliases: [{ name: "old" }],
          additionalSecretOutputs: ["arn"],
        },
      );
      new aws.s3.Bucket("freed", {}, { parent, protect: false, retainOnDelete: false });
    });
    expect(records.one("Bucket", "child")).toMatchObject({
      parent: records.one("Parent").urn,
      options: {
        protect: true,
        retainOnDelete: true,
        deletedWith: records.one("Bucket", "owner").urn,
        ignoreChanges: ["tags"],
        replaceOnChanges: ["bucket"],
        deleteBeforeReplace: true,
        aliases: expect.arrayContaining([expect.objectContaining({ name: "old" })]),
        additionalSecretOutputs: ["arn"],
      },
    });
    expect(records.one("Bucket", "freed").options).toMatchObject({
      protect: false,
      retainOnDelete: false,
    });
  });

  test("has the engine's URN: types chain below a component, not below the stack", async () => {
    const records = await recordsOf(
      () => {
        const parent = new pulumi.ComponentResource("x:index:Parent", "p");
        new aws.s3.Bucket("child", {}, { parent });
      },
      { project: "shop", stack: "dev" },
    );
    expect(records.one("Parent").urn).toBe("urn:pulumi:dev::shop::x:index:Parent::p");
    expect(records.one("Bucket").urn).toBe(
      "urn:pulumi:dev::shop::x:index:Parent$aws:s3/bucket:Bucket::child",
    );
  });

  test("holds the id of a resource that is a value", async () => {
    class Holder extends pulumi.ComponentResource {
      constructor() {
        super("test:index:Holder", "holder");
        const key = new aws.kms.Key("key", {}, { parent: this });
        this.registerOutputs({ key, all: [key] });
      }
    }
    const { records } = await evaluate(() => new Holder());
    const id = records.find(({ name }) => name === "key")?.id;
    expect(id).toBeTruthy();
    expect(records.find(({ name }) => name === "holder")?.outputs).toEqual({ key: id, all: [id] });
  });

  test("names the inputs that are secret", async () => {
    const records = await recordsOf(() => {
      new aws.ssm.Parameter("key", { type: "SecureString", value: pulumi.secret("hush") });
    });
    expect(records.one("Parameter").secrets).toEqual(["value"]);
  });
});

describe("a run fails, and says why,", () => {
  const failing = (program: () => unknown) => evaluate(program, { idleSeconds: 0.3 });

  test("when it stands still, each time; what stands still without a program is left alone", async () => {
    const standing = () => {
      for (;;);
    };
    for (const program of [standing, standing]) {
      await expect(evaluate(program, { stuckSeconds: 1 })).rejects.toThrow("stands still for 1 s");
    }
    await evaluate(() => {}, { stuckSeconds: 1 });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);
    await expect(evaluate(standing, { stuckSeconds: 1 })).rejects.toThrow("stands still for 1 s");
  });

  test("when the program throws", async () => {
    await expect(
      failing(() => {
        throw new Error("no such tenant");
      }),
    ).rejects.toThrow("no such tenant");
  });

  test("when an apply throws, although the run itself would resolve", async () => {
    await expect(
      failing(() => {
        pulumi.output(1).apply(() => {
          throw new Error("apply failed");
        });
      }),
    ).rejects.toThrow("apply failed");
  });

  test("when an input never settles", async () => {
    await expect(
      failing(() => {
        new aws.s3.Bucket("b", { bucket: new Promise<string>(() => {}) });
      }),
    ).rejects.toThrow(
      '"b" [aws:s3/bucket:Bucket] never settles: it is waiting for the value of its input property "bucket"',
    );
  });

  test("when two resources have one URN", async () => {
    await expect(
      failing(() => {
        new aws.s3.Bucket("b");
        new aws.s3.Bucket("b");
      }),
    ).rejects.toThrow(/duplicate resource URN .*Bucket::b: give one of the two another name/);
  });

  test("when the program logs an error", async () => {
    await expect(failing(() => pulumi.log.error("wrong"))).rejects.toThrow("logged an error");
  });

  test("when it relies on transforms, which only the engine runs", async () => {
    await expect(
      failing(() => {
        new aws.s3.Bucket("b", {}, { transforms: [() => undefined] });
      }),
    ).rejects.toThrow("has `transforms`, which are not run offline");
  });

  test("with every cause listed once", async () => {
    const error = await failing(() => {
      for (const cause of ["first", "second", "first"]) {
        pulumi.output(1).apply(() => {
          throw new Error(cause);
        });
      }
    }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(EvaluationError);
    expect((error as EvaluationError).causes).toEqual([
      expect.stringMatching(/^test\/offline\/evaluate\.test\.ts:\d+: first$/),
      expect.stringMatching(/^test\/offline\/evaluate\.test\.ts:\d+: second$/),
    ]);
  });
});

test("what only AWS could answer is unknown, and told", async () => {
  const { records, unanswered } = await evaluate(async () => {
    const found = await aws.s3.getBucket({ bucket: "x" });
    const zone = aws.route53.getZoneOutput({ name: "example.com" });
    new aws.s3.BucketPolicy("p", { bucket: found.bucket, policy: `{"a":"${found.hostedZoneId}"}` });
    new aws.s3.Bucket("b", { bucket: found.arn, tags: { zone: zone.zoneId } });
  });
  const [, policy, bucket] = records;
  expect(unanswered.toSorted()).toEqual([
    "aws:route53/getZone:getZone",
    "aws:s3/getBucket:getBucket",
  ]);
  expect(policy?.inputs.bucket).toBe("x");
  expect(pulumi.isUnknown(policy?.inputs.policy)).toBe(true);
  expect(pulumi.isUnknown(bucket?.inputs.bucket)).toBe(true);
});

test("a failed run leaves nothing behind for the next", async () => {
  await expect(evaluate(() => Promise.reject(new Error("first")))).rejects.toThrow("first");
  const { records } = await evaluate(() => {
    new aws.s3.Bucket("b");
  });
  expect(records.map(({ type }) => type)).toEqual(["pulumi:pulumi:Stack", "aws:s3/bucket:Bucket"]);
});

test("runs started together take turns and do not mix", async () => {
  const runs = await Promise.all(
    ["a", "b", "c"].map((name) =>
      evaluate(() => ({ arn: new aws.s3.Bucket(name).arn }), { stack: name }),
    ),
  );
  for (const { stack, records } of runs) {
    expect(records.filter(({ custom }) => custom).map(({ name }) => name)).toEqual([stack]);
  }
});

test("no output that AWS always returns is missing, for any resource of the full program", async () => {
  const { evaluateStack } = await import("../../offline/project.ts");
  const { records } = await evaluateStack("prod");
  const undefinedInputs = records.flatMap(({ urn, inputs }) =>
    JSON.stringify(inputs)?.includes("undefined") ? [urn] : [],
  );
  expect(undefinedInputs).toEqual([]);
});
