import { securityHub } from "../frameworks.ts";
import { at, isObject, textAt } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";
import { everywhere, isInComponent } from "./tenant.ts";

const ownTags = ["chatstack:tenant", "chatstack:tier", "chatstack:environment", "chatstack:stack"];

export const tenantTags = resourceRule({
  id: "tenant-tags",
  service: "Tenancy",
  description: "Resources must say whose they are.",
  reason: "Costs, access rules, backups and clean-up go by these tags.",
  fix: 'set the tags; on what all tenants share, chatstack:tenant and chatstack:tier are "shared".',
  severity: "medium",
  level: "mandatory",
  frameworks: securityHub("DynamoDB.5"),
  config: {
    tags: {
      type: "array",
      items: { type: "string" },
      default: ownTags,
      description:
        "Tags that every resource must have. Others than chatstack's are asked of every stack.",
    },
    everywhere,
  },
  types: taggable(),
  judge({ urn, props, provider }, report, { tags, everywhere }, { hasTenants }) {
    const isAsked = everywhere || tags.some((tag) => !ownTags.includes(tag));
    if (!isAsked && !hasTenants && !isInComponent(urn)) return;
    for (const tag of tags) {
      const found = textAt(props, ["tags", tag]) ?? textAt(defaultTags(provider?.props), tag);
      if (!found) report(`tags.${tag}`, found, "a value");
    }
  },
});

/** The engine hands a provider's nested settings over as JSON. */
function defaultTags(provider: unknown): unknown {
  const given = at(provider, "defaultTags");
  const parsed: unknown = typeof given === "string" ? JSON.parse(given) : given;
  return isObject(parsed) ? at(parsed, "tags") : undefined;
}

/**
 * Types with tags, of the services that this library and its neighbours use. Objects in buckets are left out: S3
 * bills their tags, and their bucket has its own.
 */
function taggable(): readonly string[] {
  const names = {
    acm: "Certificate",
    apigateway:
      "ApiKey ClientCertificate DomainName DomainNameAccessAssociation RestApi Stage UsagePlan VpcLink",
    apigatewayv2: "Api DomainName Stage VpcLink",
    appautoscaling: "Target",
    athena: "CapacityReservation DataCatalog Workgroup",
    backup: "Framework LogicallyAirGappedVault Plan ReportPlan RestoreTestingPlan Vault",
    bedrock:
      "AgentAgent AgentAgentAlias AgentFlow AgentKnowledgeBase AgentPrompt AgentcoreAgentRuntime " +
      "AgentcoreAgentRuntimeEndpoint AgentcoreApiKeyCredentialProvider AgentcoreBrowser " +
      "AgentcoreBrowserProfile AgentcoreCodeInterpreter AgentcoreEvaluator AgentcoreGateway " +
      "AgentcoreHarness AgentcoreMemory AgentcoreOauth2CredentialProvider " +
      "AgentcoreOnlineEvaluationConfig AgentcorePolicyEngine CustomModel EvaluationJob Guardrail " +
      "InferenceProfile ProvisionedModelThroughput",
    budgets: "Budget BudgetAction",
    cloudtrail: "EventDataStore Trail",
    cloudwatch:
      "AlarmMuteRule CompositeAlarm ContributorInsightRule ContributorManagedInsightRule EventBus EventRule " +
      "InternetMonitor LogAnomalyDetector LogDelivery LogDeliveryDestination LogDeliverySource LogDestination " +
      "LogGroup MetricAlarm MetricStream",
    cognito: "IdentityPool UserPool",
    dynamodb: "Table TableReplica",
    iam:
      "InstanceProfile OpenIdConnectProvider Policy Role SamlProvider ServerCertificate ServiceLinkedRole User " +
      "VirtualMfaDevice",
    kinesis: "AnalyticsApplication FirehoseDeliveryStream Stream StreamConsumer VideoStream",
    kms: "ExternalKey Key ReplicaExternalKey ReplicaKey",
    lambda: "CapacityProvider CodeSigningConfig EventSourceMapping Function MicrovmsImage",
    pipes: "Pipe",
    s3:
      "AccessPoint Bucket BucketV2 DirectoryBucket FilesAccessPoint FilesFileSystem VectorsIndex " +
      "VectorsVectorBucket",
    scheduler: "ScheduleGroup",
    sns: "Topic",
    sqs: "Queue",
    wafv2: "IpSet RegexPatternSet RuleGroup WebAcl",
  };
  return Object.entries(names).flatMap(([service, types]) =>
    types
      .split(" ")
      .map((type) => `aws:${service}/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`),
  );
}
