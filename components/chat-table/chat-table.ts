/**
 * A tenant's table: one DynamoDB table with the keys and indexes that the app's table description
 * names, recoverable to any second of the last weeks, encrypted, and hard to delete by accident.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { chatTable } from "../../app/resources/table.ts";
import { type AlarmSettings, createAlarms } from "../alarms.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { type Encryption, kmsKeyArn } from "../encryption.ts";
import type { PolicyStatement } from "../iam.ts";
import { homeRegion } from "../region.ts";
import { isDeletionProtected } from "../retain.ts";
import { type Capacity, scaleTable } from "./capacity.ts";
import { existingTable, type TableAccess } from "./table-access.ts";
import { tableAlarms } from "./table-alarms.ts";
import {
  restoredPaths,
  type Stream,
  scaledPaths,
  streamArgs,
  tableArgs,
  type WarmThroughput,
} from "./table-args.ts";
import { type BackupSettings, TableBackup, type TableBackupTransform } from "./table-backup.ts";
import { type Replica, replicaArgs } from "./table-replicas.ts";
import { tableFaults } from "./table-rules.ts";

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
   * Throughput that the table takes at once, for a launch or a migration. Without it, an on-demand table
   * starts at 4,000 writes and 12,000 reads a second and doubles every 30 minutes. Default: what AWS
   * provides by itself. Costs once $0.00013 per read unit and $0.00065 per write unit above that, for the
   * table and each index. It can be raised but never lowered. DynamoDB raises it further as the table is
   * used; a refresh then finds a higher value, and the next update fails, because the provider refuses to
   * lower it. So remove the setting once it is deployed: the table keeps its throughput. (DynamoDB
   * Developer Guide, "DynamoDB warm throughput".)
   */
  warmThroughput?: WarmThroughput;
  /**
   * Default `"standard"`: $0.25 per GB-month. `"standard-infrequent-access"` stores for $0.10 and costs
   * a quarter more per request: for archives that are kept and hardly read.
   */
  tableClass?: "standard" | "standard-infrequent-access";
  /**
   * Copies in other regions that can be read and written, each as well protected as the table itself.
   * Default none: each costs as much as the table, and the transfer. Needs the default `stream`. The
   * tenant's data leaves its region. Replicas are eventually consistent: strong consistency has neither
   * transactions nor expiry, and the app needs both.
   * (DynamoDB Developer Guide, "How DynamoDB global tables work".)
   */
  replicas?: readonly Replica[];
  /**
   * Name of an existing table that replaces this one: usually one that `chatstack restore` made, protected
   * and verified. `pulumi up` does not restore tables itself: the provider would leave the new table
   * without deletion protection, stream, class and tags until the next `up`. The former table stays in the
   * account, unmanaged, if it was deployed with `retain: "retain"` or `"protect"`; with `"destroy"` it is
   * deleted. The name must stay here: without it Pulumi would make a new, empty table.
   * (Pulumi, "Resource option: import" and "Resource option: retainOnDelete".)
   */
  adopt?: string;
  /**
   * Notifies an operator of throttling and of failures in DynamoDB. Default `"off"`. Costs $1.30 a month.
   */
  alarms?: "off" | AlarmSettings;
  /**
   * Scheduled full copies in a locked vault, beyond what point-in-time recovery keeps. Default
   * `"off"`, as each copy is billed by the GB; `{}` is a weekly one, kept for 90 days.
   */
  backups?: "off" | BackupSettings;
  /** What each change publishes to the table's stream; free until something reads it. Default `"new-and-old-images"`. */
  stream?: Stream;
  transform?: {
    table?: Transform<aws.dynamodb.TableArgs>;
    scalingTarget?: Transform<aws.appautoscaling.TargetArgs>;
    scalingPolicy?: Transform<aws.appautoscaling.PolicyArgs>;
    backup?: TableBackupTransform;
    alarm?: Transform<aws.cloudwatch.MetricAlarmArgs>;
  };
}

export class ChatTable extends TenantComponent implements TableAccess {
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
    /** Empty while alarms are off. */
    readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
  };
  readonly #encryption: Encryption;
  readonly #access: TableAccess;

  constructor(name: string, args: ChatTableArgs, options?: pulumi.ComponentResourceOptions) {
    super("ChatTable", name, args, options);
    const { recoveryDays = 35, capacity = { mode: "on-demand" }, transform } = args;
    const { backups = "off", alarms = "off", replicas = [] } = args;
    if (recoveryDays !== "off") this.requireInteger("recoveryDays", recoveryDays, 1, 35);
    this.#encryption = args.encryption ?? "aws-owned";
    const [fault] = tableFaults(args, this.#encryption !== "aws-owned", homeRegion());
    if (fault) this.refuse(...fault);

    const table = new aws.dynamodb.Table(
      name,
      ...this.dataResource(
        {
          ...tableArgs(capacity, args.warmThroughput),
          ttl: { enabled: true, attributeName: chatTable.timeToLive },
          ...streamArgs(args.stream ?? "new-and-old-images"),
          pointInTimeRecovery:
            recoveryDays === "off"
              ? { enabled: false }
              : { enabled: true, recoveryPeriodInDays: recoveryDays },
          // "Disabled" is a key that AWS owns. Without the block the provider keeps an earlier key.
          serverSideEncryption:
            this.#encryption === "aws-owned"
              ? { enabled: false }
              : { enabled: true, kmsKeyArn: kmsKeyArn(this.#encryption) },
          deletionProtectionEnabled: isDeletionProtected(this.retain),
          ...(args.tableClass !== undefined && {
            tableClass: args.tableClass.toUpperCase().replaceAll("-", "_"),
          }),
          ...replicaArgs(replicas, {
            pointInTimeRecovery: recoveryDays !== "off",
            deletionProtectionEnabled: isDeletionProtected(this.retain),
          }),
          ...(args.adopt !== undefined && { name: args.adopt }),
          tags: this.tags,
        },
        transform?.table,
        {
          ignoreChanges: [
            // Auto scaling moves these; without ignoring them every `up` would move them back.
            ...(capacity.mode === "provisioned" ? scaledPaths : []),
            ...(args.adopt === undefined ? [] : restoredPaths),
          ],
          ...(args.adopt !== undefined && { import: args.adopt }),
        },
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
    this.#access = existingTable({
      tableName: table.name,
      tableArn: table.arn,
      encryption: this.#encryption,
    });
    this.nodes = {
      table,
      scalingTargets: scaling.targets,
      scalingPolicies: scaling.policies,
      backup,
      alarms:
        alarms === "off"
          ? []
          : createAlarms(
              { name, settings: alarms, tags: this.tags, transform: transform?.alarm },
              tableAlarms(table.name, chatTable.indexes),
              this.resource,
            ),
    };
    this.register({ tableName: table.name, tableArn: table.arn });
  }

  /** Permissions of the app, exactly: no scan, no table management. */
  grantReadWrite(): PolicyStatement[] {
    return this.#access.grantReadWrite();
  }

  /** Reading by key and by index, for exports and reports. */
  grantRead(): PolicyStatement[] {
    return this.#access.grantRead();
  }

  /** Permissions of the app while its tenant is off-boarding: reading, and erasing a user. */
  grantReadAndErase(): PolicyStatement[] {
    return this.#access.grantReadAndErase();
  }
}
