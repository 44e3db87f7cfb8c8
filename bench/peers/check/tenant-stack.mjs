/**
 * One tenant as a CDK stack: what the `standard` tier of production has, resource by resource, through the
 * constructs that a CDK program would take, and without any of ours.
 */
import { CfnOutput, Duration, RemovalPolicy, Stack, Tags } from "aws-cdk-lib";
import * as apigateway from "aws-cdk-lib/aws-apigateway";
import * as backup from "aws-cdk-lib/aws-backup";
import * as cognito from "aws-cdk-lib/aws-cognito";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as events from "aws-cdk-lib/aws-events";
import * as iam from "aws-cdk-lib/aws-iam";
import * as kms from "aws-cdk-lib/aws-kms";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as destinations from "aws-cdk-lib/aws-lambda-destinations";
import * as logs from "aws-cdk-lib/aws-logs";
import * as s3 from "aws-cdk-lib/aws-s3";
import * as sqs from "aws-cdk-lib/aws-sqs";
import * as wafv2 from "aws-cdk-lib/aws-wafv2";

const removalPolicy = RemovalPolicy.RETAIN;

export class TenantStack extends Stack {
  constructor(app, tenant, { code, table: description }) {
    super(app, tenant, { env: { account: "123456789012", region: "us-east-1" } });
    const key = new kms.Key(this, "Key", { alias: tenant, enableKeyRotation: true, removalPolicy });
    const table = chatTable(this, key, description);
    tableBackup(this, table, key);
    const documents = documentBucket(this, key);
    const { pool, client } = userPool(this);
    const handler = chatFunction(this, { tenant, code, key, table, documents, pool, client });
    const api = chatApi(this, { tenant, key, pool, handler });
    firewall(this, api, key);
    for (const name of ["tenant", "tier", "environment", "stack"]) Tags.of(this).add(name, tenant);
    new CfnOutput(this, "Url", { value: api.url });
  }
}

function chatTable(scope, encryptionKey, description) {
  const attribute = (name) => ({ name, type: dynamodb.AttributeType.STRING });
  const table = new dynamodb.Table(scope, "Table", {
    partitionKey: attribute(description.partitionKey),
    sortKey: attribute(description.sortKey),
    billingMode: dynamodb.BillingMode.PAY_PER_REQUEST,
    maxReadRequestUnits: 2000,
    maxWriteRequestUnits: 2000,
    timeToLiveAttribute: description.timeToLive,
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: 35,
    },
    encryption: dynamodb.TableEncryption.CUSTOMER_MANAGED,
    encryptionKey,
    stream: dynamodb.StreamViewType.NEW_AND_OLD_IMAGES,
    deletionProtection: true,
    removalPolicy,
  });
  for (const { name, partitionKey, sortKey, projection } of description.indexes) {
    table.addGlobalSecondaryIndex({
      indexName: name,
      partitionKey: attribute(partitionKey),
      sortKey: attribute(sortKey),
      ...(projection === "keys-only"
        ? { projectionType: dynamodb.ProjectionType.KEYS_ONLY }
        : { projectionType: dynamodb.ProjectionType.INCLUDE, nonKeyAttributes: [...projection] }),
    });
  }
  return table;
}

function tableBackup(scope, table, encryptionKey) {
  const backupVault = new backup.BackupVault(scope, "Vault", {
    encryptionKey,
    removalPolicy,
    lockConfiguration: { minRetention: Duration.days(90) },
  });
  const plan = new backup.BackupPlan(scope, "Backups", { backupVault });
  plan.addRule(
    new backup.BackupPlanRule({
      ruleName: "scheduled",
      scheduleExpression: events.Schedule.cron({ minute: "0", hour: "5", weekDay: "SUN" }),
      startWindow: Duration.hours(1),
      completionWindow: Duration.hours(3),
      deleteAfter: Duration.days(90),
    }),
  );
  plan.addSelection("Table", { resources: [backup.BackupResource.fromDynamoDbTable(table)] });
}

function documentBucket(scope, encryptionKey) {
  const isPrivate = {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: true,
    removalPolicy,
  };
  const abandoned = { abortIncompleteMultipartUploadAfter: Duration.days(7) };
  const logBucket = new s3.Bucket(scope, "DocumentLogs", {
    ...isPrivate,
    encryption: s3.BucketEncryption.S3_MANAGED,
    lifecycleRules: [
      { expiration: Duration.days(365) },
      { noncurrentVersionExpiration: Duration.days(30) },
      { expiredObjectDeleteMarker: true },
      abandoned,
    ],
  });
  return new s3.Bucket(scope, "Documents", {
    ...isPrivate,
    encryption: s3.BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: true,
    serverAccessLogsBucket: logBucket,
    lifecycleRules: [
      abandoned,
      { noncurrentVersionExpiration: Duration.days(90) },
      { prefix: "uploads/", expiration: Duration.days(1) },
      { prefix: "history-requests/", expiration: Duration.days(2) },
    ],
  });
}

function userPool(scope) {
  const pool = new cognito.UserPool(scope, "Users", {
    signInAliases: { email: true },
    signInCaseSensitive: false,
    selfSignUpEnabled: false,
    mfa: cognito.Mfa.REQUIRED,
    mfaSecondFactor: { otp: true, sms: false },
    passwordPolicy: { minLength: 14, tempPasswordValidity: Duration.days(3) },
    accountRecovery: cognito.AccountRecovery.EMAIL_ONLY,
    featurePlan: cognito.FeaturePlan.PLUS,
    standardThreatProtectionMode: cognito.StandardThreatProtectionMode.FULL_FUNCTION,
    deletionProtection: true,
    removalPolicy,
  });
  const client = pool.addClient("Client", {
    authFlows: { userSrp: true },
    disableOAuth: true,
    preventUserExistenceErrors: true,
    accessTokenValidity: Duration.hours(1),
    idTokenValidity: Duration.hours(1),
    refreshTokenValidity: Duration.days(30),
  });
  pool.addGroup("Admins", { groupName: "admins" });
  new cognito.CfnUserPoolRiskConfigurationAttachment(scope, "Risk", {
    userPoolId: pool.userPoolId,
    clientId: "ALL",
    compromisedCredentialsRiskConfiguration: { actions: { eventAction: "BLOCK" } },
  });
  return { pool, client };
}

function chatFunction(scope, { tenant, code, key, table, documents, pool, client }) {
  const role = new iam.Role(scope, "FunctionRole", {
    assumedBy: new iam.ServicePrincipal("lambda.amazonaws.com"),
  });
  const handler = new lambda.Function(scope, "Function", {
    runtime: lambda.Runtime.NODEJS_24_X,
    architecture: lambda.Architecture.ARM_64,
    code,
    handler: "index.handler",
    role,
    memorySize: 1024,
    timeout: Duration.minutes(2),
    tracing: lambda.Tracing.ACTIVE,
    loggingFormat: lambda.LoggingFormat.JSON,
    logGroup: logGroup(scope, "FunctionLogs", key),
    environmentEncryption: key,
    reservedConcurrentExecutions: 50,
    onFailure: new destinations.SqsDestination(
      new sqs.Queue(scope, "Failed", { encryptionMasterKey: key, enforceSSL: true, removalPolicy }),
    ),
    retryAttempts: 2,
    maxEventAge: Duration.hours(1),
    environment: {
      TENANT: tenant,
      TABLE_NAME: table.tableName,
      BUCKET_NAME: documents.bucketName,
      USER_POOL_ID: pool.userPoolId,
      USER_POOL_CLIENT_IDS: client.userPoolClientId,
    },
  });
  table.grantReadWriteData(handler);
  documents.grantReadWrite(handler);
  return handler;
}

function chatApi(scope, { tenant, key, pool, handler }) {
  const api = new apigateway.RestApi(scope, "Api", {
    restApiName: tenant,
    endpointTypes: [apigateway.EndpointType.REGIONAL],
    cloudWatchRole: false,
    deployOptions: {
      stageName: "v1",
      tracingEnabled: true,
      metricsEnabled: true,
      loggingLevel: apigateway.MethodLoggingLevel.ERROR,
      throttlingRateLimit: 100,
      throttlingBurstLimit: 200,
      accessLogDestination: new apigateway.LogGroupLogDestination(
        logGroup(scope, "AccessLogs", key),
      ),
      accessLogFormat: apigateway.AccessLogFormat.jsonWithStandardFields(),
    },
  });
  logGroup(scope, "ExecutionLogs", key);
  const integration = new apigateway.LambdaIntegration(handler, {
    responseTransferMode: apigateway.ResponseTransferMode.STREAM,
    timeout: Duration.seconds(29),
  });
  const authorizer = new apigateway.CognitoUserPoolsAuthorizer(scope, "Authorizer", {
    cognitoUserPools: [pool],
  });
  api.root.addResource("health").addMethod("GET", integration);
  api.root.addResource("{proxy+}").addMethod("ANY", integration, {
    authorizer,
    authorizationType: apigateway.AuthorizationType.COGNITO,
    authorizationScopes: ["aws.cognito.signin.user.admin"],
  });
  for (const type of [
    "DEFAULT_4XX",
    "DEFAULT_5XX",
    "ACCESS_DENIED",
    "MISSING_AUTHENTICATION_TOKEN",
    "REQUEST_TOO_LARGE",
    "INTEGRATION_TIMEOUT",
    "INTEGRATION_FAILURE",
    "UNAUTHORIZED",
    "THROTTLED",
  ]) {
    api.addGatewayResponse(type, {
      type: apigateway.ResponseType.of(type),
      templates: { "application/problem+json": '{"title":$context.error.messageString}' },
    });
  }
  return api;
}

function firewall(scope, api, key) {
  const visibilityConfig = (metricName) => ({
    cloudWatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
    metricName,
  });
  const managed = (name, priority) => ({
    name,
    priority,
    overrideAction: { none: {} },
    statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
    visibilityConfig: visibilityConfig(name),
  });
  const acl = new wafv2.CfnWebACL(scope, "Firewall", {
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    visibilityConfig: visibilityConfig("firewall"),
    rules: [
      {
        name: "flood",
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { aggregateKeyType: "IP", limit: 2000 } },
        visibilityConfig: visibilityConfig("flood"),
      },
      managed("AWSManagedRulesAmazonIpReputationList", 1),
      managed("AWSManagedRulesCommonRuleSet", 2),
      managed("AWSManagedRulesKnownBadInputsRuleSet", 3),
    ],
  });
  new wafv2.CfnWebACLAssociation(scope, "FirewallAssociation", {
    resourceArn: api.deploymentStage.stageArn,
    webAclArn: acl.attrArn,
  });
  new wafv2.CfnLoggingConfiguration(scope, "FirewallLogging", {
    resourceArn: acl.attrArn,
    logDestinationConfigs: [logGroup(scope, "FirewallLogs", key).logGroupArn],
  });
}

function logGroup(scope, id, encryptionKey) {
  return new logs.LogGroup(scope, id, {
    retention: logs.RetentionDays.ONE_YEAR,
    encryptionKey,
    removalPolicy,
  });
}
