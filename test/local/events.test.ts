import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { EventBus } from "../../app/events/event-bus.ts";
import type { LogEntry } from "../../app/lambda/log.ts";
import type { Engine } from "../../local/engine.ts";
import { startBuses } from "../../local/events/buses.ts";
import { statementsOf } from "../../policies/reading/policy-document.ts";

const arn = "arn:aws:events:us-east-1:123456789012:event-bus/acme-events";
const statements = statementsOf(
  JSON.stringify({
    Statement: [{ Effect: "Allow", Action: ["events:PutEvents"], Resource: [arn] }],
  }),
);
const events: (readonly [string, Readonly<Record<string, unknown>>])[] = [];
let engine: Engine;
let client: EventBridgeClient;

beforeAll(async () => {
  engine = await startBuses({
    buses: new Map([["acme-events", arn]]),
    role: { name: "acme-api", statements },
    region: "us-east-1",
    account: "123456789012",
    onEvent: (bus, event) => events.push([bus, event]),
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new EventBridgeClient({
    endpoint: engine.endpoint,
    region: "us-east-1",
    credentials,
    maxAttempts: 1,
  });
});
afterAll(() => engine.stop());

const good = {
  EventBusName: "acme-events",
  Source: "chatstack",
  DetailType: "Turn Saved",
  Detail: "{}",
};
const put = (...Entries: object[]) => client.send(new PutEventsCommand({ Entries }));

it("takes what the role may put, as a rule's target would get it", async () => {
  events.length = 0;
  const answer = await put({ ...good, Time: new Date("2026-11-20T12:00:00Z") });
  expect(answer).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  expect(events).toEqual([
    [
      "acme-events",
      expect.objectContaining({
        source: "chatstack",
        "detail-type": "Turn Saved",
        time: "2026-11-20T12:00:00Z",
        detail: {},
      }),
    ],
  ]);
});

it("refuses what AWS refuses: the whole request, or one entry of it", async () => {
  await expect(put()).rejects.toThrow("Entries");
  await expect(put(...Array(11).fill(good))).rejects.toThrow("Entries");
  const large = { ...good, Detail: JSON.stringify({ text: "x".repeat(1024 * 1024) }) };
  await expect(put(large)).rejects.toThrow("over the limit");
  await expect(put({ ...good, EventBusName: "globex-events" })).rejects.toThrow(
    "not authorized to perform: events:PutEvents",
  );
  const bad = [
    { ...good, Source: undefined },
    { ...good, Detail: "no JSON" },
    { ...good, Source: "aws.events" },
  ];
  const { FailedEntryCount, Entries } = await put(good, ...bad);
  expect([FailedEntryCount, Entries?.map(({ ErrorCode }) => ErrorCode)]).toEqual([
    3,
    [undefined, "InvalidArgument", "MalformedDetail", "NotAuthorizedForSourceException"],
  ]);
});

it("is told by the function's own client, which logs what is refused", async () => {
  vi.stubEnv("AWS_ENDPOINT_URL_EVENTBRIDGE", engine.endpoint);
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  const log: LogEntry[] = [];
  const tell = async (busName: string) => {
    const bus = new EventBus({ tenant: "acme", busName, log: (entry) => log.push(entry) });
    const at = "2026-11-20T12:00:00.000Z";
    bus.tell({ type: "Conversation Created", detail: { user: "u", conversation: "c", at } });
    await bus.ended();
  };
  events.length = 0;
  await tell("acme-events");
  expect(events).toHaveLength(1);
  expect(log).toEqual([]);
  await tell("globex-events");
  expect(log).toEqual([
    expect.objectContaining({
      level: "ERROR",
      event: "Conversation Created",
      service: "EventBridge",
      call: "PutEvents",
    }),
  ]);
  vi.unstubAllEnvs();
});
