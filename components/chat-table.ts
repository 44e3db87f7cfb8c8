/**
 * A tenant's table: one DynamoDB table with the keys and indexes that the app's table description
 * names, recoverable to any second of the last weeks, encrypted, and hard to delete by accident.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { chatTable, type IndexDescription } from "../app/table.ts";
import { type Capacity, type ProvisionedCapacity, scaleTable } from "./capacity.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "./component.ts";
import { type Encryption, grantKeyUse, kmsKeyArn } from "./encryption.ts";
import { type PolicyStatement, regionOf } from "./iam.ts";
import { isDeletionProtected } from "./retain.ts";
import { type BackupSettings, TableBackup, type TableBackupTransform } from "./table-backup.ts";

export interface ChatTableArgs extends TenantComponentArgs {
  /**
   * Days that point-in-time recovery reaches back, 1–35, or `"off"`. Default 35. Costs $0.20 per
   * GB-month whatever the number; a restore goes to a new table.
   * (DynamoDB Developer Guide, "Point-in-time backups for DynamoDB".)
   */
  recoveryDays?: number | "off";
  /** Default `"aws-owned"`: encrypted by a key that DynamoDB owns, free of charge. */
  encryption?: Encryption;
  /** Default `{ mode: "on-demand" }`. */
  capacity?: Capacity;
  /**
   * Scheduled full copies in a locked vault, beyond what point-in-time recovery keeps. Default
   * `"off"`, as each copy is billed by the GB; `{}` is a weekly one, kept for 90 days.
   */
  backups?: "off" | BackupSettings;
  /** What each change publishes to the table's stream; free until something reads it. Default `"new-and-old-images"`. */
  stream?: "off" | "keys-only" | "new-image" | "old-image" | "new-and-old-images";
  transform?: {
    table?: Transform<aws.dynamodb.TableArgs>;
    scalingTarget?: Transform<aws.appautoscaling.TargetArgs>;
    scalingPolicy?: Transform<aws.appautoscaling.PolicyArgs>;
    backup?: TableBackupTransform;
  };
}

export class ChatTable extends TenantComponent {
  readonly tableName: pulumi.Output<string>;
  readonly tableArn: pulumi.Output<string>;
  /** Empty while the stream is off. */
  readonly streamArn: pulumi.Output<string>;
  readonly nodes: {
    readonly table: aws.dynamodb.Table;
    readonly scalingTargets: readonly aws.appautoscaling.Target[];
    readonly scalingPolicies: readonly aws.appautoscaling.Policy[];
    /** Absent while backups are off. */
    readonly backup?: TableBackup;
  };
  readonly #encryption: Encryption;

  constructor(name: string, args: ChatTableArgs, options?: pulumi.ComponentResourceOptions) {
    super("ChatTable", name, args, options);
    const { recoveryDays = 35, capacity = { mode: "on-demand" }, transform } = args;
    const { backups = "off" } = args;
    if (recoveryDays !== "off") this.requireInteger("recoveryDays", recoveryDays, 1, 35);
    this.#encryption = args.encryption ?? "aws-owned";

    const table = new aws.dynamodb.Table(
      name,
      ...this.dataResource(
        {
          hashKey: chatTable.partitionKey,
          rangeKey: chatTable.sortKey,
          attributes: keyAttributes(),
          ...tableCapacity(capacity),
          globalSecondaryIndexes: chatTable.indexes.map((index) => indexArgs(index, capacity)),
          ttl: { enabled: true, attributeName: chatTable.timeToLive },
          ...streamArgs(args.stream ?? "new-and-old-images"),
          pointInTimeRecovery:
            recoveryDays === "off"
              ? { enabled: false }
              : { enabled: true, recoveryPeriodInDays: recoveryDays },
          // Without this block AWS encrypts with its own key; with it, with the key it names.
          ...(this.#encryption !== "aws-owned" && {
            serverSideEncryption: { enabled: true, kmsKeyArn: kmsKeyArn(this.#encryption) },
          }),
          deletionProtectionEnabled: isDeletionProtected(this.retain),
          tags: this.tags,
        },
        transform?.table,
        // Auto scaling moves these; without ignoring them every `up` would move them back.
        capacity.mode === "provisioned"
          ? { ignoreChanges: ["readCapacity", "writeCapacity", ...indexCapacityPaths] }
          : {},
      ),
    );
    const scaling =
      capacity.mode === "provisioned"
        ? scaleTable(name, table.name, capacity, chatTable.indexes, {
            target: (targetArgs: aws.appautoscaling.TargetArgs) =>
              this.resource({ ...targetArgs, tags: this.tags }, transform?.scalingTarget),
            policy: (policyArgs: aws.appautoscaling.PolicyArgs) =>
              this.resource(policyArgs, transform?.scalingPolicy),
          })
        : { targets: [], policies: [] };
    const backup =
      backups === "off"
        ? undefined
        : new TableBackup(
            name,
            {
              ...this.inherited,
              ...backups,
              tableArn: table.arn,
              encryption: this.#encryption,
              transform: transform?.backup,
            },
            { parent: this },
          );

    this.tableName = table.name;
    this.tableArn = table.arn;
    this.streamArn = table.streamArn;
    this.nodes = {
      table,
      scalingTargets: scaling.targets,
      scalingPolicies: scaling.policies,
      backup,
    };
    this.register({ tableName: table.name, tableArn: table.arn });
  }

  /** What the app does to its table and nothing more: no scan, no table management. */
  grantReadWrite(): PolicyStatement[] {
    return [
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
        Resource: [this.tableArn],
      },
      { Effect: "Allow", Action: ["dynamodb:Query"], Resource: this.#indexArns() },
      ...this.#grantKey(["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"]),
    ];
  }

  /** Reading by key and by index, for exports and reports. */
  grantRead(): PolicyStatement[] {
    return [
      {
        Effect: "Allow",
        Action: ["dynamodb:GetItem", "dynamodb:Query"],
        Resource: [this.tableArn],
      },
      { Effect: "Allow", Action: ["dynamodb:Query"], Resource: this.#indexArns() },
      ...this.#grantKey(["kms:Decrypt", "kms:DescribeKey"]),
    ];
  }

  #indexArns(): pulumi.Output<string>[] {
    return chatTable.indexes.map(({ name }) => pulumi.interpolate`${this.tableArn}/index/${name}`);
  }

  #grantKey(actions: readonly `kms:${string}`[]): PolicyStatement[] {
    return grantKeyUse(
      this.#encryption,
      pulumi.interpolate`dynamodb.${regionOf(this.tableArn)}.amazonaws.com`,
      actions,
    );
  }
}

/** Key attributes of table and indexes, each once: DynamoDB refuses definitions that nothing uses. */
function keyAttributes(): aws.types.input.dynamodb.TableAttribute[] {
  const names = new Set<string>([chatTable.partitionKey, chatTable.sortKey]);
  for (const index of chatTable.indexes) names.add(index.partitionKey).add(index.sortKey);
  return [...names].map((name) => ({ name, type: "S" }));
}

function indexArgs(
  index: IndexDescription,
  capacity: Capacity,
): aws.types.input.dynamodb.TableGlobalSecondaryIndex {
  return {
    name: index.name,
    keySchemas: [
      { attributeName: index.partitionKey, keyType: "HASH" },
      { attributeName: index.sortKey, keyType: "RANGE" },
    ],
    ...(index.projection === "keys-only"
      ? { projectionType: "KEYS_ONLY" }
      : { projectionType: "INCLUDE", nonKeyAttributes: [...index.projection] }),
    ...(capacity.mode === "provisioned" ? provisioned(capacity) : ceiling(capacity)),
  };
}

const tableCapacity = (capacity: Capacity) =>
  capacity.mode === "provisioned"
    ? { billingMode: "PROVISIONED", ...provisioned(capacity) }
    : { billingMode: "PAY_PER_REQUEST", ...ceiling(capacity) };

const provisioned = ({ read, write }: ProvisionedCapacity) => ({
  readCapacity: read.min,
  writeCapacity: write.min,
});

const ceiling = ({ maxReadUnits, maxWriteUnits }: Extract<Capacity, { mode: "on-demand" }>) =>
  maxReadUnits === undefined && maxWriteUnits === undefined
    ? {}
    : {
        // -1 removes a limit (API reference, OnDemandThroughput).
        onDemandThroughput: {
          maxReadRequestUnits: maxReadUnits ?? -1,
          maxWriteRequestUnits: maxWriteUnits ?? -1,
        },
      };

const streamArgs = (stream: NonNullable<ChatTableArgs["stream"]>) =>
  stream === "off"
    ? {}
    : { streamEnabled: true, streamViewType: stream.toUpperCase().replaceAll("-", "_") };

const indexCapacityPaths = chatTable.indexes.flatMap((_, i) => [
  `globalSecondaryIndexes[${i}].readCapacity`,
  `globalSecondaryIndexes[${i}].writeCapacity`,
]);
