import * as pulumi from "@pulumi/pulumi";
import type { PolicyStatement } from "./iam.ts";
import { serviceHost } from "./partition.ts";

/**
 * The key that encrypts data at rest: a key owned by AWS (free, no audit trail, cannot be revoked), or a
 * KMS key of yours ($1 a month, and requests; every use is in CloudTrail).
 */
export type Encryption = "aws-owned" | CustomerManagedKey;

export interface CustomerManagedKey {
  /** ARN of a symmetric KMS key in the tenant's region. */
  readonly kmsKeyArn: pulumi.Input<string>;
}

export const kmsKeyArn = (encryption: Encryption): pulumi.Input<string> | undefined =>
  encryption === "aws-owned" ? undefined : encryption.kmsKeyArn;

/**
 * Lets the holder use the key through one service only; nothing where AWS owns the key.
 *
 * @param service as its host name begins, e.g. `"dynamodb"`.
 * @param region where it uses the key.
 */
export function grantKeyUse(
  encryption: Encryption,
  service: string,
  region: pulumi.Input<string>,
  actions: readonly `kms:${string}`[],
): PolicyStatement[] {
  const key = kmsKeyArn(encryption);
  if (key === undefined) return [];
  return [
    {
      Effect: "Allow",
      Action: actions,
      Resource: [key],
      Condition: {
        StringEquals: {
          "kms:ViaService": pulumi.output(region).apply((name) => serviceHost(service, name)),
        },
      },
    },
  ];
}
