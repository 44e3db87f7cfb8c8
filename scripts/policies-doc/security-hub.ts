/** Controls of Security Hub for the services that we use, and why some are no rule's. */
import type { AnyRule } from "../../policies/rule.ts";
import { published } from "./published.ts";

/** Services that components or rules speak of. */
const services = [
  "APIGateway",
  "Athena",
  "Backup",
  "CloudTrail",
  "CloudWatch",
  "Cognito",
  "DataFirehose",
  "DynamoDB",
  "IAM",
  "KMS",
  "Lambda",
  "S3",
  "SNS",
  "SQS",
  "SecretsManager",
  "WAF",
];

/** Reasons by the ids that they are for. */
const reasons: Readonly<Record<string, string>> = {
  "a setting of the account, not of a stack's resources":
    "CloudTrail.1 CloudTrail.3 CloudTrail.6 CloudTrail.7 CloudTrail.9 IAM.4 IAM.7 IAM.9 IAM.10 IAM.11 IAM.12 IAM.13 IAM.14 IAM.15 IAM.16 IAM.17 IAM.18 IAM.28 S3.1",
  "about IAM users, whom `iam-users` refuses": "IAM.5 IAM.6 IAM.8 IAM.19 IAM.22 IAM.27",
  "asks for an alarm on a metric filter of the account's trail":
    "CloudWatch.1 CloudWatch.2 CloudWatch.3 CloudWatch.4 CloudWatch.5 CloudWatch.6 CloudWatch.7 CloudWatch.8 CloudWatch.9 CloudWatch.10 CloudWatch.11 CloudWatch.12 CloudWatch.13 CloudWatch.14",
  "asks for a tag that each company names itself; `tenant-tags` asks for ours":
    "Athena.2 Athena.3 Backup.2 Backup.3 Backup.4 Backup.5 IAM.23 IAM.24 IAM.25 Lambda.6 SNS.3 SQS.2 SecretsManager.5",
  "Athena encrypts its own storage; `athena-encrypted` asks for the results'": "Athena.1",
  "retired by AWS": "Lambda.4 S3.4 SNS.2",
  "of AWS WAF Classic, which takes no new web ACLs": "WAF.1 WAF.2 WAF.3 WAF.4 WAF.6 WAF.7 WAF.8",
  "no component makes a DAX cluster: a cache would cut across tenants": "DynamoDB.3 DynamoDB.7",
  "events of a bucket go to nobody: the app records what is written": "S3.11",
  "needs the root user's second factor, which no program has": "S3.20",
  "records every read and write of objects for the whole account": "S3.22 S3.23",
  "`iam-star-resource` refuses the same, whatever the service": "KMS.1 KMS.2",
  "about rotation, which whoever owns the secret decides":
    "SecretsManager.1 SecretsManager.3 SecretsManager.4",
  "asks when a secret was last read, which no program says": "SecretsManager.2",
  "an expired certificate of a server is no property of a program": "IAM.26",
};

const reasonOf = new Map(
  Object.entries(reasons).flatMap(([reason, ids]) =>
    ids.split(" ").map((id) => [id, reason] as const),
  ),
);

export interface HubControl {
  readonly id: string;
  readonly coveredBy: readonly string[];
  readonly why: string | undefined;
}

export function hubControls(rules: readonly AnyRule[]): readonly HubControl[] {
  const ids = published["Security Hub"]?.ids ?? [];
  return ids
    .filter((id) => services.includes(id.split(".")[0] ?? ""))
    .map((id) => ({
      id,
      coveredBy: rules
        .filter(({ frameworks }) =>
          frameworks.some((one) => one.name === "Security Hub" && one.id === id),
        )
        .map((rule) => rule.id),
      why: reasonOf.get(id),
    }));
}
