/**
 * A tenant's own KMS key: it encrypts the tenant's table, documents, logs and settings, so that
 * every use is in CloudTrail, can be revoked at once, and touches no other tenant. Losing the key
 * loses the data, so it is as hard to delete as they are.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import type { CustomerManagedKey } from "../encryption.ts";
import { policyDocument } from "../iam.ts";
import { serviceHost } from "../partition.ts";

/**
 * Costs $1 a month, and $1 more after each of the first two rotations (AWS KMS pricing); $0.03 per
 * 10,000 requests beyond the first 20,000 a month.
 */
export interface TenantKeyArgs extends TenantComponentArgs {
  /**
   * Days between rotations of the key material, 90–2560. Default 365. Old material stays, so nothing
   * needs to be encrypted again (AWS KMS Developer Guide, "Rotate AWS KMS keys").
   */
  rotationDays?: number;
  /** Days in which a deletion can be cancelled, 7–30. Default 30. */
  deletionWindowDays?: number;
  transform?: {
    key?: Transform<aws.kms.KeyArgs>;
    alias?: Transform<aws.kms.AliasArgs>;
  };
}

export class TenantKey extends TenantComponent {
  readonly keyArn: pulumi.Output<string>;
  /** `alias/chatstack/<tenant>-<random>` */
  readonly aliasName: pulumi.Output<string>;
  readonly nodes: { readonly key: aws.kms.Key; readonly alias: aws.kms.Alias };

  constructor(name: string, args: TenantKeyArgs, options?: pulumi.ComponentResourceOptions) {
    super("TenantKey", name, args, options);
    const { rotationDays = 365, deletionWindowDays = 30, transform } = args;
    this.requireInteger("rotationDays", rotationDays, 90, 2560);
    this.requireInteger("deletionWindowDays", deletionWindowDays, 7, 30);

    const key = new aws.kms.Key(
      name,
      ...this.dataResource(
        {
          description: `chatstack: data of tenant ${this.tenant}`,
          keyUsage: "ENCRYPT_DECRYPT",
          customerMasterKeySpec: "SYMMETRIC_DEFAULT",
          enableKeyRotation: true,
          rotationPeriodInDays: rotationDays,
          deletionWindowInDays: deletionWindowDays,
          policy: this.#keyPolicy(),
          tags: this.tags,
        },
        transform?.key,
      ),
    );
    const alias = new aws.kms.Alias(
      name,
      ...this.resource(
        // A prefix: a key that a former stack retained may still have the name.
        { namePrefix: `alias/chatstack/${this.tenant}-`, targetKeyId: key.keyId },
        transform?.alias,
      ),
    );

    this.keyArn = key.arn;
    this.aliasName = alias.name;
    this.nodes = { key, alias };
    this.register({ keyArn: key.arn });
  }

  /** For the `encryption` of the tenant's other components. */
  get encryption(): CustomerManagedKey {
    return { kmsKeyArn: this.keyArn };
  }

  #keyPolicy(): pulumi.Output<string> {
    const parent = { parent: this };
    const { accountId } = aws.getCallerIdentityOutput({}, parent);
    const { partition } = aws.getPartitionOutput({}, parent);
    const { region } = aws.getRegionOutput({}, parent);
    return policyDocument([
      {
        // Lets IAM policies grant the key's use, and saves it from having no administrator left
        // (AWS KMS Developer Guide, "Default key policy").
        Sid: "AccountAdministers",
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:${partition}:iam::${accountId}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        // CloudWatch Logs uses the key as itself, not as its caller; the condition keeps other
        // accounts' log groups away (CloudWatch Logs User Guide, "Encrypt log data using AWS KMS").
        Sid: "LogGroupsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: region.apply((name) => serviceHost("logs", name)) },
        Action: [
          "kms:Decrypt",
          "kms:DescribeKey",
          "kms:Encrypt",
          "kms:GenerateDataKey",
          "kms:GenerateDataKeyWithoutPlaintext",
          "kms:ReEncryptFrom",
          "kms:ReEncryptTo",
        ],
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:logs:arn": pulumi.interpolate`arn:${partition}:logs:${region}:${accountId}:log-group:*`,
          },
        },
      },
      {
        // Always there, so that an audit trail can begin without touching the key (AWS CloudTrail User
        // Guide, "Configure AWS KMS key policies for CloudTrail").
        Sid: "TrailsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "cloudtrail.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: {
          ArnLike: {
            "aws:SourceArn": pulumi.interpolate`arn:${partition}:cloudtrail:${region}:${accountId}:trail/*`,
          },
        },
      },
      {
        // Always there too, for `events: "on"` (Amazon EventBridge User Guide, "Authorizing EventBridge to use a
        // customer managed key").
        Sid: "EventBusesOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: "*",
        Condition: {
          ArnLike: {
            "kms:EncryptionContext:aws:events:event-bus:arn": pulumi.interpolate`arn:${partition}:events:${region}:${accountId}:event-bus/*`,
          },
        },
      },
      {
        // EventBridge validates a key before it uses it, without an encryption context.
        Sid: "EventBridgeValidates",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: ["kms:DescribeKey"],
        Resource: "*",
        Condition: { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ]);
  }
}
