/**
 * What is decided about each type of resource: how it is priced, or that it is free. A type that is
 * neither here is reported, so that nothing costs in silence; a test walks the fullest tenants.
 */
import { fixed, type Priced, type Pricer } from "./line.ts";
import { hoursAMonth } from "./prices/prices.ts";
import { product } from "./quantity.ts";
import * as compute from "./services/compute.ts";
import * as dynamodb from "./services/dynamodb.ts";
import * as identity from "./services/identity.ts";
import * as observability from "./services/observability.ts";
import * as storage from "./services/storage.ts";

export const pricers: Readonly<Record<string, Pricer>> = {
  "aws:apigateway/methodSettings:MethodSettings": compute.methodSettings,
  "aws:apigateway/restApi:RestApi": compute.restApi,
  "aws:athena/workgroup:Workgroup": observability.workgroup,
  "aws:backup/plan:Plan": dynamodb.backupPlan,
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": (): Priced => ({
    lines: [],
    unpriced: [
      {
        what: "restore tests: each test, and the gigabytes it restores",
        because: "AWS publishes no list price that this table holds",
        isUnknown: false,
      },
    ],
  }),
  "aws:cloudtrail/trail:Trail": observability.trail,
  "aws:cloudwatch/dashboard:Dashboard": observability.dashboard,
  "aws:cloudwatch/eventBus:EventBus": observability.eventBus,
  "aws:cloudwatch/logGroup:LogGroup": observability.logGroup,
  "aws:cloudwatch/metricAlarm:MetricAlarm": observability.metricAlarm,
  "aws:cognito/userPool:UserPool": identity.userPool,
  "aws:cognito/userPoolClient:UserPoolClient": identity.userPoolClient,
  "aws:dynamodb/contributorInsights:ContributorInsights": dynamodb.contributorInsights,
  "aws:dynamodb/table:Table": dynamodb.table,
  "aws:ec2/eip:Eip": () => ({
    lines: [fixed("public address", product([hoursAMonth, "h"]), "public-address.hours")],
  }),
  "aws:ec2/natGateway:NatGateway": identity.natGateway,
  "aws:ec2/vpcEndpoint:VpcEndpoint": identity.vpcEndpoint,
  "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": observability.deliveryStream,
  "aws:kms/key:Key": identity.key,
  "aws:lambda/function:Function": compute.lambdaFunction,
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig":
    compute.provisionedConcurrency,
  "aws:pipes/pipe:Pipe": observability.pipe,
  "aws:route53/zone:Zone": () => ({
    lines: [fixed("hosted zone", product([1, "zone"]), "route53.zones")],
  }),
  "aws:s3/bucket:Bucket": storage.bucket,
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": storage.replication,
  "aws:scheduler/schedule:Schedule": compute.schedule,
  "aws:sqs/queue:Queue": compute.queue,
  "aws:wafv2/webAcl:WebAcl": identity.webAcl,
};

/** Parts of something that is priced as a whole. */
const part = "part of what is priced as a whole";
const iam = "IAM is free";
const vpc = "a VPC, its subnets, routes and security groups are free";

/** Types that cost nothing, and why. */
export const freeTypes: Readonly<Record<string, string>> = {
  "aws:acm/certificate:Certificate": "certificates for AWS's own services are free",
  "aws:acm/certificateValidation:CertificateValidation": "waits, and makes nothing",
  "aws:apigateway/account:Account": "a setting of the account",
  "aws:apigateway/apiKey:ApiKey": "API keys are free; requests are priced at the API",
  "aws:apigateway/authorizer:Authorizer": part,
  "aws:apigateway/basePathMapping:BasePathMapping": part,
  "aws:apigateway/deployment:Deployment": part,
  "aws:apigateway/domainName:DomainName": "regional domain names are free",
  "aws:apigateway/integration:Integration": part,
  "aws:apigateway/method:Method": part,
  "aws:apigateway/resource:Resource": part,
  "aws:apigateway/response:Response": part,
  "aws:apigateway/stage:Stage": "free without a cache; requests are priced at the API",
  "aws:apigateway/usagePlan:UsagePlan": "usage plans are free",
  "aws:apigateway/usagePlanKey:UsagePlanKey": "usage plans are free",
  "aws:appautoscaling/policy:Policy": "its alarms are AWS's own; capacity is priced at the table",
  "aws:appautoscaling/target:Target": "capacity is priced at the table",
  "aws:athena/namedQuery:NamedQuery": "a saved text",
  "aws:backup/restoreTestingSelection:RestoreTestingSelection": part,
  "aws:backup/selection:Selection": part,
  "aws:backup/vault:Vault": "backups are priced at the plan",
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": part,
  "aws:bedrock/inferenceProfile:InferenceProfile":
    "free; tokens are priced at the function that takes them",
  "aws:budgets/budget:Budget": "budgets without actions are free",
  "aws:cloudwatch/logStream:LogStream": part,
  "aws:cognito/identityProvider:IdentityProvider": "its users are priced at the pool",
  "aws:cognito/managedLoginBranding:ManagedLoginBranding": "included in the feature plan",
  "aws:cognito/resourceServer:ResourceServer": part,
  "aws:cognito/riskConfiguration:RiskConfiguration": "included in the feature plan",
  "aws:cognito/userGroup:UserGroup": part,
  "aws:cognito/userPoolDomain:UserPoolDomain": "included in the feature plan",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": vpc,
  "aws:ec2/flowLog:FlowLog": "what it writes is the log group's",
  "aws:ec2/internetGateway:InternetGateway": vpc,
  "aws:ec2/route:Route": vpc,
  "aws:ec2/routeTable:RouteTable": vpc,
  "aws:ec2/routeTableAssociation:RouteTableAssociation": vpc,
  "aws:ec2/securityGroup:SecurityGroup": vpc,
  "aws:ec2/subnet:Subnet": vpc,
  "aws:ec2/vpc:Vpc": vpc,
  "aws:glue/catalogDatabase:CatalogDatabase": "an account's first million objects are free",
  "aws:glue/catalogTable:CatalogTable": "an account's first million objects are free",
  "aws:iam/policy:Policy": iam,
  "aws:iam/role:Role": iam,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": iam,
  "aws:kms/alias:Alias": "aliases are free",
  "aws:lambda/alias:Alias": part,
  "aws:lambda/eventSourceMapping:EventSourceMapping":
    "its polls are priced at the queue; Lambda reads a table's stream for free",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": part,
  "aws:lambda/permission:Permission": part,
  "aws:route53/record:Record": "records are free; queries are the zone's",
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": part,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": part,
  "aws:s3/bucketLogging:BucketLogging": part,
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": part,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": part,
  "aws:s3/bucketPolicy:BucketPolicy": part,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": part,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": part,
  "aws:s3/bucketVersioning:BucketVersioning": "old versions are priced at the bucket",
  "aws:scheduler/scheduleGroup:ScheduleGroup": part,
  "aws:sns/topic:Topic": "alarms' mails stay below an account's free 1,000 a month",
  "aws:sns/topicPolicy:TopicPolicy": part,
  "aws:sns/topicSubscription:TopicSubscription": part,
  "aws:sqs/queuePolicy:QueuePolicy": part,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": vpc,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": vpc,
  "aws:wafv2/webAclAssociation:WebAclAssociation": part,
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration":
    "logs are priced at the function's group",
};
