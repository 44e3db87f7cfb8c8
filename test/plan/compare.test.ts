import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { type EvaluateOptions, evaluate } from "../../offline/evaluate.ts";
import { compare } from "../../offline/plan/compare.ts";
import type { Comparison, PropertyChange } from "../../offline/plan/comparison.ts";

async function comparisonOf(
  before: () => unknown,
  after: () => unknown,
  options: EvaluateOptions = {},
): Promise<Comparison> {
  const left = await evaluate(before);
  const right = await evaluate(after, options);
  return compare(left.records, right.records);
}

const propertiesOf = ({ changes }: Comparison): PropertyChange[] =>
  changes.flatMap(({ properties }) => properties);

describe("outputs of other resources", () => {
  const versioned = (name?: string) => () => {
    const bucket = new aws.s3.Bucket("files", { bucket: name });
    new aws.s3.BucketVersioning("files", {
      bucket: bucket.bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    new aws.s3.BucketPolicy("files", {
      bucket: bucket.bucket,
      policy: pulumi.jsonStringify({
        Statement: {
          Effect: "Deny",
          Action: "s3:*",
          Resource: pulumi.interpolate`${bucket.arn}/*`,
        },
      }),
    });
  };

  test("are no difference, although every stack has names of its own", async () => {
    const comparison = await comparisonOf(versioned(), versioned(), { stack: "other" });
    expect(comparison.changes).toEqual([]);
    expect(comparison.unchanged).toBe(3);
  });

  test("are named by the resource that they come from, never by a made-up value", async () => {
    const comparison = await comparisonOf(
      () => {
        new aws.sqs.Queue("q");
        new aws.sns.Topic("t", { kmsMasterKeyId: "alias/aws/sns" });
      },
      () => {
        const queue = new aws.sqs.Queue("q");
        new aws.sns.Topic("t", { kmsMasterKeyId: queue.arn });
      },
    );
    expect(propertiesOf(comparison)).toEqual([
      {
        path: "kmsMasterKeyId",
        kind: "changed",
        before: "alias/aws/sns",
        after: `\${sqs.Queue q.arn}`,
        replaces: false,
      },
    ]);
  });

  test("of a replaced resource replace whatever cannot change them in place", async () => {
    const { changes, losses } = await comparisonOf(versioned(), versioned("fixed"));
    expect(changes.map(({ type, kind }) => [type.split(":")[2], kind])).toEqual([
      ["Bucket", "replaced"],
      ["BucketVersioning", "replaced"],
      ["BucketPolicy", "replaced"],
    ]);
    expect(losses).toMatchObject([{ urn: expect.stringMatching(/:Bucket::files$/) }]);
  });
});

test("a replacement takes along what cannot live without it, and what refers to it is updated", async () => {
  const pool = (usernameAttributes?: string[]) => () => {
    const users = new aws.cognito.UserPool("users", { usernameAttributes });
    new aws.cognito.UserPoolClient("app", { userPoolId: users.id });
    new aws.cognito.UserGroup("staff", { userPoolId: users.id, name: "staff" });
    new aws.ssm.Parameter("pool", { type: "String", value: users.id });
  };
  const { changes, losses } = await comparisonOf(pool(), pool(["email"]));
  expect(changes.map(({ name, kind, properties }) => [name, kind, properties[0]?.kind])).toEqual([
    ["users", "replaced", "added"],
    ["app", "replaced", "follows"],
    ["staff", "replaced", "follows"],
    ["pool", "changed", "follows"],
  ]);
  expect(losses.map(({ property }) => property)).toEqual([
    "usernameAttributes",
    "userPoolId",
    "userPoolId",
  ]);
});

describe("policies and other JSON", () => {
  const withPolicy = (policy: unknown) => () => {
    new aws.iam.Policy("p", { policy: JSON.stringify(policy) });
  };

  test("are compared by what they say: order, spaces and lists of one mean nothing", async () => {
    const before = {
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "*" },
        { Effect: "Deny", Action: "s3:DeleteObject", Resource: ["*"] },
      ],
    };
    const after = {
      Statement: [
        { Effect: "Deny", Resource: "*", Action: ["s3:DeleteObject"] },
        { Resource: "*", Action: ["s3:PutObject", "s3:GetObject"], Effect: "Allow" },
      ],
    };
    expect((await comparisonOf(withPolicy(before), withPolicy(after))).changes).toEqual([]);
  });

  test("name the statement and the action that differ", async () => {
    const policy = (...actions: string[]) => ({
      Statement: [{ Sid: "Read", Effect: "Allow", Action: actions, Resource: "*" }],
    });
    const comparison = await comparisonOf(
      withPolicy(policy("s3:GetObject")),
      withPolicy(policy("s3:GetObject", "s3:GetObjectTagging")),
    );
    expect(propertiesOf(comparison)).toMatchObject([
      { path: 'policy.Statement[Sid=Read].Action["s3:GetObjectTagging"]', kind: "added" },
    ]);
  });
});

test("a secret's values are in no part of the comparison", async () => {
  const parameter = (value: string) => () => {
    new aws.ssm.Parameter("key", { type: "SecureString", value: pulumi.secret(value) });
  };
  const comparison = await comparisonOf(parameter("hush-1"), parameter("hush-2"));
  expect(propertiesOf(comparison)).toEqual([{ path: "value", kind: "secret", replaces: false }]);
  expect(JSON.stringify(comparison)).not.toContain("hush");
});

describe("a resource", () => {
  const bucket = (name: string, options?: pulumi.CustomResourceOptions) => () => {
    new aws.s3.Bucket(name, {}, options);
  };

  test("that an alias finds is moved, not replaced", async () => {
    const { changes, losses } = await comparisonOf(
      bucket("old"),
      bucket("new", { aliases: [{ name: "old" }] }),
    );
    expect(changes).toMatchObject([
      { kind: "moved", name: "new", formerUrn: expect.stringMatching(/::old$/) },
    ]);
    expect(losses).toEqual([]);
  });

  test("that goes is deleted with its data, stays behind, or is refused", async () => {
    const fate = async (options: pulumi.CustomResourceOptions) => {
      const { changes, losses, refusals } = await comparisonOf(bucket("b", options), () => {});
      return [changes[0]?.fate, losses.length, refusals.length];
    };
    expect(await fate({})).toEqual(["deleted", 1, 0]);
    expect(await fate({ retainOnDelete: true })).toEqual(["left-behind", 0, 0]);
    expect(await fate({ retainOnDelete: true, protect: true })).toEqual(["refused", 0, 1]);
  });

  test("that is protected from now on has a changed option", async () => {
    const { changes } = await comparisonOf(bucket("b"), bucket("b", { protect: true }));
    expect(changes).toMatchObject([
      {
        kind: "changed",
        properties: [],
        options: [{ option: "protect", before: false, after: true }],
      },
    ]);
  });

  test("is as it was where the change is one that it ignores", async () => {
    const tagged = (tag: string) => () => {
      new aws.s3.Bucket("b", { tags: { a: tag, b: tag } }, { ignoreChanges: ["tags.a"] });
    };
    expect(propertiesOf(await comparisonOf(tagged("1"), tagged("2")))).toMatchObject([
      { path: "tags.b" },
    ]);
  });
});
