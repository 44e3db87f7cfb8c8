import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { ChatTable } from "../../components/chat-table/chat-table.ts";
import { DocumentBucket } from "../../components/document-bucket/document-bucket.ts";
import type { Retain } from "../../components/retain.ts";
import { ownRules } from "../../offline/check/own-rules.ts";
import { withProviders } from "../../offline/check/pack/providers.ts";
import { viewOf } from "../../offline/check/pack/view.ts";
import { evaluate } from "../../offline/evaluate.ts";
import { indexStack, judgeStack } from "../../policies/judge.ts";
import { plainStack } from "../../policies/testing.ts";

/** What the assertions say of a program, as `resource property`. */
async function objections(program: () => unknown): Promise<string[]> {
  const { records } = await evaluate(program);
  const views = viewOf(withProviders(records, "chatstack", "test", {}), "outputs");
  const stack = indexStack(views, plainStack);
  return ownRules(records)
    .flatMap((rule) => judgeStack(rule, stack))
    .map(
      ({ urn, property }) =>
        `${urn.split("$").at(-1)?.split("::").slice(-2).join("::")} ${property}`,
    );
}

const lax = (retain: Retain, options: { retainOnDelete?: boolean; protect?: boolean }) =>
  objections(() => {
    new ChatTable("chat", {
      tenant: "acme",
      retain,
      transform: { table: (_args, own) => Object.assign(own, options) },
    });
  });

describe("own-retain-on-delete", () => {
  test.each([
    "destroy",
    "retain",
    "protect",
  ] as const)("passes what the components make of retain: %s", async (retain) => {
    const found = await objections(() => {
      new ChatTable("chat", { tenant: "acme", retain });
      new DocumentBucket("documents", { tenant: "acme", retain });
    });
    expect(found).toEqual([]);
  });

  test("objects when a transform takes retainOnDelete from a table that is to be retained", async () => {
    expect(await lax("retain", { retainOnDelete: false })).toEqual([
      "aws:dynamodb/table:Table::chat retainOnDelete",
    ]);
  });

  test("objects when a transform takes protect from a table that is to be protected", async () => {
    expect(await lax("protect", { protect: false })).toEqual([
      "aws:dynamodb/table:Table::chat protect",
    ]);
  });

  test("does not ask for protect where the component only retains", async () => {
    expect(await lax("retain", { protect: false })).toEqual([]);
  });

  test("objects when a retained bucket would lose its policy with the stack", async () => {
    const found = await objections(() => {
      new DocumentBucket("documents", {
        tenant: "acme",
        retain: "retain",
        transform: {
          policy: (_args, options) => Object.assign(options, { retainOnDelete: false }),
        },
      });
    });
    expect(found).toEqual(["aws:s3/bucketPolicy:BucketPolicy::documents retainOnDelete"]);
  });
});

describe("fn-env-marked-secret", () => {
  const fn = (name: string, environment: pulumi.Input<string>, description = pulumi.output("")) =>
    new aws.lambda.Function(name, {
      role: "arn:aws:iam::123456789012:role/r",
      description,
      environment: { variables: { SETTING: environment } },
    });

  test("objects to a value that the program marked, however deep and whatever its name", async () => {
    const found = await objections(() => {
      const secret = pulumi.secret("hidden");
      fn("direct", secret);
      fn("derived", pulumi.interpolate`prefix ${secret}`);
    });
    expect(found).toEqual([
      "aws:lambda/function:Function::direct environment",
      "aws:lambda/function:Function::derived environment",
    ]);
  });

  test("passes plain values, and secrets elsewhere", async () => {
    const found = await objections(() => {
      fn("plain", pulumi.output("shown"));
      fn("unmarked", pulumi.unsecret(pulumi.secret("shown")));
      fn("elsewhere", "shown", pulumi.secret("hidden"));
    });
    expect(found).toEqual([]);
  });
});
