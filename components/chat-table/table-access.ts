import * as pulumi from "@pulumi/pulumi";
import { chatTable, partitions } from "../../app/resources/table.ts";
import { type Encryption, grantKeyUse } from "../encryption.ts";
import { type PolicyStatement, regionOf } from "../iam.ts";

/** What a `ChatApi` needs of a table: a `ChatTable`, or `existingTable(…)`. */
export interface TableAccess {
  readonly tableName: pulumi.Input<string>;
  readonly tableArn: pulumi.Output<string>;
  /** Permissions of the app, exactly: it never scans, and never describes the table. */
  grantReadWrite(): PolicyStatement[];
  /** Reading by key and by index, for exports and reports. */
  grantRead(): PolicyStatement[];
  /**
   * Permissions of the app while its tenant is off-boarding: reading, including signing cursors and
   * auditing administrators, and erasing a user. IAM allows puts outside of users' data only. It cannot
   * restrict updates to marks and batches to deletions.
   * (DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control".)
   */
  grantReadAndErase(): PolicyStatement[];
}

export interface ExistingTable {
  readonly tableName: pulumi.Input<string>;
  readonly tableArn: pulumi.Input<string>;
  /** Key that the table is encrypted with, for the grants. Default `"aws-owned"`. */
  readonly encryption?: Encryption;
}

/**
 * A table that is there already, made by another program or by hand. For our app it must have the keys and
 * indexes that `tableDescription` names.
 */
export function existingTable(table: ExistingTable): TableAccess {
  const { tableName, encryption = "aws-owned" } = table;
  const tableArn = pulumi.output(table.tableArn);
  const indexArns = () =>
    chatTable.indexes.map(({ name }) => pulumi.interpolate`${tableArn}/index/${name}`);
  const onKey = (...actions: readonly `kms:${string}`[]) =>
    grantKeyUse(encryption, "dynamodb", regionOf(tableArn), actions);
  const queryIndexes = (): PolicyStatement => ({
    Effect: "Allow",
    Action: ["dynamodb:Query"],
    Resource: indexArns(),
  });
  return {
    tableName,
    tableArn,
    grantReadWrite: () => [
      {
        Effect: "Allow",
        Action: [
          "dynamodb:BatchWriteItem",
          "dynamodb:ConditionCheckItem",
          "dynamodb:DeleteItem",
          "dynamodb:GetItem",
          "dynamodb:PutItem",
          "dynamodb:Query",
          "dynamodb:UpdateItem",
        ],
        Resource: [tableArn],
      },
      queryIndexes(),
      ...onKey("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
    ],
    grantRead: () => [
      { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:Query"], Resource: [tableArn] },
      queryIndexes(),
      ...onKey("kms:Decrypt", "kms:DescribeKey"),
    ],
    grantReadAndErase: () => {
      const { tenant, audit, erasure } = partitions;
      return [
        {
          Effect: "Allow",
          Action: [
            "dynamodb:BatchWriteItem",
            "dynamodb:DeleteItem",
            "dynamodb:GetItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
          ],
          Resource: [tableArn],
        },
        {
          Effect: "Allow",
          Action: ["dynamodb:PutItem"],
          Resource: [tableArn],
          Condition: {
            "ForAllValues:StringLike": {
              "dynamodb:LeadingKeys": [tenant, `${audit}*`, `${erasure}*`],
            },
          },
        },
        queryIndexes(),
        ...onKey("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
      ];
    },
  };
}
