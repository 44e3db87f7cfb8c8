/** Copies of a table in other regions. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface Replica {
  /** AWS region, e.g. `"eu-west-1"`; not the table's own. */
  readonly region: string;
  /** ARN of a KMS key in that region. Required if the table has a key of its own, refused if not. */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/** What a table passes on to its replicas: all three are set per region, and off unless said. */
interface Replicated {
  readonly pointInTimeRecovery: boolean;
  readonly deletionProtectionEnabled: boolean;
}

export const replicaArgs = (
  replicas: readonly Replica[],
  replicated: Replicated,
): Partial<aws.dynamodb.TableArgs> =>
  replicas.length === 0
    ? {}
    : {
        replicas: replicas.map(({ region, kmsKeyArn }) => ({
          regionName: region,
          consistencyMode: "EVENTUAL",
          ...replicated,
          propagateTags: true,
          ...(kmsKeyArn !== undefined && { kmsKeyArn }),
        })),
      };
