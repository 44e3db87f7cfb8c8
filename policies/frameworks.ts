import type { Framework } from "./rule.ts";

/** Rules of cdk-nag, e.g. `AwsSolutions-DDB3`, `HIPAA.Security-DynamoDBPITREnabled`. */
export function nag(...ids: string[]): Framework[] {
  return ids.map((id) => ({
    name: "cdk-nag",
    id,
    url: "https://github.com/cdklabs/cdk-nag/blob/main/RULES.md",
  }));
}

/** Controls of AWS Security Hub, of whichever of its standards, e.g. `DynamoDB.2`. */
export function securityHub(...ids: string[]): Framework[] {
  return ids.map((id) => {
    const [service, number] = id.toLowerCase().split(".");
    const page = "https://docs.aws.amazon.com/securityhub/latest/userguide";
    return {
      name: "Security Hub",
      id,
      url: `${page}/${service}-controls.html#${service}-${number}`,
    };
  });
}

/** Controls of NIST SP 800-53 revision 5, e.g. `AC-3`. */
export function nist(...ids: string[]): Framework[] {
  return ids.map((id) => ({ name: "NIST 800-53", id }));
}

/** Requirements of PCI DSS 4.0, e.g. `1.3.1`. */
export function pci(...ids: string[]): Framework[] {
  return ids.map((id) => ({ name: "PCI DSS", id }));
}

/** Checks of checkov, e.g. `CKV_AWS_109`. */
export function checkov(...ids: string[]): Framework[] {
  return ids.map((id) => ({ name: "checkov", id }));
}

/** Checks of Prowler, e.g. `sns_topics_not_publicly_accessible`. */
export function prowler(...ids: string[]): Framework[] {
  return ids.map((id) => ({ name: "Prowler", id, url: `https://hub.prowler.com/check/${id}` }));
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
