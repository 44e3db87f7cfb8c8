import type { Framework } from "./rule.ts";

/** Rules of cdk-nag, e.g. `AwsSolutions-DDB3`, `HIPAA.Security-DynamoDBPITREnabled`. */
export function nag(...ids: string[]): Framework[] {
  return ids.map((id) => ({
    name: "cdk-nag",
    id,
    url: "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md",
  }));
}

/** Controls of AWS Foundational Security Best Practices, e.g. `DynamoDB.2`. */
export function fsbp(...ids: string[]): Framework[] {
  return ids.map((id) => {
    const [service, number] = id.toLowerCase().split(".");
    const page = "https://docs.aws.amazon.com/securityhub/latest/userguide";
    return { name: "FSBP", id, url: `${page}/${service}-controls.html#${service}-${number}` };
  });
}

/** Recommendations of the CIS AWS Foundations Benchmark 3.0.0, e.g. `2.1.4`. */
export function cis(...ids: string[]): Framework[] {
  return ids.map((id) => ({ name: "CIS", id }));
}

/** Paragraphs of the HIPAA Security Rule, e.g. `164.312(a)(2)(iv)`. */
export function hipaa(...ids: string[]): Framework[] {
  return ids.map((id) => ({
    name: "HIPAA",
    id,
    url: "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-C/part-164/subpart-C",
  }));
}

/** Policies of Pulumi's AWSGuard. */
export function awsguard(...ids: string[]): Framework[] {
  return ids.map((id) => ({ name: "awsguard", id }));
}

/** Policies of `@pulumi/aws-compliance-policies`, e.g. `aws.s3.Bucket.disallowPublicRead`. */
export function compliance(...ids: string[]): Framework[] {
  return ids.map((id) => ({ name: "compliance-policies", id }));
}
