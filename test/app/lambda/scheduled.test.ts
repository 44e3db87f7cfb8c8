import { expect, it } from "vitest";
import { bufferedHandler } from "../../../app/lambda/buffered.ts";
import type { ProxyEvent } from "../../../app/lambda/event.ts";
import { scheduledBuffered, scheduledStreaming } from "../../../app/lambda/scheduled.ts";
import { streamingHandler } from "../../../app/lambda/streaming.ts";
import { maintenanceEvent } from "../../../app/resources/maintenance.ts";
import { awslambda, ResponseStream } from "../../../local/lambda/response-stream.ts";
import { TestApi } from "../../../testing/app/api.ts";
import { eventOf } from "../../../testing/app/lambda.ts";

const api = TestApi.forThisFile();

/** Both handlers, and until when each run was to end. */
function handlers() {
  const runs: Date[] = [];
  const run = async (until: Date) => {
    runs.push(until);
    return { due: 3 };
  };
  const buffered = scheduledBuffered(run, bufferedHandler(api.app));
  const streaming = scheduledStreaming(run, streamingHandler(api.app, awslambda));
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
const scheduled: ProxyEvent = JSON.parse(JSON.stringify(maintenanceEvent));

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
  const run = async () => {
    throw new Error("maintenance failed: due");
  };
  const handler = scheduledStreaming(run, streamingHandler(api.app, awslambda));
  const stream = new ResponseStream(async () => {});
  await expect(handler(scheduled, stream)).rejects.toThrow("maintenance failed: due");
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
])("is never taken from a request's %s", async (_, event) => {
  const { runs, buffered, stream } = handlers();
  const answer = await buffered(event);
  expect("statusCode" in answer && answer.statusCode).toBeGreaterThanOrEqual(400);
  expect((await stream(event)).text).toContain("statusCode");
  expect(runs).toEqual([]);
});
