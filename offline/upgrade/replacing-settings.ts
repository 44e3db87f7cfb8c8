/**
 * What else makes the provider replace a resource (`ForceNew` in hashicorp/terraform-provider-aws, as
 * in `replacing-properties.ts`): the settings of resources without data, and references. The list covers what our own
 * components make, and only what that provider is known to replace: a change that is not listed is
 * reported as a change, and what the provider makes of it is the provider's decision.
 */
import { dataResourceTypes } from "./replacing-properties.ts";

/** Paths of inputs whose change replaces a resource of this type. */
export function replacingProperties(type: string): readonly string[] {
  const everywhere = type.startsWith("aws:") ? [region] : [];
  const known = dataResourceTypes[type]?.properties ?? [];
  return [...new Set([...everywhere, ...known, ...(settings[type] ?? [])])];
}

/** Where a resource lives is never changed in place, whatever its type. */
const region = "region";

const named = ["name", "namePrefix"];

const settings: Readonly<Record<string, readonly string[]>> = {
  "aws:acm/certificate:Certificate": ["domainName", "validationMethod"],
  "aws:apigateway/authorizer:Authorizer": ["restApi"],
  "aws:apigateway/deployment:Deployment": ["restApi", "triggers"],
  "aws:apigateway/domainName:DomainName": ["domainName"],
  "aws:apigateway/integration:Integration": ["restApi", "resourceId", "httpMethod", "type"],
  "aws:apigateway/method:Method": ["restApi", "resourceId", "httpMethod"],
  "aws:apigateway/methodSettings:MethodSettings": ["restApi", "stageName", "methodPath"],
  "aws:apigateway/resource:Resource": ["restApi"],
  "aws:apigateway/response:Response": ["restApiId", "responseType"],
  "aws:apigateway/stage:Stage": ["restApi", "stageName"],
  "aws:apigateway/usagePlanKey:UsagePlanKey": ["keyId", "keyType", "usagePlanId"],
  "aws:appautoscaling/policy:Policy": ["name", "resourceId", "scalableDimension"],
  "aws:appautoscaling/target:Target": ["resourceId", "scalableDimension", "serviceNamespace"],
  "aws:backup/plan:Plan": ["name"],
  "aws:backup/selection:Selection": [
    ...["name", "planId", "iamRoleArn", "resources", "notResources", "selectionTags", "conditions"],
  ],
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": [
    ...["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"],
  ],
  "aws:cloudtrail/trail:Trail": ["name"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardName"],
  "aws:cloudwatch/logGroup:LogGroup": named,
  "aws:cloudwatch/logStream:LogStream": ["name", "logGroupName"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "aws:cognito/identityProvider:IdentityProvider": ["userPoolId", "providerName", "providerType"],
  "aws:cognito/resourceServer:ResourceServer": ["userPoolId", "identifier"],
  "aws:cognito/riskConfiguration:RiskConfiguration": ["userPoolId", "clientId"],
  "aws:cognito/userGroup:UserGroup": ["userPoolId"],
  "aws:cognito/userPoolClient:UserPoolClient": ["userPoolId"],
  "aws:cognito/userPoolDomain:UserPoolDomain": ["userPoolId", "domain"],
  "aws:dynamodb/contributorInsights:ContributorInsights": ["tableName", "indexName"],
  "aws:ec2/routeTable:RouteTable": ["vpcId"],
  "aws:ec2/securityGroup:SecurityGroup": [...named, "description", "vpcId"],
  "aws:ec2/subnet:Subnet": ["vpcId", "cidrBlock", "availabilityZone"],
  "aws:ec2/vpc:Vpc": ["cidrBlock"],
  "aws:ec2/vpcEndpoint:VpcEndpoint": ["vpcId", "serviceName", "vpcEndpointType"],
  "aws:glue/catalogDatabase:CatalogDatabase": ["name", "catalogId"],
  "aws:glue/catalogTable:CatalogTable": ["name", "databaseName", "catalogId"],
  "aws:iam/policy:Policy": [...named, "path", "description"],
  "aws:iam/role:Role": [...named, "path"],
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ["role", "policyArn"],
  "aws:kms/alias:Alias": named,
  "aws:lambda/alias:Alias": ["name", "functionName"],
  "aws:lambda/function:Function": ["name", "packageType"],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ["functionName", "qualifier"],
  "aws:lambda/permission:Permission": [
    ...["action", "function", "principal", "qualifier", "sourceAccount", "sourceArn"],
    "statementId",
  ],
  "aws:pipes/pipe:Pipe": [...named, "source"],
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ["bucket"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["bucket"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
    "bucket",
  ],
  "aws:s3/bucketVersioning:BucketVersioning": ["bucket"],
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": ["bucket"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["bucket"],
  "aws:s3/bucketLogging:BucketLogging": ["bucket"],
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": ["bucket"],
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": ["bucket"],
  "aws:sns/topic:Topic": [...named, "fifoTopic"],
  "aws:sns/topicSubscription:TopicSubscription": ["topic", "protocol", "endpoint"],
  "aws:sqs/queue:Queue": [...named, "fifoQueue"],
  "aws:sqs/queuePolicy:QueuePolicy": ["queueUrl"],
  "aws:wafv2/webAcl:WebAcl": [...named, "scope"],
  "aws:wafv2/webAclAssociation:WebAclAssociation": ["resourceArn", "webAclArn"],
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": ["resourceArn"],
};
