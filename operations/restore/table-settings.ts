/** How the stack wants a tenant's table, in the words of DynamoDB's API. */
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import type { ResourceRecord } from "../../offline/record.ts";
import { createTableInput, tableSchema } from "../../offline/table-input.ts";
import { tenantsByUrn } from "../../offline/tenancy.ts";
import { UsageError } from "../../offline/usage-error.ts";

export interface TableSettings extends CreateTableCommandInput {
  /** Pulumi's name of the table, with which its physical name begins, e.g. `acme-chat`. */
  readonly logicalName: string;
  /** Attribute of the expiry; undefined where none is wanted. */
  readonly timeToLive: string | undefined;
  /** Days that point-in-time recovery reaches back, or `"off"`. */
  readonly recoveryDays: number | "default" | "off";
}

/**
 * Of the records of a stack, the tenant's table.
 *
 * @throws UsageError when the stack has no such tenant.
 */
export function tableSettings(records: readonly ResourceRecord[], tenant: string): TableSettings {
  const tenants = tenantsByUrn(records);
  const tables = records.filter(({ type }) => type === "aws:dynamodb/table:Table");
  const record = tables.find(({ urn }) => tenants.get(urn) === tenant);
  if (record === undefined) {
    const known = [...new Set(tables.map(({ urn }) => tenants.get(urn)))].join(", ");
    throw new UsageError(`The stack has no tenant "${tenant}"; there are ${known}.`);
  }
  const args = tableSchema.parse(record.inputs);
  const { ttl, pointInTimeRecovery: recovery } = args;
  return {
    ...createTableInput(record.name, args),
    logicalName: record.name,
    timeToLive: ttl?.enabled ? ttl.attributeName : undefined,
    recoveryDays: recovery?.enabled ? (recovery.recoveryPeriodInDays ?? "default") : "off",
  };
}

/** Pulumi's name of the tenant's bucket of documents, with which its physical name begins. */
export function bucketName(records: readonly ResourceRecord[], tenant: string): string {
  const tenants = tenantsByUrn(records);
  const record = records.find(
    ({ urn }) =>
      urn.includes("chatstack:index:DocumentBucket$aws:s3/bucket:Bucket::") &&
      tenants.get(urn) === tenant,
  );
  return record?.name ?? `${tenant}-documents`;
}
