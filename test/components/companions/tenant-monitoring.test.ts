import { beforeAll, describe, expect, test } from "vitest";
import { metricDirectives } from "../../../app/lambda/log.ts";
import { outcomes } from "../../../app/logging/outcomes.ts";
import { AuthPool } from "../../../components/auth-pool/auth-pool.ts";
import { ChatApi } from "../../../components/chat-api/chat-api.ts";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";
import {
  TenantMonitoring,
  type TenantMonitoringArgs,
} from "../../../components/companions/tenant-monitoring.ts";
import { DocumentBucket } from "../../../components/document-bucket/document-bucket.ts";
import { type Records, recordsOf } from "../../../testing/stacks/records.ts";

const tenant = { tenant: "acme" };
const monitoringRecords = (args: Partial<TenantMonitoringArgs> = {}) =>
  recordsOf(() => {
    const table = new ChatTable("chat", tenant);
    const documents = new DocumentBucket("documents", tenant);
    const auth = new AuthPool("users", tenant);
    const api = new ChatApi("api", { ...tenant, table, documents, auth });
    new TenantMonitoring("watch", { ...tenant, table, api, ...args });
  });

const notify = ["ops@example.com"];

test("by default it shows and ranks, but alarms nobody, since nobody would hear", async () => {
  const records = await monitoringRecords();
  expect(records.all("Dashboard")).toHaveLength(1);
  expect(String(records.one("Dashboard").inputs.dashboardBody)).not.toContain('"alarm"');
  expect(records.all("ContributorInsights")).toHaveLength(3);
  for (const type of ["Topic", "MetricAlarm", "Budget"]) expect(records.all(type)).toEqual([]);
});

test("a topic that is there already takes the place of the tenant's own", async () => {
  const topicArn = "arn:aws:sns:us-east-1:123456789012:pager";
  const records = await monitoringRecords({ topicArn, monthlyBudget: 1 });
  expect(records.all("Topic")).toEqual([]);
  for (const { inputs } of records.all("MetricAlarm")) {
    expect(inputs.alarmActions).toEqual([topicArn]);
  }
  expect(records.one("Budget").inputs.notifications).toMatchObject([
    { subscriberSnsTopicArns: [topicArn] },
    { subscriberSnsTopicArns: [topicArn] },
  ]);
});

describe("with somebody to tell", () => {
  let records: Records;
  beforeAll(async () => {
    records = await monitoringRecords({ notify });
  });

  test("C: alarms on table and API tell one topic, when they go off and when it is over", () => {
    const topic = records.one("Topic").outputs.arn;
    const alarms = records.all("MetricAlarm");
    expect(alarms.map(({ name }) => name).sort()).toEqual([
      "watch-api-function-errors",
      "watch-api-latency",
      "watch-api-maintenance",
      "watch-api-server-errors",
      "watch-api-throttles",
      "watch-table-system-errors",
      "watch-table-throttles",
    ]);
    for (const { inputs } of alarms) {
      expect(inputs).toMatchObject({ alarmActions: [topic], okActions: [topic] });
    }
  });

  test("C: the dashboard shows this tenant's alarms, API, function, table and errors", () => {
    const { widgets } = JSON.parse(String(records.one("Dashboard").inputs.dashboardBody));
    const [alarms, ...others] = widgets;
    expect(alarms.properties.alarms.sort()).toEqual(
      records
        .all("MetricAlarm")
        .map(({ outputs }) => outputs.arn)
        .sort(),
    );
    const shown = JSON.stringify(others);
    const names = [
      records.one("RestApi").outputs.name,
      records.one("Function").outputs.name,
      records.one("Table").outputs.name,
      `SOURCE '${records.one("LogGroup", "api").outputs.name}'`,
    ];
    for (const name of names) expect(shown).toContain(name);
    for (const { properties } of others) expect(properties.region).toBe("us-east-1");
  });

  test("C: it shows which routes fail and which are slow, of metrics that the log lines make", () => {
    const { widgets } = JSON.parse(String(records.one("Dashboard").inputs.dashboardBody));
    const expressions: string[] = widgets.flatMap(
      ({ properties }: { properties: { metrics?: { expression?: string }[][] } }) =>
        (properties.metrics ?? []).flat().flatMap(({ expression }) => expression ?? []),
    );
    expect(expressions).toHaveLength(2);
    const [{ Namespace, Dimensions, Metrics }] = metricDirectives;
    for (const expression of expressions) {
      const [, schema = "", metric, filters = ""] =
        /^SEARCH\('\{([^}]+)\} MetricName="(\w+)" ([^']*)', '[\w.]+', 60\)$/.exec(expression) ?? [];
      expect(schema.split(",")).toEqual([Namespace, ...Dimensions.flat()]);
      expect(Metrics.map(({ Name }) => Name)).toContain(metric);
      const named = Object.fromEntries(
        [...filters.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
      );
      expect(named.tenant).toBe("acme");
      expect(outcomes).toContain(named.outcome);
    }
  });

  test("widgets lie side by side, none over another", () => {
    const { widgets } = JSON.parse(String(records.one("Dashboard").inputs.dashboardBody));
    const cells = widgets.flatMap((w: { x: number; y: number; width: number; height: number }) =>
      Array.from({ length: w.width * w.height }, (_, i) =>
        [w.x + (i % w.width), w.y + Math.floor(i / w.width)].join(),
      ),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells.every((cell: string) => Number(cell.split(",")[0]) < 24)).toBe(true);
  });

  test("only this account's alarms and budgets may publish to the topic, and only with TLS", () => {
    const [tls, ...allowed] = JSON.parse(
      String(records.one("TopicPolicy").inputs.policy),
    ).Statement;
    expect(tls).toMatchObject({
      Effect: "Deny",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    });
    const services = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"];
    expect(allowed).toMatchObject(
      services.map((Service) => ({
        Principal: { Service },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      })),
    );
  });

  test("keys that table and indexes are throttled for are ranked, nothing is budgeted", () => {
    const insights = records.all("ContributorInsights").map(({ inputs }) => inputs);
    expect(insights.map(({ indexName }) => indexName)).toEqual([
      undefined,
      "by-recency",
      "by-creation",
    ]);
    for (const { mode } of insights) expect(mode).toBe("THROTTLED_KEYS");
    expect(records.all("Budget")).toEqual([]);
  });
});

test("C: a budget counts what carries the tenant's tag, and tells before it is spent", async () => {
  const records = await monitoringRecords({ notify, monthlyBudget: 250 });
  expect(records.one("Budget").inputs).toMatchObject({
    budgetType: "COST",
    timeUnit: "MONTHLY",
    limitAmount: "250",
    limitUnit: "USD",
    filterExpression: { tags: { key: "chatstack:tenant", values: ["acme"] } },
    metrics: "UnblendedCost",
    notifications: [
      { notificationType: "ACTUAL", threshold: 80 },
      { notificationType: "FORECASTED", threshold: 100 },
    ],
  });
});

test("addresses, hot keys and latency follow their arguments", async () => {
  const records = await monitoringRecords({
    notify,
    hotKeys: "accessed",
    latencySeconds: 5,
  });
  expect(records.one("TopicSubscription").inputs).toMatchObject({
    protocol: "email",
    endpoint: "ops@example.com",
  });
  expect(records.all("ContributorInsights")[0]!.inputs.mode).toBe("ACCESSED_AND_THROTTLED_KEYS");
  expect(records.one("MetricAlarm", "watch-api-latency").inputs.threshold).toBe(5000);
  expect((await monitoringRecords({ hotKeys: "off" })).all("ContributorInsights")).toEqual([]);
});

test.each([
  [{ monthlyBudget: 0 }, "monthlyBudget: found 0; allowed: a whole number from 1"],
  [{ monthlyBudget: 5 }, "monthlyBudget: found 5; allowed: one with `notify` or `topicArn`"],
  [{ latencySeconds: 901 }, "latencySeconds: found 901; allowed: a whole number from 1 to 900"],
])("%j is refused with what is allowed", async (args, message) => {
  await expect(monitoringRecords(args)).rejects.toThrow(`TenantMonitoring "watch": ${message}`);
});

test("transforms reach topic, alarms, dashboard and budget", async () => {
  const records = await monitoringRecords({
    notify,
    monthlyBudget: 1,
    transform: {
      topic: (args) => {
        args.displayName = "chat";
      },
      alarm: (args) => {
        args.actionsEnabled = false;
      },
      dashboard: (args) => {
        args.dashboardName = "acme";
      },
      budget: (args) => {
        args.timeUnit = "DAILY";
      },
    },
  });
  expect(records.one("Topic").inputs.displayName).toBe("chat");
  expect(records.all("MetricAlarm")[0]!.inputs.actionsEnabled).toBe(false);
  expect(records.one("Dashboard").inputs.dashboardName).toBe("acme");
  expect(records.one("Budget").inputs.timeUnit).toBe("DAILY");
});
