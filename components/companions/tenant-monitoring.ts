/**
 * Monitoring of a tenant: a dashboard, alarms on failures that users notice, a budget for its cost, and a
 * ranking of the keys that its table is throttled for.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { chatTable } from "../../app/resources/table.ts";
import { createAlarms } from "../alarms.ts";
import { atMost, awsLimits } from "../aws-limits.ts";
import { type ApiAlarmSettings, apiAlarms } from "../chat-api/api-alarms.ts";
import type { ChatApi } from "../chat-api/chat-api.ts";
import type { ChatTable } from "../chat-table/chat-table.ts";
import { tableAlarms } from "../chat-table/table-alarms.ts";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import { policyDocument } from "../iam.ts";
import { home } from "../region.ts";
import { monitoringFaults } from "./companion-rules.ts";
import { dashboardBody } from "./dashboard.ts";

/**
 * Costs $3 a month for the dashboard (an account's first three are free), $3 more for `hotKeys`, and
 * where somebody is to be told $0.10 for each of the alarms' 17 metrics (Amazon CloudWatch pricing,
 * US East). Budgets and mails are free.
 */
export interface MonitoringSettings {
  /**
   * Mail addresses to notify. Each must first confirm AWS's mail. Default none: without them and without
   * `topicArn` there are no alarms.
   */
  readonly notify?: readonly string[];
  /**
   * ARN of an existing SNS topic, e.g. a pager's, instead of one for `notify`. It must let CloudWatch and
   * AWS Budgets publish. Default: a topic of the tenant's own.
   */
  readonly topicArn?: pulumi.Input<string>;
  /**
   * US dollars a month, at least 1. A notification is sent when 80 % are spent or 100 % are forecast. It
   * counts costs with the tenant's tags `chatstack:tenant` and, if set, `chatstack:environment`. An
   * administrator activates both once as cost allocation tags (AWS Billing User Guide, "Activating
   * user-defined cost allocation tags"). Default: no budget.
   */
  readonly monthlyBudget?: number;
  /**
   * Which keys of table and indexes to rank, in plain text: they hold user ids. Default `"throttled"`;
   * `"accessed"` also counts every access, at $0.03 per million events. $0.50 a month for each rule, of
   * which table and indexes have two each. (DynamoDB Developer Guide, "Using CloudWatch Contributor
   * Insights for DynamoDB".)
   */
  readonly hotKeys?: "off" | "throttled" | "accessed";
  /** Seconds above which one answer in ten is too slow, 1–900. Default 30. */
  readonly latencySeconds?: number;
}

export interface TenantMonitoringArgs extends TenantComponentArgs, MonitoringSettings {
  /** The table to watch. */
  table: ChatTable;
  /** The API to watch. */
  api: ChatApi;
  transform?: {
    topic?: Transform<aws.sns.TopicArgs>;
    alarm?: Transform<aws.cloudwatch.MetricAlarmArgs>;
    dashboard?: Transform<aws.cloudwatch.DashboardArgs>;
    budget?: Transform<aws.budgets.BudgetArgs>;
  };
}

export class TenantMonitoring extends TenantComponent {
  /** ARN of the topic for alarms and the budget. Absent if nobody is notified. */
  readonly topicArn?: pulumi.Output<string>;
  readonly nodes: {
    /** Absent without `notify`, and where `topicArn` names another. */
    readonly topic?: aws.sns.Topic;
    /** Empty where nobody is told. */
    readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
    readonly dashboard: aws.cloudwatch.Dashboard;
    /** Absent without `monthlyBudget`. */
    readonly budget?: aws.budgets.Budget;
    /** Of the table and of its indexes; empty while `hotKeys` is off. */
    readonly contributorInsights: readonly aws.dynamodb.ContributorInsights[];
  };

  constructor(name: string, args: TenantMonitoringArgs, options?: pulumi.ComponentResourceOptions) {
    super("TenantMonitoring", name, args, options);
    const { monthlyBudget, latencySeconds = 30, transform } = args;
    const [fault] = monitoringFaults(args, home());
    if (fault) this.refuse(...fault);
    const dashboardName = `chatstack-${pulumi.getStack()}-${name}`;
    const { dashboardName: limit } = awsLimits;
    if (!/^[\w-]+$/.test(dashboardName) || dashboardName.length > limit.most) {
      const allowed = `letters, digits, - and _, ${atMost(limit, "characters")}: name the stack so`;
      this.refuse("dashboardName", dashboardName, allowed);
    }

    const { notify = [] } = args;
    const created =
      args.topicArn === undefined && notify.length > 0
        ? this.#createTopic(name, notify, transform?.topic)
        : undefined;
    const topic = created?.topic;
    // The policy's own: whoever is to publish waits until it may.
    const topicArn = args.topicArn ?? created?.policy.arn;
    const alarms = topicArn ? this.#createAlarms(name, args, { topicArn, latencySeconds }) : [];
    const { region } = aws.getRegionOutput({}, { parent: this });
    const dashboard = new aws.cloudwatch.Dashboard(
      name,
      ...this.resource(
        {
          dashboardName,
          dashboardBody: dashboardBody({
            tenant: args.tenant,
            region,
            ...watched(args),
            alarmArns: alarms.map(({ arn }) => arn),
          }),
        },
        transform?.dashboard,
      ),
    );
    const budget =
      monthlyBudget !== undefined && topicArn !== undefined
        ? this.#createBudget(name, args, monthlyBudget, topicArn)
        : undefined;
    const contributorInsights = this.#rankKeys(name, args);

    if (topicArn !== undefined) this.topicArn = pulumi.output(topicArn);
    this.nodes = { topic, alarms, dashboard, budget, contributorInsights };
    this.register({ topicArn: this.topicArn });
  }

  #createTopic(
    name: string,
    notify: readonly string[],
    transform: Transform<aws.sns.TopicArgs> | undefined,
  ) {
    const topic = new aws.sns.Topic(
      name,
      // No KMS key: what is told names no user, and CloudWatch may not use AWS's own key for SNS.
      ...this.resource({ tags: this.tags }, transform),
    );
    const { accountId } = aws.getCallerIdentityOutput({}, { parent: this });
    const policy = new aws.sns.TopicPolicy(
      name,
      ...this.resource({
        arn: topic.arn,
        policy: policyDocument([
          {
            Sid: "TlsOnly",
            Effect: "Deny",
            Principal: "*",
            Action: ["sns:Publish"],
            Resource: [topic.arn],
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          },
          ...["cloudwatch", "budgets"].map((service) => ({
            Sid: `Tell${service === "budgets" ? "Budgets" : "Alarms"}`,
            Effect: "Allow" as const,
            Principal: { Service: `${service}.amazonaws.com` },
            Action: ["sns:Publish"],
            Resource: [topic.arn],
            Condition: { StringEquals: { "aws:SourceAccount": accountId } },
          })),
        ]),
      }),
    );
    for (const address of notify) {
      new aws.sns.TopicSubscription(
        `${name}-${address}`,
        ...this.resource({ topic: topic.arn, protocol: "email", endpoint: address }),
      );
    }
    return { topic, policy };
  }

  #createAlarms(
    name: string,
    args: TenantMonitoringArgs,
    settings: ApiAlarmSettings,
  ): aws.cloudwatch.MetricAlarm[] {
    const { tableName, apiName, functionName } = watched(args);
    const { maintenance } = args.api.nodes.function.nodes;
    const common = { settings, tags: this.tags, transform: args.transform?.alarm };
    return [
      ...createAlarms(
        { ...common, name: `${name}-table` },
        tableAlarms(tableName, chatTable.indexes),
        this.resource,
      ),
      ...createAlarms(
        { ...common, name: `${name}-api` },
        apiAlarms(apiName, functionName, settings, maintenance),
        this.resource,
      ),
    ];
  }

  #createBudget(
    name: string,
    { transform }: TenantMonitoringArgs,
    monthlyBudget: number,
    topicArn: pulumi.Input<string>,
  ): aws.budgets.Budget {
    const told = { thresholdType: "PERCENTAGE", subscriberSnsTopicArns: [topicArn] };
    return new aws.budgets.Budget(
      name,
      ...this.resource(
        {
          budgetType: "COST",
          timeUnit: "MONTHLY",
          limitAmount: String(monthlyBudget),
          limitUnit: "USD",
          metrics: "UnblendedCost",
          filterExpression: costsOf(this.tags),
          notifications: [
            {
              ...told,
              notificationType: "ACTUAL",
              comparisonOperator: "GREATER_THAN",
              threshold: 80,
            },
            {
              ...told,
              notificationType: "FORECASTED",
              comparisonOperator: "GREATER_THAN",
              threshold: 100,
            },
          ],
          tags: this.tags,
        },
        transform?.budget,
      ),
    );
  }

  #rankKeys(
    name: string,
    { table, hotKeys = "throttled" }: TenantMonitoringArgs,
  ): aws.dynamodb.ContributorInsights[] {
    if (hotKeys === "off") return [];
    const mode = hotKeys === "accessed" ? "ACCESSED_AND_THROTTLED_KEYS" : "THROTTLED_KEYS";
    const common = { tableName: table.tableName, mode };
    return [
      new aws.dynamodb.ContributorInsights(name, ...this.resource(common)),
      ...chatTable.indexes.map(
        (index) =>
          new aws.dynamodb.ContributorInsights(
            `${name}-${index.name}`,
            ...this.resource({ ...common, indexName: index.name }),
          ),
      ),
    ];
  }
}

/**
 * Of this tenant in this environment: the same tenant's id stands in development and production. A list of
 * tags in `costFilters` would add them up.
 */
function costsOf(
  tags: Readonly<Record<string, pulumi.Input<string>>>,
): aws.types.input.budgets.BudgetFilterExpression {
  const carried = ["chatstack:tenant", "chatstack:environment"].flatMap((key) => {
    const value = tags[key];
    return value === undefined ? [] : [{ tags: { key, values: [value] } }];
  });
  const [only] = carried;
  return carried.length === 1 && only ? only : { ands: carried };
}

const watched = ({ table, api }: TenantMonitoringArgs) => ({
  tableName: table.tableName,
  apiName: api.nodes.restApi.name,
  functionName: api.nodes.function.functionName,
  logGroupName: api.nodes.function.nodes.logGroup.name,
});
