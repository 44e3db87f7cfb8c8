/**
 * What AWS knows a resource by. Two of the same identity cannot be: a second creation is refused, or,
 * where the API puts a setting of another resource, takes the first one's place.
 */
import type { Properties } from "./wire.ts";

interface Identity {
  readonly properties: readonly string[];
  /** True where creating again overwrites: a setting of another resource. */
  readonly isSetting: boolean;
}

const setting = (...properties: string[]): Identity => ({ properties, isSetting: true });
const named = (...properties: string[]): Identity => ({ properties, isSetting: false });

const identities: Readonly<Record<string, Identity>> = {
  "aws:apigateway/account:Account": setting(),
  "aws:apigateway/basePathMapping:BasePathMapping": named("domainName", "basePath"),
  "aws:apigateway/domainName:DomainName": named("domainName"),
  "aws:apigateway/integration:Integration": setting("restApi", "resourceId", "httpMethod"),
  "aws:apigateway/method:Method": named("restApi", "resourceId", "httpMethod"),
  "aws:apigateway/methodSettings:MethodSettings": setting("restApi", "stageName", "methodPath"),
  "aws:apigateway/response:Response": setting("restApiId", "responseType"),
  "aws:apigateway/stage:Stage": named("restApi", "stageName"),
  "aws:appautoscaling/policy:Policy": setting("name", "resourceId", "scalableDimension"),
  "aws:appautoscaling/target:Target": setting("resourceId", "scalableDimension"),
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": setting("backupVaultName"),
  "aws:cloudwatch/dashboard:Dashboard": setting("dashboardName"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": setting("name"),
  "aws:cognito/identityProvider:IdentityProvider": named("userPoolId", "providerName"),
  "aws:cognito/managedLoginBranding:ManagedLoginBranding": named("userPoolId", "clientId"),
  "aws:cognito/resourceServer:ResourceServer": named("userPoolId", "identifier"),
  "aws:cognito/riskConfiguration:RiskConfiguration": setting("userPoolId", "clientId"),
  "aws:cognito/userGroup:UserGroup": named("userPoolId", "name"),
  "aws:cognito/userPoolDomain:UserPoolDomain": named("domain"),
  "aws:dynamodb/contributorInsights:ContributorInsights": setting("tableName", "indexName"),
  "aws:iam/policy:Policy": named("path", "name"),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": setting("role", "policyArn"),
  "aws:lambda/alias:Alias": named("functionName", "name"),
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": setting(
    "functionName",
    "qualifier",
  ),
  "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig": setting(
    "functionName",
    "qualifier",
  ),
  "aws:route53/record:Record": named("zoneId", "name", "type", "setIdentifier"),
  "aws:sns/topic:Topic": named("name"),
  "aws:sns/topicPolicy:TopicPolicy": setting("arn"),
  "aws:sqs/queuePolicy:QueuePolicy": setting("queueUrl"),
  "aws:wafv2/webAclAssociation:WebAclAssociation": setting("resourceArn"),
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration": setting("resourceArn"),
};

export function identityOf(type: string, props: Properties): Identity & { readonly id?: string } {
  // `BucketVersioning` and its like are settings of their bucket.
  const known = /^aws:s3\/bucket[A-Z]/.test(type) ? setting("bucket") : identities[type];
  // Their ids are their names; `FakeProvider` makes those.
  if (!known) return named();
  const parts = known.properties.map((property) => String(props[property] ?? ""));
  return { ...known, id: parts.length > 0 ? parts.join("/") : "account" };
}
