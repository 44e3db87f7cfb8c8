/**
 * A web application firewall in front of a tenant's API: it turns away known attackers, known
 * exploits and floods before they cost an invocation. What users write to one another is not its
 * business: it neither blocks a message for its words nor logs them.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { type LogGroupSettings, logGroupArgs } from "../log-retention.ts";

/**
 * Costs $9 a month ($5 for the web ACL, $1 for each of its four rules) and $0.60 per million requests
 * (AWS WAF pricing). The rules take 927 of the 1,500 capacity units that are included.
 */
export interface ApiFirewallArgs extends TenantComponentArgs, LogGroupSettings {
  /** ARN of the stage to protect. */
  stageArn: pulumi.Input<string>;
  /**
   * Requests that one IP address may make in 5 minutes; beyond it the firewall answers 429 until the
   * flood is over. 10–2,000,000,000, default 2,000: a whole office may share an address.
   */
  requestsPerAddress?: number;
  /**
   * Origins whose pages may read the 429. Default none. A web ACL's headers are fixed, so one origin is
   * named and several are `*`: the answer says nothing of a tenant. A block of AWS's own rule groups is
   * answered by API Gateway, as `WAF_FILTERED`.
   */
  corsOrigins?: readonly string[];
  transform?: ApiFirewallTransform;
}

export interface ApiFirewallTransform {
  webAcl?: Transform<aws.wafv2.WebAclArgs>;
  webAclAssociation?: Transform<aws.wafv2.WebAclAssociationArgs>;
  firewallLogging?: Transform<aws.wafv2.WebAclLoggingConfigurationArgs>;
  firewallLogGroup?: Transform<aws.cloudwatch.LogGroupArgs>;
}

export class ApiFirewall extends TenantComponent {
  readonly nodes: {
    readonly webAcl: aws.wafv2.WebAcl;
    readonly association: aws.wafv2.WebAclAssociation;
    readonly logGroup: aws.cloudwatch.LogGroup;
    readonly logging: aws.wafv2.WebAclLoggingConfiguration;
  };

  constructor(name: string, args: ApiFirewallArgs, options?: pulumi.ComponentResourceOptions) {
    super("ApiFirewall", name, args, options);
    const { requestsPerAddress = 2_000, corsOrigins = [], transform } = args;
    this.requireInteger("requestsPerAddress", requestsPerAddress, 10, 2_000_000_000);

    const webAcl = new aws.wafv2.WebAcl(
      name,
      ...this.resource(
        {
          scope: "REGIONAL",
          defaultAction: { allow: {} },
          rules: [floodRule(name, requestsPerAddress, corsOrigins), ...managedRules(name)],
          dataProtectionConfig: { dataProtections: hiddenFields },
          visibilityConfig: visibility(name),
          tags: this.tags,
        },
        transform?.webAcl,
      ),
    );
    const association = new aws.wafv2.WebAclAssociation(
      name,
      ...this.resource(
        { webAclArn: webAcl.arn, resourceArn: args.stageArn },
        transform?.webAclAssociation,
        // A stage has one web ACL: taking the old one off afterwards would take the new one off.
        { deleteBeforeReplace: true },
      ),
    );
    const logGroup = new aws.cloudwatch.LogGroup(
      `${name}-firewall`,
      ...this.resource(
        {
          ...logGroupArgs(args, this.tags),
          // WAF takes no other (AWS WAF Developer Guide, "Logging to CloudWatch Logs").
          namePrefix: `aws-waf-logs-${name}-`,
        },
        transform?.firewallLogGroup,
      ),
    );
    const logging = new aws.wafv2.WebAclLoggingConfiguration(
      name,
      ...this.resource(
        {
          resourceArn: webAcl.arn,
          logDestinationConfigs: [logGroup.arn],
          redactedFields: [{ singleHeader: { name: "authorization" } }, { queryString: {} }],
          loggingFilter: blockedOrCounted,
        },
        transform?.firewallLogging,
        // A web ACL has one configuration of its logs.
        { deleteBeforeReplace: true },
      ),
    );

    this.nodes = { webAcl, association, logGroup, logging };
    this.register({ webAclArn: webAcl.arn });
  }
}

type Rule = aws.types.input.wafv2.WebAclRule;

const floodRule = (name: string, requestsPerAddress: number, origins: readonly string[]): Rule => ({
  name: "flood",
  priority: 0,
  action: {
    block: {
      customResponse: {
        responseCode: 429,
        responseHeaders: [...floodHeaders, ...originHeaders(origins)],
      },
    },
  },
  statement: {
    rateBasedStatement: {
      limit: requestsPerAddress,
      evaluationWindowSec: 300,
      aggregateKeyType: "IP",
    },
  },
  visibilityConfig: visibility(`${name}-flood`),
});

const floodHeaders = [{ name: "Retry-After", value: "300" }];

const originHeaders = (origins: readonly string[]) =>
  origins.length === 0
    ? []
    : [
        {
          name: "Access-Control-Allow-Origin",
          value: origins.length === 1 ? (origins[0] ?? "*") : "*",
        },
        {
          name: "Access-Control-Expose-Headers",
          value: floodHeaders.map(({ name }) => name).join(","),
        },
      ];

/**
 * AWS's own rule groups, free of charge beyond their rule. Rules that look into the body count instead
 * of blocking: it is a chat message, stored as text and never run, and users do paste scripts, paths
 * and exploits into chats. `SizeRestrictions_BODY` would refuse every body above 8 KB on top of that.
 * (AWS WAF Developer Guide, "AWS Managed Rules rule groups list".)
 */
const ruleGroups = [
  { name: "AWSManagedRulesAmazonIpReputationList", suffix: "ip-reputation", countedRules: [] },
  {
    name: "AWSManagedRulesCommonRuleSet",
    suffix: "common",
    countedRules: [
      "CrossSiteScripting_BODY",
      "EC2MetaDataSSRF_BODY",
      "GenericLFI_BODY",
      "GenericRFI_BODY",
      "SizeRestrictions_BODY",
    ],
  },
  {
    name: "AWSManagedRulesKnownBadInputsRuleSet",
    suffix: "known-bad-inputs",
    countedRules: ["JavaDeserializationRCE_BODY", "Log4JRCE_BODY", "ReactJSRCE_BODY"],
  },
] as const;

const managedRules = (name: string): Rule[] =>
  ruleGroups.map((group, index) => ({
    name: group.suffix,
    priority: index + 1,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: "AWS",
        name: group.name,
        ruleActionOverrides: group.countedRules.map((rule) => ({
          name: rule,
          actionToUse: { count: {} },
        })),
      },
    },
    visibilityConfig: visibility(`${name}-${group.suffix}`),
  }));

/**
 * Tokens, search words and messages. Redaction applies to logs only; this also covers the sampled
 * requests of the console and the part of the body that a rule matched.
 * (AWS WAF Developer Guide, "Data protection and logging".)
 */
const hiddenFields: aws.types.input.wafv2.WebAclDataProtectionConfigDataProtection[] = [
  { action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys: ["authorization"] } },
  { action: "SUBSTITUTION", field: { fieldType: "QUERY_STRING" } },
  { action: "SUBSTITUTION", field: { fieldType: "BODY" } },
];

/** What the firewall let through without a remark is in the API's access log already. */
const blockedOrCounted: aws.types.input.wafv2.WebAclLoggingConfigurationLoggingFilter = {
  defaultBehavior: "DROP",
  filters: [
    {
      behavior: "KEEP",
      requirement: "MEETS_ANY",
      conditions: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({
        actionCondition: { action },
      })),
    },
  ],
};

const visibility = (metricName: string) => ({
  cloudwatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: true,
});
