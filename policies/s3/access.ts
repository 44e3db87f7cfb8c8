import { policyOf, policyPath } from "../access/holders.ts";
import { openRule } from "../access/open.ts";
import { awsguard, checkov, cis, compliance, hipaa, nag, securityHub } from "../frameworks.ts";
import { judgeOrigin } from "../reading/origin.ts";
import {
  coversAction,
  coversResource,
  deniesPlaintext,
  isEverybody,
  statementsOf,
} from "../reading/policy-document.ts";
import { at, listAt, textAt, textsAt } from "../reading/read.ts";
import type { Stack, StackResource } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";
import {
  bucketPolicies,
  buckets,
  judgeSettings,
  publicFlags,
  receivesLogs,
  settingsOf,
  settingTypes,
} from "./bucket.ts";

const publicAccess = [
  ...nag(
    "AwsSolutions-S2",
    "HIPAA.Security-S3BucketLevelPublicAccessProhibited",
    "HIPAA.Security-S3BucketPublicReadProhibited",
    "HIPAA.Security-S3BucketPublicWriteProhibited",
  ),
  ...securityHub("S3.8"),
  ...cis("2.1.4"),
];

export const publicBlock = stackRule({
  id: "s3-public-block",
  service: "S3",
  description: "Buckets must have a public access block.",
  reason: "One public ACL or policy shows a tenant's documents to the world.",
  fix: "name the bucket in an aws.s3.BucketPublicAccessBlock with all four flags true.",
  severity: "critical",
  level: "mandatory",
  frameworks: publicAccess,
  reach: "tenant",
  types: buckets,
  judge(bucket, report, _config, stack) {
    judgeSettings(bucket, "BucketPublicAccessBlock", stack, report, () => undefined);
  },
});

/** Apart from the join above, so that a weak block is refused, or put right, before it is created. */
export const publicBlockFlags = resourceRule({
  id: "s3-public-block-flags",
  service: "S3",
  description: "Public access blocks must block in all four ways.",
  reason: "A flag left out is a way left open.",
  fix: `set ${publicFlags.join(", ")} to true.`,
  severity: "critical",
  level: "mandatory",
  frameworks: publicAccess,
  types: [
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
  ],
  judge({ props }, report) {
    for (const flag of publicFlags)
      if (at(props, flag) !== true) report(flag, at(props, flag), "true");
  },
  remediate(props) {
    for (const flag of publicFlags) props[flag] = true;
  },
});

const tls = [
  ...nag("AwsSolutions-S10", "HIPAA.Security-S3BucketSSLRequestsOnly"),
  ...securityHub("S3.5"),
  ...cis("2.1.1"),
  ...hipaa("164.312(e)(1)"),
];

export const tlsOnly = stackRule({
  id: "s3-tls-only",
  service: "S3",
  description: "Buckets must have a policy, which denies requests without TLS.",
  reason: "Documents and signed links would travel in the clear.",
  fix: "name the bucket in an aws.s3.BucketPolicy.",
  severity: "high",
  level: "mandatory",
  frameworks: tls,
  reach: "tenant",
  types: buckets,
  judge(bucket, report, _config, stack) {
    judgeSettings(
      bucket,
      "BucketPolicy",
      stack,
      report,
      () => undefined,
      // Where there is no policy the provider returns an empty text.
      (inline) => textAt(inline, "policy")?.trimStart().startsWith("{") === true,
    );
  },
});

/** Apart from the join above: the text is unknown at preview, and judged before it is put in place. */
export const policyTls = resourceRule({
  id: "s3-policy-tls",
  service: "S3",
  description: "Bucket policies must deny requests without TLS.",
  reason: "Documents and signed links would travel in the clear.",
  fix: 'deny s3:* on the bucket and its objects to "*" when aws:SecureTransport is "false".',
  severity: "high",
  level: "mandatory",
  frameworks: tls,
  types: [...buckets, ...settingTypes("BucketPolicy")],
  judge({ props }, report) {
    const policy = at(props, "policy");
    if (policy === undefined) return;
    const denials = statementsOf(policy).filter((one) => deniesPlaintext(one, documentActions));
    const [bucket] = denials.flatMap(({ resources }) => resources.map((arn) => arn.split("/")[0]));
    if (!bucket) return report("policy", "without such a statement", "a Deny without TLS");
    const targets = { "the bucket": bucket, "its objects": `${bucket}/key` };
    for (const [what, arn] of Object.entries(targets))
      if (!denials.some((statement) => coversResource(statement, arn)))
        report("policy Resource", `without ${what}`, "the bucket and its objects");
  },
});

const documentActions = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"];

export const ownerEnforced = stackRule({
  id: "s3-owner-enforced",
  service: "S3",
  description: "Buckets must own every object and ignore ACLs.",
  reason:
    "Objects that a writer owns can neither be read nor deleted by the tenant's administrators.",
  fix: 'name the bucket in an aws.s3.BucketOwnershipControls with objectOwnership: "BucketOwnerEnforced".',
  severity: "medium",
  level: "mandatory",
  frameworks: securityHub("S3.12"),
  reach: "tenant",
  types: buckets,
  judge(bucket, report, _config, stack) {
    judgeSettings(bucket, "BucketOwnershipControls", stack, report, (controls) => {
      const found = at(controls.props, "rule.objectOwnership");
      if (found !== "BucketOwnerEnforced")
        report("rule.objectOwnership", found, "BucketOwnerEnforced", controls);
    });
  },
});

/** Sets nothing beyond what the owner has anyway. */
const harmlessAcls = ["private", "bucket-owner-full-control"];

export const noAcl = resourceRule({
  id: "s3-no-acl",
  service: "S3",
  description: "Buckets and objects must not be shared by ACL.",
  reason: "ACLs grant access that no policy shows, object by object.",
  fix: "remove acl, grants and accessControlPolicy; grant by policy.",
  severity: "high",
  level: "mandatory",
  frameworks: [
    ...securityHub("S3.12"),
    ...nag(
      "HIPAA.Security-S3BucketPublicReadProhibited",
      "HIPAA.Security-S3BucketPublicWriteProhibited",
    ),
    ...compliance("aws.s3.Bucket.disallowPublicRead", "aws.s3.BucketV2.disallowPublicRead"),
  ],
  types: [
    ...buckets,
    ...settingTypes("BucketAcl"),
    "aws:s3/bucketObject:BucketObject",
    "aws:s3/bucketObjectv2:BucketObjectv2",
    "aws:s3/objectCopy:ObjectCopy",
  ],
  judge({ props }, report) {
    const acl = textAt(props, "acl");
    if (acl !== undefined && !harmlessAcls.includes(acl))
      report("acl", acl, harmlessAcls.join(" or "));
    for (const block of ["grants", "accessControlPolicy"])
      if (at(props, block) !== undefined) report(block, at(props, block), "nothing");
  },
});

export const policyPrincipal = openRule({
  id: "s3-policy-principal",
  service: "S3",
  what: "Bucket policies",
  reason: "A wildcard principal without a pinned caller is the whole internet.",
  fix: "name the principals, or pin the caller by account, organisation or endpoint in a condition.",
  frameworks: [
    ...securityHub("S3.2", "S3.3"),
    ...nag(
      "HIPAA.Security-S3BucketPublicReadProhibited",
      "HIPAA.Security-S3BucketPublicWriteProhibited",
    ),
  ],
  types: bucketPolicies,
});

export const lockout = resourceRule({
  id: "s3-lockout",
  service: "S3",
  description: "Bucket policies must not deny everybody the policy itself.",
  reason:
    "Only the account's root user could remove it: nobody else could reach the objects again.",
  fix: "deny by a condition, or all but the administrators' role, or leave s3:PutBucketPolicy and s3:DeleteBucketPolicy out.",
  severity: "high",
  level: "mandatory",
  frameworks: checkov("CKV_AWS_93"),
  types: bucketPolicies,
  judge(resource, report) {
    for (const statement of policyOf(resource)) {
      const { effect, conditions, notPrincipals, label } = statement;
      if (effect !== "Deny" || conditions.length > 0 || notPrincipals.length > 0) continue;
      const denied = ["s3:DeleteBucketPolicy", "s3:PutBucketPolicy"];
      if (isEverybody(statement) && denied.every((action) => coversAction(statement, action)))
        report(`${policyPath(resource)} ${label} Action`, "the policy's own", "others");
    }
  },
});

export const corsOrigin = resourceRule({
  id: "s3-cors-origin",
  service: "S3",
  description: "Buckets must name the origins that browsers may call from.",
  reason:
    "With any origin allowed, every website that learns a signed link may use it in a browser.",
  fix: "list the web app's https:// origins in allowedOrigins.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [],
  types: [...buckets, ...settingTypes("BucketCorsConfiguration")],
  judge({ props }, report) {
    for (const [index, rule] of listAt(props, "corsRules").entries())
      for (const origin of textsAt(rule, "allowedOrigins"))
        judgeOrigin(`corsRules.${index}.allowedOrigins`, origin, report);
  },
});

export const accessLog = stackRule({
  id: "s3-access-log",
  service: "S3",
  description: "Buckets must log who reads and writes their objects.",
  reason: "After a leak nobody could say what was taken.",
  fix: "name the bucket in an aws.s3.BucketLogging with a targetBucket of its own.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [
    ...nag("AwsSolutions-S1", "HIPAA.Security-S3BucketLoggingEnabled"),
    ...securityHub("S3.9"),
    ...awsguard("s3-bucket-logging-enabled"),
    ...hipaa("164.312(b)"),
  ],
  reach: "tenant",
  types: buckets,
  judge(bucket, report, _config, stack) {
    // A bucket that receives logs would log its own log files without end.
    const own = settingsOf(bucket, "BucketLogging", stack).find((logging) =>
      logsTo(bucket, logging, stack),
    );
    if (own) return report("targetBucket", "the bucket itself", "a bucket of its own", own);
    if (receivesLogs(bucket, stack)) return;
    judgeSettings(
      bucket,
      "BucketLogging",
      stack,
      report,
      () => undefined,
      (inline) =>
        at(inline, "logging.targetBucket") !== undefined || at(inline, "loggings.0") !== undefined,
    );
  },
});

const logsTo = (bucket: StackResource, logging: StackResource, stack: Stack): boolean =>
  stack.namedBy(bucket, "targetBucket", logging.type).includes(logging);
