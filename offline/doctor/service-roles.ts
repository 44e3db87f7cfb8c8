/** Service-linked roles that AWS makes the first time a feature is used. */
import { fieldsOf, listOf } from "../fields.ts";
import type { ResourceRecord } from "../record.ts";

export interface ServiceRole {
  readonly name: string;
  /** Principal that it is made for. */
  readonly service: string;
}

interface Maker extends ServiceRole {
  readonly type: string;
  /** Which resources of the type need it. Default all. */
  readonly where?: (inputs: Readonly<Record<string, unknown>>) => boolean;
}

/** From the pages "Using service-linked roles" of each service's guide. Checked 2026-11. */
const makers: readonly Maker[] = [
  {
    name: "AWSServiceRoleForAPIGateway",
    service: "ops.apigateway.amazonaws.com",
    type: "aws:apigateway/restApi:RestApi",
  },
  {
    name: "AWSServiceRoleForBackup",
    service: "backup.amazonaws.com",
    type: "aws:backup/plan:Plan",
  },
  {
    name: "AWSServiceRoleForBackupRestoreTesting",
    service: "restore-testing.backup.amazonaws.com",
    type: "aws:backup/restoreTestingPlan:RestoreTestingPlan",
  },
  {
    name: "AWSServiceRoleForApplicationAutoScaling_DynamoDBTable",
    service: "dynamodb.application-autoscaling.amazonaws.com",
    type: "aws:appautoscaling/target:Target",
    where: ({ serviceNamespace }) => serviceNamespace === "dynamodb",
  },
  {
    name: "AWSServiceRoleForApplicationAutoScaling_LambdaConcurrency",
    service: "lambda.application-autoscaling.amazonaws.com",
    type: "aws:appautoscaling/target:Target",
    where: ({ serviceNamespace }) => serviceNamespace === "lambda",
  },
  {
    name: "AWSServiceRoleForDynamoDBReplication",
    service: "replication.dynamodb.amazonaws.com",
    type: "aws:dynamodb/table:Table",
    where: ({ replicas }) => listOf(replicas).length > 0,
  },
  {
    name: "AWSServiceRoleForDynamoDBCloudWatchContributorInsights",
    service: "contributorinsights.dynamodb.amazonaws.com",
    type: "aws:dynamodb/contributorInsights:ContributorInsights",
  },
  {
    name: "AWSServiceRoleForAmazonCognitoIdpEmailService",
    service: "email.cognito-idp.amazonaws.com",
    type: "aws:cognito/userPool:UserPool",
    where: ({ emailConfiguration }) =>
      fieldsOf(emailConfiguration).emailSendingAccount === "DEVELOPER",
  },
  {
    name: "AWSServiceRoleForKeyManagementServiceMultiRegionKeys",
    service: "mrk.kms.amazonaws.com",
    type: "aws:kms/key:Key",
    where: ({ multiRegion }) => multiRegion === true,
  },
  {
    name: "AWSServiceRoleForCloudTrail",
    service: "cloudtrail.amazonaws.com",
    type: "aws:cloudtrail/trail:Trail",
    where: ({ isOrganizationTrail }) => isOrganizationTrail === true,
  },
  {
    name: "AWSServiceRoleForWAFV2Logging",
    service: "wafv2.amazonaws.com",
    type: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    where: ({ logDestinationConfigs }) =>
      listOf(logDestinationConfigs).some((arn) => String(arn).includes(":firehose:")),
  },
];

export const serviceRolesOf = (records: readonly ResourceRecord[]): ServiceRole[] =>
  makers
    .filter(({ type, where = () => true }) =>
      records.some((record) => record.type === type && where(record.inputs)),
    )
    .map(({ name, service }) => ({ name, service }));
