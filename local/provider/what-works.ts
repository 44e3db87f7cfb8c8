import type { Provisioned } from "./provider.ts";

/** What of a stack is there on this machine, in the words of whoever uses it. */
export interface WhatWorks {
  readonly works: readonly string[];
  readonly missing: readonly string[];
}

/** Names of abilities by the types that bring them, the first match first. */
const abilities: readonly (readonly [RegExp, string])[] = [
  [/^cognito\/userPool:/, "sign-in"],
  [
    /^apigateway\/(authorizer|deployment|integration|method|resource|response|restApi|stage):/,
    "the API",
  ],
  [/^lambda\/function:/, "streamed answers"],
  [/^dynamodb\/table:/, "conversations"],
  [/^s3\/bucket:/, "documents"],
  [/^s3\/bucketCorsConfiguration:/, "pages of other origins"],
  [/^scheduler\//, "maintenance"],
  [/^cloudwatch\/eventBus:/, "events"],
  [/^lambda\/eventSourceMapping:/, "queues of the app"],
];

const absences: readonly (readonly [RegExp, string])[] = [
  [/^wafv2\//, "firewall"],
  [/^apigateway\/(apiKey|usagePlan|usagePlanKey):/, "quotas of requests"],
  [/^(acm|route53)\/|^apigateway\/(domainName|basePathMapping):/, "own domains"],
  [/^cognito\/(managedLoginBranding|userPoolDomain):/, "the look of the sign-in page"],
  [/^cognito\/identityProvider:/, "sign-in through other providers"],
  [/^cognito\/resourceServer:/, "machine clients"],
  [/^cognito\/riskConfiguration:/, "threat protection"],
  [/^(backup\/|UpdateContinuousBackups$)/, "backups"],
  [/^(kms\/|s3\/bucketServerSideEncryption|PutBucketEncryption$)/, "encryption keys"],
  [/^(s3\/bucketVersioning:|PutBucketVersioning$)/, "versions of documents"],
  [/^(s3\/bucket(Replication)|dynamodb\/tableReplica|Table\.replicas$)/, "copies in other regions"],
  [
    /^(iam|sts)\/|^lambda\/permission:|^s3\/bucket(Policy|PublicAccess|Ownership)|^sqs\/queuePolicy:/,
    "permissions",
  ],
  [
    /^cloudwatch\/(dashboard|metricAlarm|compositeAlarm)|^sns\/|^budgets\//,
    "dashboards and alarms",
  ],
  [
    /^cloudwatch\/|^s3\/bucketLogging:|^cloudtrail\/|^dynamodb\/contributorInsights:/,
    "logs in CloudWatch",
  ],
  [/^sqs\/|^lambda\/functionEventInvokeConfig:/, "queues of failed events"],
  [/^(appautoscaling|lambda\/(alias|provisioned))/, "scaling"],
  [/^bedrock\//, "models of Bedrock"],
  [/^(ec2|vpc)\//, "private networks"],
  [/^(pipes|kinesis|glue|athena)/, "the archive"],
];

/** Reads it off the resources and the calls that were left out, so that it says what is true of this stack. */
export function whatWorks(resources: readonly Provisioned[]): WhatWorks {
  const works = new Set<string>();
  const missing = new Set<string>();
  for (const { type, how, omitted } of resources) {
    const name = type.replace(/^aws:/, "");
    if (how === "absent") missing.add(wordsFor(absences, name) ?? name.split("/")[0] ?? name);
    else works.add(wordsFor(abilities, name) ?? "");
    for (const call of omitted) missing.add(wordsFor(absences, call) ?? "");
  }
  const inOrder = (table: typeof abilities, found: ReadonlySet<string>) => {
    const known = table.map(([, words]) => words);
    const words = [...new Set([...known, ...found])];
    return words.filter((one) => one !== "" && found.has(one));
  };
  return { works: inOrder(abilities, works), missing: inOrder(absences, missing) };
}

const wordsFor = (table: typeof abilities, name: string) =>
  table.find(([pattern]) => pattern.test(name))?.[1];
