import { describe, expect, test } from "vitest";
import { AuthPool } from "../../components/auth-pool/auth-pool.ts";
import { ChatTable } from "../../components/chat-table/chat-table.ts";
import { DocumentBucket } from "../../components/document-bucket/document-bucket.ts";
import type { Retain } from "../../components/retain.ts";
import { recordsOf } from "../../testing/stacks/records.ts";

const program = (retain?: Retain) => () => {
  const args = { tenant: "acme", retain };
  new ChatTable("chat", args);
  new DocumentBucket("documents", args);
  new AuthPool("users", args);
};

const dataTypes = [
  "Table",
  "Bucket",
  "BucketPublicAccessBlock",
  "BucketOwnershipControls",
  "BucketVersioning",
  "BucketServerSideEncryptionConfiguration",
  "BucketLifecycleConfiguration",
  "BucketPolicy",
  "UserPool",
];

describe.each([
  { retain: undefined, protect: true, retainOnDelete: true, deletionProtection: true },
  { retain: "protect" as const, protect: true, retainOnDelete: true, deletionProtection: true },
  { retain: "retain" as const, protect: false, retainOnDelete: true, deletionProtection: true },
  { retain: "destroy" as const, protect: false, retainOnDelete: false, deletionProtection: false },
])("retain $retain", ({ retain, protect, retainOnDelete, deletionProtection }) => {
  test("B: sets protect and retainOnDelete on every resource that holds or guards data", async () => {
    const records = await recordsOf(program(retain));
    for (const type of dataTypes) {
      expect({ type, ...records.one(type).options }).toMatchObject({
        type,
        protect,
        retainOnDelete,
      });
    }
  });

  test("B: sets the services' own deletion protection", async () => {
    const records = await recordsOf(program(retain));
    expect(records.one("Table").inputs.deletionProtectionEnabled).toBe(deletionProtection);
    expect(records.one("UserPool").inputs.deletionProtection).toBe(
      deletionProtection ? "ACTIVE" : "INACTIVE",
    );
    expect(records.one("Bucket").inputs.forceDestroy).toBe(!deletionProtection);
  });

  test("is registered as an output, where policies can read it", async () => {
    const records = await recordsOf(program(retain));
    for (const type of ["ChatTable", "DocumentBucket", "AuthPool"]) {
      expect(records.one(type).outputs).toMatchObject({
        tenant: "acme",
        tier: "custom",
        retain: retain ?? "protect",
      });
    }
  });
});

test("a tenant that could not be part of a name or path is refused", async () => {
  await expect(recordsOf(() => new ChatTable("chat", { tenant: "Acme/../x" }))).rejects.toThrow(
    'ChatTable "chat": tenant: found "Acme/../x"; allowed: a name that matches ^[a-z]',
  );
});
