import { serviceHost } from "../../components/partition.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { type Statement, statementsOf } from "../../policies/reading/policy-document.ts";
import type { TableInfo } from "./dynamodb.ts";
import type { BucketInfo, KeyInfo } from "./s3.ts";

export interface FunctionRole {
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** The role that a function of the records runs as, with every policy that the records give it. */
export function roleOf(fn: ResourceRecord, records: readonly ResourceRecord[]): FunctionRole {
  const of = (type: string) => records.filter((record) => record.type === type);
  const role = of("aws:iam/role:Role").find(({ outputs }) => outputs.arn === fn.inputs.role);
  if (role === undefined) throw new Error(`${fn.urn}: its role is not among the records.`);
  const name = String(role.outputs.name);
  const attached = of("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
    .filter(({ inputs }) => inputs.role === name)
    .map(({ inputs }) => inputs.policyArn);
  const documents = [
    ...of("aws:iam/policy:Policy").filter(({ outputs }) => attached.includes(outputs.arn)),
    ...of("aws:iam/rolePolicy:RolePolicy").filter(({ inputs }) => inputs.role === name),
  ];
  return { name, statements: documents.flatMap(({ inputs }) => statementsOf(inputs.policy)) };
}

export const tablesOf = (records: readonly ResourceRecord[]): ReadonlyMap<string, TableInfo> =>
  new Map(
    records
      .filter(({ type }) => type === "aws:dynamodb/table:Table")
      .map(({ inputs, outputs }) => [
        String(outputs.name),
        {
          arn: String(outputs.arn),
          partitionKey: String(inputs.hashKey),
          // The engine's own idea of a region is in the ARNs of its tables.
          key: keyOf(
            "dynamodb",
            at(inputs.serverSideEncryption, "kmsKeyArn"),
            String(outputs.arn).split(":")[3] ?? "",
          ),
        },
      ]),
  );

/** @param region of the stack. */
export function bucketsOf(
  records: readonly ResourceRecord[],
  region: string,
): ReadonlyMap<string, BucketInfo> {
  const encryption = records.filter(
    ({ type }) =>
      type ===
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  );
  return new Map(
    records
      .filter(({ type }) => type === "aws:s3/bucket:Bucket")
      .map(({ outputs }): [string, BucketInfo] => {
        const bucket = String(outputs.bucket);
        const rules = encryption.find(({ inputs }) => inputs.bucket === bucket)?.inputs.rules;
        const rule = at(at(rules, "0"), "applyServerSideEncryptionByDefault");
        const key = keyOf("s3", at(rule, "kmsMasterKeyId"), region);
        return [bucket, { arn: String(outputs.arn), key }];
      }),
  );
}

const keyOf = (service: string, arn: unknown, region: string): KeyInfo | undefined =>
  typeof arn === "string" ? { arn, service: serviceHost(service, region) } : undefined;

const at = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
