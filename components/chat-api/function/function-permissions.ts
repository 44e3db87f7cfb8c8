/** What every function may do beside what its app does. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Encryption, grantKeyUse } from "../../encryption.ts";
import { type PolicyStatement, regionOf } from "../../iam.ts";

/** Lambda makes itself a grant for this, but for the role of that day: a role made anew has none. */
export const readOwnEnvironment = (
  { arn }: aws.cloudwatch.LogGroup,
  encryption: Encryption = "aws-owned",
): PolicyStatement[] => grantKeyUse(encryption, "lambda", regionOf(arn), ["kms:Decrypt"]);

/** Its log streams and traces. */
export const writeOwnTelemetry = (logGroup: aws.cloudwatch.LogGroup): PolicyStatement[] => [
  {
    Sid: "WriteOwnLogs",
    Effect: "Allow",
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: [pulumi.interpolate`${logGroup.arn}:*`],
  },
  {
    Sid: "SendTraces",
    Effect: "Allow",
    Action: ["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    // X-Ray has no resource types to name for these (Service Authorization Reference, AWS X-Ray).
    Resource: ["*"],
  },
];
