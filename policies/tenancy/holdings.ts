/**
 * Which resources `retain` applies to: those that hold data, and those that guard it. All others are
 * configuration: a change of the stack file changes or removes them, in production as well. Components,
 * rules, the offline check and `docs/operations/retain.md` go by this table.
 */
export interface Holding {
  /** Type tokens, former names included. */
  readonly types: readonly string[];
  readonly kind: Kind;
  /** A sentence or two. */
  readonly why: string;
}

/**
 * - `"data"`: it holds what a tenant's users or its operators cannot make again.
 * - `"guard"`: it keeps data private, encrypted or recoverable, also once the stack has let go of the data.
 * - `"configuration"`: it can be made again from the stack file.
 */
export type Kind = "data" | "guard" | "configuration";

/** Types that hold what users wrote or who they are. */
export const dataTypes: readonly string[] = [
  "aws:cognito/userPool:UserPool",
  "aws:dynamodb/table:Table",
  "aws:s3/bucket:Bucket",
  "aws:s3/bucketV2:BucketV2",
];

/**
 * Components that keep records beside the tenant's own data, and that a tenant can turn off. With
 * `retain: "protect"` they retain: turned off, their bucket leaves the stack and stays in the account.
 * Pulumi's `protect` would refuse the `up` that turns them off.
 */
export const recordKeepers: readonly string[] = [
  "chatstack:index:AccessLogBucket",
  "chatstack:index:AuditTrail",
  "chatstack:index:ChatArchive",
];

/** @param urn names the types of all ancestors: `urn:pulumi:<stack>::<project>::<type>$<type>::<name>`. */
export function isOfRecordKeeper(urn: string): boolean {
  const [, , types = ""] = urn.split("::");
  return types.split("$").some((type) => recordKeepers.includes(type));
}

/** Undefined for a type that no component makes. */
export const kindOf = (type: string): Kind | undefined =>
  holdings.find(({ types }) => types.includes(type))?.kind;

/** Types of the kinds, of one service where named, e.g. `typesOf(["data"], "dynamodb")`. */
export const typesOf = (kinds: readonly Kind[], service = ""): readonly string[] =>
  holdings
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ types }) => types)
    .filter((type) => type.startsWith(`aws:${service}`));

/** Present and former token of a split setting of buckets. */
const bucketSetting = (name: string): string[] => {
  const Name = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [`aws:s3/${name}:${Name}`, `aws:s3/${name}V2:${Name}V2`];
};

const configuration = (why: string, ...types: readonly string[]): Holding => ({
  types,
  kind: "configuration",
  why,
});

export const holdings: readonly Holding[] = [
  {
    types: dataTypes,
    kind: "data",
    why: "Conversations, documents, archives, audit trails and accounts of users.",
  },
  {
    types: ["aws:kms/key:Key"],
    kind: "data",
    why: "Whatever it encrypted is lost with it.",
  },
  { types: ["aws:backup/vault:Vault"], kind: "data", why: "Holds the backups of the table." },
  {
    types: bucketSetting("bucketPublicAccessBlock"),
    kind: "guard",
    why: "Keeps a bucket that has left the stack private.",
  },
  {
    types: bucketSetting("bucketPolicy"),
    kind: "guard",
    why: "Denies requests without TLS, also once the bucket has left the stack.",
  },
  {
    types: bucketSetting("bucketServerSideEncryptionConfiguration"),
    kind: "guard",
    why: "Encrypts what is still written, and refuses keys that only the writer has.",
  },
  {
    types: bucketSetting("bucketOwnershipControls"),
    kind: "guard",
    why: "Keeps ACLs from sharing objects.",
  },
  {
    types: bucketSetting("bucketVersioning"),
    kind: "guard",
    why: "Keeps what is overwritten or deleted.",
  },
  {
    types: bucketSetting("bucketLifecycleConfiguration"),
    kind: "guard",
    why: "Logs, archives and old versions expire on the day that was promised, also once the bucket has left the stack.",
  },
  configuration(
    "Without it S3 locks no new objects; objects that are locked stay locked until their own day.",
    ...bucketSetting("bucketObjectLockConfiguration"),
  ),
  configuration(
    "S3 must no longer answer pages of an origin that was removed.",
    ...bucketSetting("bucketCorsConfiguration"),
  ),
  configuration(
    "Who turns replication off wants no more copies.",
    ...bucketSetting("bucketReplicationConfig"),
  ),
  configuration(
    "It only says where logs go; the logs that were written stay in their bucket.",
    ...bucketSetting("bucketLogging"),
  ),
  configuration(
    "It cannot be changed, only replaced, and must follow the tier. The old lock is deleted first, as a vault has one lock. AWS refuses to remove a compliance lock that has closed (`vaultLock.state`).",
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
  ),
  configuration(
    "They say what is backed up, when and by which role; backups that were made stay in the vault.",
    "aws:backup/plan:Plan",
    "aws:backup/selection:Selection",
  ),
  configuration(
    "They say when the function runs its maintenance and the scheduled handlers of a team's own app; a schedule that was removed from the file must no longer invoke the function.",
    "aws:scheduler/schedule:Schedule",
    "aws:scheduler/scheduleGroup:ScheduleGroup",
  ),
  configuration(
    "They say which backups are restored for a test, and when; AWS deletes what a test restores.",
    "aws:backup/restoreTestingPlan:RestoreTestingPlan",
    "aws:backup/restoreTestingSelection:RestoreTestingSelection",
  ),
  configuration("A bus stores no events; rules pass them on.", "aws:cloudwatch/eventBus:EventBus"),
  configuration("A name for a key that everything else knows by its ARN.", "aws:kms/alias:Alias"),
  configuration(
    "Nobody must be able to sign in by a client, provider, group or address that was removed.",
    "aws:cognito/identityProvider:IdentityProvider",
    "aws:cognito/managedLoginBranding:ManagedLoginBranding",
    "aws:cognito/resourceServer:ResourceServer",
    "aws:cognito/riskConfiguration:RiskConfiguration",
    "aws:cognito/userGroup:UserGroup",
    "aws:cognito/userPoolClient:UserPoolClient",
    "aws:cognito/userPoolDomain:UserPoolDomain",
  ),
  configuration(
    "A permission that stayed behind would be overlooked.",
    "aws:iam/policy:Policy",
    "aws:iam/role:Role",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:lambda/permission:Permission",
  ),
  configuration(
    "The API: it stores nothing. The account's own settings are kept by the program, as other stacks use them.",
    "aws:apigateway/account:Account",
    "aws:apigateway/apiKey:ApiKey",
    "aws:apigateway/authorizer:Authorizer",
    "aws:apigateway/basePathMapping:BasePathMapping",
    "aws:apigateway/deployment:Deployment",
    "aws:apigateway/domainName:DomainName",
    "aws:apigateway/integration:Integration",
    "aws:apigateway/method:Method",
    "aws:apigateway/methodSettings:MethodSettings",
    "aws:apigateway/resource:Resource",
    "aws:apigateway/response:Response",
    "aws:apigateway/restApi:RestApi",
    "aws:apigateway/stage:Stage",
    "aws:apigateway/usagePlan:UsagePlan",
    "aws:apigateway/usagePlanKey:UsagePlanKey",
    "aws:acm/certificate:Certificate",
    "aws:acm/certificateValidation:CertificateValidation",
    "aws:route53/record:Record",
    "aws:wafv2/webAcl:WebAcl",
    "aws:wafv2/webAclAssociation:WebAclAssociation",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  ),
  configuration(
    "The function, which is built from code at each `up`.",
    "aws:lambda/alias:Alias",
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    "aws:lambda/function:Function",
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
  ),
  configuration(
    "Work of an app that waits, and events that failed, for 14 days at most; no request of the API ends here. A queue that is removed from the file is deleted with its messages.",
    "aws:sqs/queue:Queue",
    "aws:sqs/queuePolicy:QueuePolicy",
  ),
  configuration(
    "Operators read them to run the API. They hold no message and no document, and are deleted after the days that the file says. Records that must outlive the tenant belong to the audit trail.",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:cloudwatch/logStream:LogStream",
  ),
  configuration(
    "They measure and notify; they store no data of a tenant.",
    "aws:budgets/budget:Budget",
    "aws:cloudwatch/dashboard:Dashboard",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:dynamodb/contributorInsights:ContributorInsights",
    "aws:sns/topic:Topic",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sns/topicSubscription:TopicSubscription",
  ),
  configuration(
    "They say how far the capacity of a provisioned table may grow.",
    "aws:appautoscaling/policy:Policy",
    "aws:appautoscaling/target:Target",
  ),
  configuration(
    "They write and read records; the records are in a bucket.",
    "aws:athena/namedQuery:NamedQuery",
    "aws:athena/workgroup:Workgroup",
    "aws:cloudtrail/trail:Trail",
    "aws:glue/catalogDatabase:CatalogDatabase",
    "aws:glue/catalogTable:CatalogTable",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
    "aws:pipes/pipe:Pipe",
  ),
  configuration(
    "The network between the function and AWS.",
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/eip:Eip",
    "aws:ec2/flowLog:FlowLog",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/natGateway:NatGateway",
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
  ),
];
