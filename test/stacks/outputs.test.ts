/** What an operator must know of a tenant, and cannot guess, is among the stack's outputs. */
import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import type { Settings } from "../../stacks/settings.ts";
import { TenantStack } from "../../stacks/tenant-stack.ts";
import { everyCompanion } from "../../testing/stacks/full-components.ts";
import {
  evaluateFullest,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";
import { lookUp, type Records, recordsOf } from "../../testing/stacks/records.ts";

interface Evaluated {
  readonly records: Records;
  readonly outputs: Record<string, unknown>;
}

async function evaluated(settings: Settings): Promise<Evaluated> {
  const evaluation = await evaluateFullest(settings);
  const { tenants } = evaluation.outputs as { tenants: Record<string, Record<string, unknown>> };
  return {
    records: lookUp(evaluation),
    outputs: tenants.full ?? {},
  };
}

describe("of the fullest tenant", () => {
  let found: Evaluated;
  beforeAll(async () => {
    found = await evaluated({
      ...fullestSettings,
      ...everyCompanion,
      encryption: "tenant-key",
      table: { ...fullestSettings.table, backups: {} },
      api: { ...fullestSettings.api, failedEvents: "queue" },
    });
  });

  test("the alias record of the API's host name can be made elsewhere", () => {
    const { outputs } = found.records.one("DomainName");
    expect(found.outputs.domain).toEqual({
      name: "chat.full.example",
      aliasTarget: outputs.regionalDomainName,
      aliasZoneId: outputs.regionalZoneId,
    });
  });

  test("every client has its id, and machines their secrets", () => {
    const client = (name: string) => found.records.one("UserPoolClient", `full-users${name}`);
    expect(found.outputs).toMatchObject({
      clientId: client("").id,
      clientIds: { mobile: client("-mobile").id },
      machineClients: {
        crm: {
          clientId: client("-machine-crm").id,
          clientSecret: client("-machine-crm").outputs.clientSecret,
        },
      },
    });
  });

  test("the issuer of tokens, the key, the vault, the queues and the archive are named", () => {
    const { one } = found.records;
    expect(found.outputs).toMatchObject({
      issuer: `https://${one("UserPool").outputs.endpoint}`,
      keyArn: one("Key").outputs.arn,
      backupVaultArn: one("Vault").outputs.arn,
      failedEventsQueueUrl: one("Queue", "full-api-failed").outputs.url,
      archive: {
        bucketName: one("Bucket", "full-archive").outputs.bucket,
        databaseName: one("CatalogDatabase").outputs.name,
        workgroupName: one("Workgroup").outputs.name,
        failedEventsQueueUrl: one("Queue", "full-archive-failed").outputs.url,
      },
      auditBucketName: one("Bucket", "full-audit").outputs.bucket,
      alarmTopicArn: one("Topic").outputs.arn,
    });
  });
});

test("a login domain of one's own says what its alias record leads to", async () => {
  const { outputs, records } = await evaluated(otherSettings);
  const domain = records.one("UserPoolDomain").outputs;
  expect(outputs.login).toEqual({
    domain: "login.full.example",
    cloudFrontDomain: domain.cloudfrontDistribution,
    cloudFrontZoneId: domain.cloudfrontDistributionZoneId,
  });
});

test("what is off is absent, and what was there before is there still", async () => {
  const { outputs } = await evaluated({
    encryption: "aws-owned",
    table: { backups: "off" },
    api: { failedEvents: "drop" },
    monitoring: "off",
  });
  const always = ["apiUrl", "bucketName", "clientId", "issuer", "state", "tableName", "userPoolId"];
  expect(Object.keys(outputs).sort()).toEqual(always);
});

test("a machine's secret is one in Pulumi's state too", async () => {
  let isSecret: Promise<boolean> | undefined;
  await recordsOf(() => {
    const { outputs } = new TenantStack("full", {
      tenant: "full",
      settings: {
        auth: {
          machineClients: ["crm"],
          managedLogin: { domain: { prefix: "full" } },
        },
      },
    });
    const { clientSecret } = outputs.machineClients?.crm ?? {};
    isSecret = clientSecret && pulumi.isSecret(clientSecret);
  });
  expect(await isSecret).toBe(true);
});
