import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isObject, listAt, textAt } from "../../policies/reading/read.ts";
import { rules } from "../../policies/rules.ts";
import { judge, resource } from "../../policies/testing.ts";

/** By what holds the policy in the example: its type, and where the policy stands. */
const holders: Readonly<Record<string, readonly [type: string, property: string]>> = {
  bucket: ["aws:s3/bucketPolicy:BucketPolicy", "policy"],
  key: ["aws:kms/keyPolicy:KeyPolicy", "policy"],
  // Without the statement for the account's root, which its page leaves out.
  "key-part": ["aws:kms/keyPolicy:KeyPolicy", "policy"],
  queue: ["aws:sqs/queuePolicy:QueuePolicy", "policy"],
  topic: ["aws:sns/topicPolicy:TopicPolicy", "policy"],
  role: ["aws:iam/role:Role", "assumeRolePolicy"],
};

const root = {
  Effect: "Allow",
  Principal: { AWS: "111122223333" },
  Action: "kms:*",
  Resource: "*",
};

/** Rules about whom a policy lets in. */
const asked = rules.filter(({ id }) =>
  [
    "iam-service-source",
    "iam-trust",
    "kms-lockout",
    "policy-foreign",
    "policy-open",
    "s3-policy-principal",
    "sqs-policy-principal",
  ].includes(id),
);

const examples: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, "aws-examples.json"), "utf8"),
);
const rows = Array.isArray(examples) ? examples.filter(isObject) : [];

/** The example as a resource, in a stack of the accounts that it names. */
function judged(row: unknown): string[] {
  const kind = textAt(row, "holder") ?? "";
  const [type, property] = holders[kind] ?? ["", ""];
  const statements = listAt(row, "statements");
  const Statement = kind === "key-part" ? [root, ...statements] : statements;
  const text = JSON.stringify({ Statement });
  const accounts = [...new Set(text.match(/\b\d{12}\b/g))];
  const provider = resource("pulumi:providers:aws", {
    allowedAccountIds: JSON.stringify(["111122223333", ...accounts]),
  });
  return asked
    .filter(({ types }) => types.includes(type))
    .flatMap((rule) => judge(rule, [provider, resource(type, { [property]: text })]))
    .map(({ rule, message }) => `${rule}: ${message}`);
}

describe("no secure example of AWS's documentation is refused:", () => {
  test("there are enough of them, each with its page", () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
    expect(
      rows.filter((row) => !textAt(row, "page") || !holders[textAt(row, "holder") ?? ""]),
    ).toEqual([]);
  });

  test.each(
    rows.map((row, index) => [`${index} ${textAt(row, "page")}`, row] as const),
  )("%s", (_, row) => {
    expect(judged(row)).toEqual([]);
  });

  test("and an insecure one is, in the same way", () => {
    const statements = [{ ...root, Principal: "*", Action: "s3:GetObject" }];
    expect(judged({ holder: "bucket", statements })).toHaveLength(1);
  });
});
