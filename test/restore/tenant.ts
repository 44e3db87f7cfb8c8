import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  DescribeTableCommand,
  DynamoDBClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
} from "@aws-sdk/client-dynamodb";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { draft } from "../../testing/app/store.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";

const stackFile = `# The stack of the restore tests.
config:
  aws:region: us-east-1
  chatstack:environment: staging
  chatstack:defaults:
    retain: retain # what is deployed
  chatstack:tenants:
    # The first tenant.
    - id: acme
      tier: basic
      table: { recoveryDays: 14 } # of its own
    - id: globex
      tier: basic
`;

/** The same as production has it: nothing of it may be deleted, and AWS Backup keeps copies. */
export const protectedStack = stackFile
  .replace("retain: retain", "retain: protect")
  .replace("recoveryDays: 14", "recoveryDays: 14, backups: { retentionDays: 35 }");

/** A project whose stack `test` has two tenants, in a folder of its own. */
export async function temporaryProject(stackText = stackFile) {
  const root = await mkdtemp(join(tmpdir(), "chatstack-restore-"));
  const program = resolve(import.meta.dirname, "../../stacks/index.ts");
  await writeFile(
    join(root, "Pulumi.yaml"),
    `name: chatstack\nmain: ${program}\nruntime: nodejs\n`,
  );
  const path = join(root, "Pulumi.test.yaml");
  const reset = () => writeFile(path, stackText);
  await reset();
  return { root, path, text: stackText, reset, remove: () => rm(root, { recursive: true }) };
}

const minute = 60_000;

/** A tenant's table, and users who write into it. */
export async function createTenantTable(
  endpoint: string,
  tenant: string,
  recoverable: "recoverable" | "without recovery" = "recoverable",
  // As Pulumi names it.
  tableName = `${tenant}-chat-1a2b3c4`,
) {
  const name = await createChatTable(endpoint, tableName);
  const client = new DynamoDBClient(engineConfig(endpoint));
  const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
  await client.send(
    new TagResourceCommand({
      ResourceArn: Table!.TableArn,
      Tags: [
        { Key: "chatstack:tenant", Value: tenant },
        { Key: "cost-centre", Value: "42" },
      ],
    }),
  );
  const recovery = (enabled: boolean) =>
    client.send(
      new UpdateContinuousBackupsCommand({
        TableName: name,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: enabled },
      }),
    );
  if (recoverable === "recoverable") await recovery(true);
  const documents = documentClient(engineConfig(endpoint));
  /** The app's store, with a clock that is so far away. */
  const store = (offsetMinutes: number, tableName = name) =>
    new DynamoDBConversationStore({
      client: documents,
      tableName,
      now: () => new Date(Date.now() + offsetMinutes * minute),
    });
  return {
    name,
    client,
    async untag(TableName: string, key: string) {
      const { Table: tagged } = await client.send(new DescribeTableCommand({ TableName }));
      const ResourceArn = tagged!.TableArn;
      await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: [key] }));
    },
    documents,
    recovery,
    /** Writes a conversation as if that many minutes from now. */
    async write(id: string, contents: readonly string[], offsetMinutes = -10) {
      await store(offsetMinutes).create("ada", { id, title: id, modelId: null });
      for (const content of contents) await store(offsetMinutes).append("ada", id, draft(content));
    },
    store,
  };
}

/** The first whole second that everything written so far is part of. */
export async function nextSecond(): Promise<string> {
  const at = Math.ceil(Date.now() / 1000) * 1000;
  while (Date.now() < at + 50) await new Promise((done) => setTimeout(done, 20));
  return new Date(at).toISOString().replace(".000", "");
}
