import { compliance, hipaa, nag, securityHub } from "../frameworks.ts";
import { coversAction, isAnybody, statementsOf } from "../reading/policy-document.ts";
import { at, textAt, textsAt } from "../reading/read.ts";
import { stackRule } from "../rule.ts";
import { buckets, encryptionRulesOf, receivesLogs, settingsOf } from "./bucket.ts";

const byDefault = "applyServerSideEncryptionByDefault";
const configuration = "BucketServerSideEncryptionConfiguration";
const kmsAlgorithms = ["aws:kms", "aws:kms:dsse"];
/** All that S3 can deliver logs under ("Logging requests with server access logging" in the S3 User Guide). */
const logAlgorithms = ["AES256"];

export const sseKms = stackRule({
  id: "s3-sse-kms",
  service: "S3",
  description: "Buckets must encrypt with a customer-managed KMS key.",
  reason: "Only a key of one's own can be audited, restricted to a tenant and revoked.",
  fix: `name the bucket in an aws.s3.${configuration} with sseAlgorithm: "aws:kms" and kmsMasterKeyId.`,
  severity: "high",
  level: "mandatory-in-production",
  frameworks: [
    ...nag("HIPAA.Security-S3DefaultEncryptionKMS"),
    ...securityHub("S3.17"),
    ...hipaa("164.312(a)(2)(iv)"),
    ...compliance(
      "aws.s3.Bucket.enableServerSideEncryption",
      "aws.s3.Bucket.configureServerSideEncryptionKms",
      "aws.s3.Bucket.configureServerSideEncryptionCustomerManagedKey",
    ),
  ],
  types: buckets,
  judge(bucket, report, _config, stack) {
    const rules = encryptionRulesOf(bucket, stack);
    if (rules.length === 0) report(configuration, undefined, "one that names the bucket");
    const holdsLogs = receivesLogs(bucket, stack);
    const allowed = holdsLogs ? logAlgorithms : kmsAlgorithms;
    for (const { about, path, byDefault: settings } of rules) {
      const algorithm = textAt(settings, "sseAlgorithm");
      if (!algorithm || !allowed.includes(algorithm))
        report(`${path}.${byDefault}.sseAlgorithm`, algorithm, allowed.join(" or "), about);
      else if (!holdsLogs && isManagedByAws(textAt(settings, "kmsMasterKeyId")))
        report(`${path}.${byDefault}.kmsMasterKeyId`, undefined, "a customer-managed key", about);
    }
  },
});

export const bucketKey = stackRule({
  id: "s3-bucket-key",
  service: "S3",
  description: "Buckets encrypted with KMS should use a bucket key.",
  reason: "Otherwise every object read or written is a KMS request: slower, throttled and billed.",
  fix: "set bucketKeyEnabled: true on the encryption rule.",
  severity: "low",
  level: "advisory",
  frameworks: compliance("aws.s3.Bucket.enableServerSideEncryptionBucketKey"),
  types: buckets,
  judge(bucket, report, _config, stack) {
    for (const { about, path, value, byDefault: settings } of encryptionRulesOf(bucket, stack)) {
      // Bucket keys do nothing for S3's own keys and are not offered for double encryption.
      if (at(settings, "sseAlgorithm") !== "aws:kms") continue;
      const enabled = at(value, "bucketKeyEnabled");
      if (enabled !== true) report(`${path}.bucketKeyEnabled`, enabled, "true", about);
    }
  },
});

export const noSseC = stackRule({
  id: "s3-no-sse-c",
  service: "S3",
  description: "Buckets must refuse objects encrypted with keys that the caller keeps (SSE-C).",
  reason: "Whoever overwrites documents under a key of his own holds them to ransom.",
  fix: 'set blockedEncryptionTypes: ["SSE-C"] on the encryption rule.',
  severity: "high",
  level: "mandatory",
  frameworks: [],
  types: buckets,
  judge(bucket, report, _config, stack) {
    const rules = encryptionRulesOf(bucket, stack);
    const blocking = rules.filter(({ value }) =>
      textsAt(value, "blockedEncryptionTypes").includes("SSE-C"),
    );
    if (rules.length > 0 && blocking.length === rules.length) return;
    const policies = settingsOf(bucket, "BucketPolicy", stack);
    if (policies.some(({ props }) => deniesSseC(at(props, "policy")))) return;
    const [first] = rules;
    const path = first ? `${first.path}.blockedEncryptionTypes` : configuration;
    report(path, undefined, '["SSE-C"], or a policy that denies it', first?.about);
  },
});

function deniesSseC(policy: unknown): boolean {
  return statementsOf(policy).some(
    (statement) =>
      statement.effect === "Deny" &&
      isAnybody(statement) &&
      coversAction(statement, "s3:PutObject") &&
      statement.conditions.length === 1 &&
      statement.conditions.some(
        ({ operator, key, values }) =>
          operator === "Null" &&
          key === "s3:x-amz-server-side-encryption-customer-algorithm" &&
          values.includes("false"),
      ),
  );
}

/** No key means `alias/aws/s3`. */
function isManagedByAws(key: string | undefined): boolean {
  return !key || key.endsWith("alias/aws/s3");
}
