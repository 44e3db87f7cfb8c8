import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp, dependencies } from "../../../app/own-app/index.ts";
import { AuthPool } from "../../../components/auth-pool/auth-pool.ts";
import { ChatApi, type ChatApiArgs } from "../../../components/chat-api/chat-api.ts";
import {
  EventSources,
  type QueueSource,
  type ScheduleSource,
} from "../../../components/chat-api/events/event-sources.ts";
import type { OwnData } from "../../../components/chat-api/function/own-app.ts";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";
import { DocumentBucket } from "../../../components/document-bucket/document-bucket.ts";
import { recordsOf, statements } from "../../../testing/stacks/records.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chatstack-events-"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  writeFileSync(join(folder, "app.ts"), "export default { fetch: () => new Response() };");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What an app of a team's own exports. */
interface App {
  readonly queues: { jobs(message: { readonly body: string }): Promise<void> };
  readonly schedules: { nightly(): void };
}

const sources = (queue: QueueSource = {}, schedule: Partial<ScheduleSource> = {}) =>
  EventSources.of<App>({
    queues: { jobs: queue },
    schedules: { nightly: { expression: "rate(1 day)", ...schedule } },
  });

const records = (args: Partial<ChatApiArgs> = {}, events = sources()) =>
  recordsOf(() => {
    const tenant = { tenant: "acme" };
    const [table, documents] = [new ChatTable("chat", tenant), new DocumentBucket("docs", tenant)];
    const auth = new AuthPool("users", tenant);
    const app = {
      entry: join(folder, "app.ts"),
      events,
      permissions: ({ queues }: OwnData) => queues.jobs?.grantSend() ?? [],
    };
    new ChatApi("api", { ...tenant, table, documents, auth, app, ...args });
  });

describe("queues and schedules of an app", () => {
  test("are there with dead letters, exact permissions and what the function needs to find them", async () => {
    const found = await records({ timeoutSeconds: 30, failedEvents: "queue" });
    const { inputs, outputs } = found.all("Queue").find(({ name }) => name === "api-jobs")!;
    const dead = found.all("Queue").find(({ name }) => name === "api-jobs-dead")!;
    expect(inputs).toMatchObject({ visibilityTimeoutSeconds: 180, sqsManagedSseEnabled: true });
    expect(JSON.parse(String(inputs.redrivePolicy))).toEqual({
      deadLetterTargetArn: dead.outputs.arn,
      maxReceiveCount: 5,
    });
    expect(found.one("EventSourceMapping").inputs).toMatchObject({
      eventSourceArn: outputs.arn,
      batchSize: 10,
      enabled: true,
      functionResponseTypes: ["ReportBatchItemFailures"],
    });
    expect(found.one("Function").inputs.environment).toMatchObject({
      variables: { EVENT_QUEUES: `jobs=${outputs.url}` },
    });
    const policy = found.all("Policy").find(({ name }) => name === "api")?.inputs.policy;
    const of = statements(policy).filter(({ Resource }) =>
      [Resource].flat().includes(String(outputs.arn)),
    );
    expect(of.map(({ Action }) => Action)).toEqual([
      ["sqs:SendMessage"],
      ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
    ]);
    const schedule = found.one("Schedule");
    expect(schedule.inputs).toMatchObject({
      scheduleExpression: "rate(1 day)",
      flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 5 },
      target: { deadLetterConfig: {} },
    });
    expect(JSON.parse(Object(schedule.inputs.target).input)).toEqual({
      chatstack: "schedule",
      schedule: "nightly",
      at: "<aws.scheduler.scheduled-time>",
    });
    const role = found.all("Policy").find(({ name }) => name === "api-nightly")?.inputs.policy;
    expect(statements(role)[0]).toMatchObject({
      Action: ["lambda:InvokeFunction"],
      Resource: [found.one("Function").outputs.arn],
    });
  });

  test("stop while the tenant is suspended, and nothing else of theirs changes", async () => {
    const [active, suspended] = [await records(), await records({ state: "suspended" })];
    expect(suspended.one("EventSourceMapping").inputs.enabled).toBe(false);
    expect(suspended.one("Schedule").inputs.state).toBe("DISABLED");
    expect(suspended.all("Queue").map(({ inputs }) => inputs)).toEqual(
      active.all("Queue").map(({ inputs }) => inputs),
    );
  });

  test.each<[string, Partial<ChatApiArgs>, QueueSource, Partial<ScheduleSource>]>([
    ["visibilitySeconds: found 29", { timeoutSeconds: 30 }, { visibilitySeconds: 29 }, {}],
    ["batchWindowSeconds: found 0", {}, { batchSize: 11 }, {}],
    ["maximumConcurrency: found 6", { reservedConcurrency: 5 }, { maximumConcurrency: 6 }, {}],
    ["maximumConcurrency: found 1", {}, { maximumConcurrency: 1 }, {}],
    ["retentionDays: found 15", {}, { retentionDays: 15 }, {}],
    [
      'timeZone: found "Mars/Base"',
      {},
      {},
      { expression: "cron(0 2 * * ? *)", timeZone: "Mars/Base" },
    ],
    ['timeZone: found "Europe/Berlin"', {}, {}, { timeZone: "Europe/Berlin" }],
    ['expression: found "cron(0 2 * * ?)"', {}, {}, { expression: "cron(0 2 * * ?)" }],
    ['expression: found "rate(1 days)"', {}, {}, { expression: "rate(1 days)" }],
    ["windowMinutes: found 1441", {}, {}, { windowMinutes: 1_441 }],
  ])("are refused where AWS refuses them: %s", async (said, args, queue, schedule) => {
    await expect(records(args, sources(queue, schedule))).rejects.toThrow(said);
  });
});

test("a source without a handler does not compile, nor a handler without its source", () => {
  const queues = { jobs: async () => {} };
  const extended = () => createApp({ ...dependencies(), queues });
  type Extended = ReturnType<typeof extended>;
  expect(EventSources.of<Extended>({ queues: { jobs: {} } }).queues).toEqual({ jobs: {} });
  // @ts-expect-error: the app has no such handler
  EventSources.of<Extended>({ queues: { jobs: {}, others: {} } });
  // @ts-expect-error: the handler has no source
  EventSources.of<Extended>({ queues: {} });
  const nightly: ScheduleSource = { expression: "rate(1 day)" };
  // @ts-expect-error: the app has no schedule
  EventSources.of<Extended>({ queues: { jobs: {} }, schedules: { nightly } });
  // @ts-expect-error: whose handlers these are is not said
  EventSources.of({ queues: { jobs: {} } });
});
