/**
 * What others ask of the services that we use: the controls of three published rule sets. A control is
 * covered by the rules that carry its id, or by those named here where it has a wider or other meaning;
 * or it says why no rule covers it.
 */
import { cdkNag } from "./cdk-nag.ts";
import type { Anchor } from "./coverage.ts";

const awsguard: Anchor = {
  name: "awsguard",
  title: "Pulumi AWSGuard",
  source:
    "[@pulumi/awsguard](https://github.com/pulumi/pulumi-policy-aws) 0.3.1, its policies for API Gateway, " +
    "certificates, DynamoDB, IAM, KMS and S3; read from the npm package in November 2026.",
  controls: [
    {
      id: "acm-certificate-expiration",
      asks: "certificates in use do not expire soon",
      why: "It asks ACM over the network. A certificate's age is no property of a program; ACM renews its own.",
    },
    {
      id: "access-keys-rotated",
      asks: "access keys are changed regularly",
      by: ["iam-users"],
      why: "There are no access keys to rotate: IAM users are refused.",
    },
    {
      id: "apigateway-endpoint-type",
      asks: "APIs have one of the allowed endpoint types",
    },
    {
      id: "apigateway-method-cached-and-encrypted",
      asks: "methods cache answers, encrypted",
      why: "Caching is not asked for: an answer that belongs to one user must not be kept for the next. Where there is a cache, it must be encrypted.",
    },
    {
      id: "apigateway-stage-cached",
      asks: "stages have a cache",
      why: "Every answer but the health check belongs to one user; a shared cache is a leak, not a safeguard.",
    },
    {
      id: "cmk-backing-key-rotation-enabled",
      asks: "KMS keys rotate",
      by: ["kms-rotation"],
    },
    {
      id: "dynamodb-table-encryption-enabled",
      asks: "tables set serverSideEncryption",
    },
    {
      id: "mfa-enabled-for-iam-console-access",
      asks: "IAM users with a console password have a second factor",
      by: ["iam-users"],
      why: "There are no console passwords: IAM users are refused.",
    },
    { id: "s3-bucket-logging-enabled", asks: "buckets log access" },
  ],
};

const description =
  "A missing description loses and leaks nothing; names and tags say what a resource is.";
const accountSettings =
  "The account's password policy is for IAM users, which are refused; it belongs to whoever owns the account.";

const compliancePolicies: Anchor = {
  name: "compliance-policies",
  title: "Pulumi compliance policies",
  source:
    "[pulumi/compliance-policies](https://github.com/pulumi/compliance-policies), folder `vendor-aws/aws`, " +
    "API Gateway, DynamoDB, IAM, KMS, Lambda and S3; a crawl of the repository's history read in November 2026, so " +
    "that a policy may be listed that a release has since renamed. It has none for Cognito, Backup and CloudWatch.",
  controls: [
    {
      id: "aws.apigateway.DomainName.configureSecurityPolicy",
      asks: "custom domains take modern TLS only",
    },
    {
      id: "aws.apigatewayv2.DomainName.configureDomainNameSecurityPolicy",
      asks: "custom domains of HTTP APIs take modern TLS only",
    },
    {
      id: "aws.apigatewayv2.DomainName.enableDomainNameConfiguration",
      asks: "custom domains of HTTP APIs have a configuration",
      by: ["api-tls"],
      why: "AWS refuses a domain without one; the rule judges what it says.",
    },
    {
      id: "aws.apigatewayv2.Stage.configureAccessLogging",
      asks: "HTTP API stages log in a format",
    },
    { id: "aws.apigatewayv2.Stage.enableAccessLogging", asks: "HTTP API stages log access" },
    { id: "aws.dynamodb.Table.deleteProtectionEnabled", asks: "tables have deletion protection" },
    {
      id: "aws.iam.AccountPasswordPolicy.minimumPasswordLength",
      asks: "the account asks for long passwords",
      why: accountSettings,
    },
    {
      id: "aws.iam.AccountPasswordPolicy.passwordReusePrevention",
      asks: "the account refuses earlier passwords",
      why: accountSettings,
    },
    {
      id: "aws.iam.PolicyAttachment.onlyPermissionsViaGroups",
      asks: "users get permissions through groups only",
    },
    {
      id: "aws.iam.UserPolicyAttachment.onlyPermissionsViaGroups",
      asks: "policies are not attached to users",
    },
    {
      id: "aws.kms.Key.disallowBypassPolicyLockoutSafetyCheck",
      asks: "keys keep the check against locking oneself out",
    },
    { id: "aws.kms.Key.enableKeyRotation", asks: "keys rotate" },
    { id: "aws.kms.Key.missingDescription", asks: "keys have a description", why: description },
    { id: "aws.lambda.Function.configureTracingConfig", asks: "functions trace actively" },
    {
      id: "aws.lambda.Function.disallowUnknownCrossAccountAccess",
      asks: "functions are not open to unknown accounts",
    },
    { id: "aws.lambda.Function.enableTracingConfig", asks: "functions say how they trace" },
    {
      id: "aws.lambda.Function.missingDescription",
      asks: "functions have a description",
      why: description,
    },
    {
      id: "aws.lambda.Function.requireUniqueIamRole",
      asks: "every function has a role of its own",
      by: ["iam-tenant-scope"],
      why: "Sharing matters across tenants, and that is what the rule refuses.",
    },
    { id: "aws.lambda.Permission.configureSourceArn", asks: "permissions name who may call" },
    {
      id: "aws.s3.Bucket.configureReplicationConfiguration",
      asks: "replicas are encrypted",
    },
    {
      id: "aws.s3.Bucket.configureServerSideEncryptionCustomerManagedKey",
      asks: "buckets are encrypted with a key of one's own",
    },
    {
      id: "aws.s3.Bucket.configureServerSideEncryptionKms",
      asks: "buckets are encrypted with KMS",
    },
    { id: "aws.s3.Bucket.disallowPublicRead", asks: "buckets have no public ACL" },
    { id: "aws.s3.Bucket.enableReplicationConfiguration", asks: "buckets are replicated" },
    { id: "aws.s3.Bucket.enableServerSideEncryption", asks: "buckets have default encryption" },
    { id: "aws.s3.Bucket.enableServerSideEncryptionBucketKey", asks: "buckets use a bucket key" },
    {
      id: "aws.s3.BucketV2.configureReplicationConfiguration",
      asks: "replicas are encrypted",
      by: ["s3-replication"],
    },
    {
      id: "aws.s3.BucketV2.configureServerSideEncryptionKms",
      asks: "buckets are encrypted with KMS",
      by: ["s3-sse-kms"],
    },
    { id: "aws.s3.BucketV2.disallowPublicRead", asks: "buckets have no public ACL" },
    {
      id: "aws.s3.BucketV2.disallowUnencryptedReplicationDestination",
      asks: "replicas are encrypted",
      by: ["s3-replication"],
    },
    {
      id: "aws.s3.BucketV2.enableReplicationConfiguration",
      asks: "buckets are replicated",
      by: ["s3-replication"],
    },
    {
      id: "aws.s3.BucketV2.enableServerSideEncryption",
      asks: "buckets have default encryption",
      by: ["s3-sse-kms"],
    },
  ],
};

export const anchors: readonly Anchor[] = [
  awsguard,
  compliancePolicies,
  {
    name: "cdk-nag",
    title: "cdk-nag",
    source:
      "[cdk-nag](https://github.com/cdklabs/cdk-nag) 3.0.2, the packs AwsSolutions, HIPAA.Security and Serverless, " +
      "their rules for API Gateway, CloudTrail, CloudWatch, Cognito, DynamoDB, EC2's networks, Firehose, IAM, KMS, " +
      "Lambda, S3, Secrets Manager, SNS, SQS and WAF (none of the " +
      "three has any for AWS Backup but the one on tables), and two on Lambda that are in no pack; read from `lib/packs` of the npm package in November 2026.",
    controls: cdkNag,
  },
];
