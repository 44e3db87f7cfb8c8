import { expect, it, onTestFinished, vi } from "vitest";
import { bufferedHandler } from "../../../app/lambda/buffered.ts";
import type { ProxyEvent } from "../../../app/lambda/event.ts";
import { streamingHandler } from "../../../app/lambda/streaming.ts";
import type { EventHandlers, QueueMessage } from "../../../app/own-app/events.ts";
import { unaskedOf } from "../../../app/own-app/handler.ts";
import { unaskedBuffered, unaskedStreaming } from "../../../app/own-app/unasked.ts";
import { scheduleEvent } from "../../../app/resources/events.ts";
import { maintenanceEvent } from "../../../app/resources/maintenance.ts";
import { awslambda, ResponseStream } from "../../../local/lambda/response-stream.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { eventOf } from "../../../testing/app/lambda.ts";

const api = TestApi.forThisFile();

/** Both handlers, and until when each run of the maintenance was to end. */
function handlers(events: EventHandlers = {}) {
  const runs: Date[] = [];
  const maintain = async (until: Date) => {
    runs.push(until);
    return { due: 3 };
  };
  const unasked = unaskedOf({ ...events, fetch: api.app.fetch, maintain });
  const buffered = unaskedBuffered(unasked, bufferedHandler(api.app));
  const streaming = unaskedStreaming(unasked, streamingHandler(api.app, awslambda));
  const stream = async (event: ProxyEvent, ms = 120_000) => {
    const sent: Uint8Array[] = [];
    const to = new ResponseStream(async (bytes) => {
      sent.push(bytes);
    });
    await streaming(event, to, { getRemainingTimeInMillis: () => ms });
    return { text: Buffer.concat(sent).toString(), isEnded: to.writableEnded };
  };
  return { runs, buffered, stream };
}

/** As Lambda hands it over: parsed JSON, of whatever type the handler expects. */
const handedOver = (event: object): ProxyEvent => JSON.parse(JSON.stringify(event));
const scheduled = handedOver(maintenanceEvent);

const sqsEvent = (...bodies: string[]) => ({
  Records: bodies.map((body) => ({
    messageId: `id-${body}`,
    receiptHandle: "handle",
    body,
    attributes: { ApproximateReceiveCount: "2", SentTimestamp: "1790000000000" },
    messageAttributes: { kind: { stringValue: "import", dataType: "String" } },
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:123456789012:api-jobs-1a2b3c4",
    awsRegion: "us-east-1",
  })),
});

function withQueues() {
  vi.stubEnv("TENANT", "acme");
  vi.stubEnv(
    "EVENT_QUEUES",
    "other=https://sqs.us-east-1.amazonaws.com/123456789012/other,jobs=https://sqs.us-east-1.amazonaws.com/123456789012/api-jobs-1a2b3c4",
  );
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
}

it("runs for the schedule's event, and ends the stream with its report", async () => {
  const { runs, buffered, stream } = handlers();
  expect(await stream(scheduled)).toEqual({ text: '{"due":3}', isEnded: true });
  expect(await buffered(scheduled)).toEqual({ due: 3 });
  expect(runs).toHaveLength(2);
});

it("ends within the function's time", async () => {
  const { runs, stream } = handlers();
  await stream(scheduled, 8_000);
  const left = (runs[0]?.getTime() ?? 0) - Date.now();
  expect(left).toBeGreaterThan(4_000);
  expect(left).toBeLessThanOrEqual(6_000);
});

it("rejects when the run fails, so that Lambda repeats it", async () => {
  const maintain = async () => {
    throw new Error("maintenance failed: due");
  };
  const unasked = unaskedOf({ fetch: api.app.fetch, maintain });
  const handler = unaskedStreaming(unasked, streamingHandler(api.app, awslambda));
  const stream = new ResponseStream(async () => {});
  await expect(handler(scheduled, stream)).rejects.toThrow("maintenance failed: due");
});

it("runs a schedule's handler with the time at which it was due, and fails without the error's words", async () => {
  const seen: unknown[] = [];
  const { buffered, stream } = handlers({
    schedules: {
      nightly: ({ at }) => seen.push(at.toISOString()),
      broken: () => {
        throw new Error("secret words");
      },
    },
  });
  const due = (name: string) => handedOver({ ...scheduleEvent(name), at: "2026-11-30T02:00:00Z" });
  expect(await stream(due("nightly"))).toEqual({ text: '{"schedule":"nightly"}', isEnded: true });
  expect(await buffered(due("nightly"))).toEqual({ schedule: "nightly" });
  expect(seen).toEqual(["2026-11-30T02:00:00.000Z", "2026-11-30T02:00:00.000Z"]);
  await expect(buffered(due("broken"))).rejects.toThrow("the schedule broken failed");
  await expect(buffered(due("toString"))).rejects.toThrow("no handler of the schedule toString");
});

it("hands each message of a batch to its queue's handler, and returns to the queue those that failed", async () => {
  withQueues();
  const seen: QueueMessage[] = [];
  const { buffered, stream } = handlers({
    queues: {
      jobs: async (message, { tenant }) => {
        if (message.body === "bad") throw new Error("secret words");
        seen.push({ ...message, id: `${tenant}/${message.id}` });
      },
    },
  });
  const batch = handedOver(sqsEvent("a", "bad", "c"));
  const answer = { batchItemFailures: [{ itemIdentifier: "id-bad" }] };
  expect(await buffered(batch)).toEqual(answer);
  expect(JSON.parse((await stream(batch)).text)).toEqual(answer);
  expect(seen.slice(0, 2)).toEqual(
    ["a", "c"].map((body) => ({
      id: `acme/id-${body}`,
      body,
      delivery: 2,
      sentAt: new Date(1_790_000_000_000),
      attributes: { kind: "import" },
    })),
  );
  const none = await handlers().buffered(batch);
  expect(none).toMatchObject({ batchItemFailures: { length: 3 } });
});

it("returns what is not done when the function's time ends, and nothing else", async () => {
  withQueues();
  let signal: AbortSignal | undefined;
  const { stream } = handlers({
    queues: {
      jobs: ({ body }, context) => {
        signal = context.signal;
        return body === "slow" ? new Promise(() => {}) : undefined;
      },
    },
  });
  const { text } = await stream(handedOver(sqsEvent("quick", "slow")), 2_100);
  expect(JSON.parse(text)).toEqual({ batchItemFailures: [{ itemIdentifier: "id-slow" }] });
  expect(signal?.aborted).toBe(true);
});

it.each<[string, ProxyEvent]>([
  ["body", eventOf("POST", "/me", { body: JSON.stringify(maintenanceEvent) })],
  [
    "base64 body",
    eventOf("POST", "/", {
      body: Buffer.from(JSON.stringify(maintenanceEvent)).toString("base64"),
      isBase64Encoded: true,
    }),
  ],
  ["path", eventOf("GET", `/${encodeURIComponent(JSON.stringify(maintenanceEvent))}`)],
  ["path's name", eventOf("GET", "/chatstack/maintenance")],
  [
    "query",
    eventOf("GET", "/", {
      queryStringParameters: { chatstack: "maintenance" },
      multiValueQueryStringParameters: { chatstack: ["maintenance"] },
    }),
  ],
  [
    "header",
    eventOf("GET", "/", {
      headers: { chatstack: "maintenance" },
      multiValueHeaders: { chatstack: ["maintenance"] },
    }),
  ],
  ["method", eventOf("MAINTENANCE", "/")],
  [
    "gateway's own event, were it to take a key over",
    { ...eventOf("GET", "/"), ...maintenanceEvent },
  ],
  [
    "gateway's own event, were it to take the keys of a queue's over",
    { ...eventOf("GET", "/"), ...sqsEvent("a") },
  ],
])("is never taken from a request's %s", async (_, event) => {
  const { runs, buffered, stream } = handlers();
  const answer = await buffered(event);
  expect("statusCode" in answer && answer.statusCode).toBeGreaterThanOrEqual(400);
  expect((await stream(event)).text).toContain("statusCode");
  expect(runs).toEqual([]);
});

it("ends a schedule's run that is not done when the function's time ends, and logs it", async () => {
  const { stream } = handlers({ schedules: { slow: () => new Promise(() => {}) } });
  const due = handedOver({ ...scheduleEvent("slow"), at: "2026-11-30T02:00:00Z" });
  await expect(stream(due, 2_100)).rejects.toThrow("the schedule slow failed");
});
