import { describe, expect, test } from "vitest";
import { AuthPool } from "../../../components/auth-pool/auth-pool.ts";
import { awsLimits } from "../../../components/aws-limits.ts";
import { ChatApi, type ChatApiArgs } from "../../../components/chat-api/chat-api.ts";
import {
  environmentBytes,
  policyCharacters,
} from "../../../components/chat-api/function/function-size.ts";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";
import { DocumentBucket } from "../../../components/document-bucket/document-bucket.ts";
import { type Records, recordsOf } from "../../../testing/stacks/records.ts";

const tenant = { tenant: "acme" };
const apiRecords = (args: Partial<ChatApiArgs>) =>
  recordsOf(() => {
    const table = new ChatTable("chat", tenant);
    const documents = new DocumentBucket("documents", tenant);
    const auth = new AuthPool("users", tenant);
    new ChatApi("api", { ...tenant, table, documents, auth, ...args });
  });

/** The records with as many as are taken, and what is said of one more. */
async function mostOf(argsOf: (count: number) => Partial<ChatApiArgs>) {
  let taken: Records | undefined;
  for (let count = 1; count < 100; count++) {
    try {
      taken = await apiRecords(argsOf(count));
    } catch (error) {
      return { count: count - 1, records: taken!, refusal: String(error) };
    }
  }
  throw new Error("100 are taken");
}

const names = (count: number) =>
  Array.from({ length: count }, (_, at) => `${"x".repeat(190)}${at}`);

describe("a role's policy", () => {
  test("is refused with one model more than IAM takes, by its length", async () => {
    const { count, records, refusal } = await mostOf((most) => ({
      models: names(most).map((name) => `eu.anthropic.${name}`),
    }));
    const { length } = String(records.one("Policy", "api").inputs.policy);
    expect(count).toBeGreaterThan(2);
    expect(length).toBeLessThanOrEqual(6_144);
    const [, found] =
      /ChatFunction "api": permissions: found "a policy of (\d+)/.exec(refusal) ?? [];
    expect(Number(found)).toBeGreaterThan(6_144);
    expect(refusal).toContain('at most 6144 characters (IAM User Guide, "IAM and AWS STS quotas")');
  });

  test("counts no white space, as IAM does", () => {
    expect(policyCharacters('{\n  "Version": "2012-10-17"\t}')).toBe(24);
  });
});

describe("a function's environment", () => {
  test("is refused with one origin more than Lambda takes, and shows none of its values", async () => {
    const { count, records, refusal } = await mostOf((most) => ({
      corsOrigins: names(most).map((name) => `https://${name}.example`),
    }));
    const { environment } = records.one("Function").inputs;
    expect(count).toBeGreaterThan(5);
    expect(environmentBytes(Object(environment).variables)).toBeLessThanOrEqual(4_096);
    expect(refusal).toMatch(
      /environment: found "\d+ bytes, the longest of them CORS_ORIGINS with \d+/,
    );
    expect(refusal).toContain('at most 4096 bytes (AWS Lambda Developer Guide, "Lambda quotas")');
    expect(refusal).not.toContain("xxx");
  });

  test("is measured in bytes of names and values", () => {
    expect(environmentBytes({ A: "ü", BC: "d" })).toBe(6);
  });
});

test("every limit names AWS's page", () => {
  for (const { most, source } of Object.values(awsLimits)) {
    expect(most).toBeGreaterThan(0);
    expect(source).toMatch(/API reference, |Guide, "/);
  }
});
