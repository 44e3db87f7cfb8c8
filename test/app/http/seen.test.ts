import { afterEach, expect, it, vi } from "vitest";
import { contract } from "../../../app/contract/index.ts";
import { logToStdout, metricDirectives, requestMetrics } from "../../../app/lambda/log.ts";
import { outcomes } from "../../../app/logging/outcomes.ts";
import { DynamoDBConversationStore } from "../../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import { randomKey, TestApi } from "../../../testing/app/api.ts";
import { engineConfig } from "../../../testing/aws/table.ts";

const api = TestApi.forThisFile();
const operations = new Set<string>(contract.map(({ operationId }) => operationId));

afterEach(() => {
  api.log.length = 0;
});

it("logs every request by its route and operation, and what no route answers as one", async () => {
  const user = api.as(randomKey());
  const id = await user.conversation();
  await user.get("/health");
  await user.get(`/conversations/${id}`);
  await user.open("/me", {}, "HEAD");
  await user.get("/conversations/none");
  await user.get(`/nowhere/${id}`);
  await user.post("/me", {});
  const lines = api.log.map(({ operation, route, outcome, status }) => ({
    operation,
    route,
    outcome,
    status,
  }));
  expect(lines).toEqual([
    { operation: "createConversation", route: "/conversations", outcome: "ok", status: 201 },
    { operation: "getHealth", route: "/health", outcome: "ok", status: 200 },
    { operation: "getConversation", route: "/conversations/:id", outcome: "ok", status: 200 },
    { operation: "getProfile", route: "/me", outcome: "ok", status: 200 },
    { operation: "getConversation", route: "/conversations/:id", outcome: "refused", status: 404 },
    { operation: "unmatched", route: "unmatched", outcome: "refused", status: 404 },
    { operation: "unmatched", route: "unmatched", outcome: "refused", status: 405 },
  ]);
});

it("makes metrics whose dimensions are bounded, of fields that each line has", async () => {
  const user = api.as(randomKey());
  for (let index = 0; index < 5; index++) await user.get(`/conversations/${randomKey()}`);
  for (let index = 0; index < 5; index++) await user.get(`/${randomKey()}`);
  for (const line of api.log) {
    const fields: Readonly<Record<string, unknown>> = line;
    const { tenant, operation = "", outcome } = fields;
    expect(requestMetrics.dimensions).toEqual(["tenant", "operation", "outcome"]);
    expect(tenant).toBe("acme");
    expect(operations.has(String(operation)) || operation === "unmatched").toBe(true);
    expect(outcomes).toContain(outcome);
    for (const { Name } of requestMetrics.metrics) expect(typeof fields[Name]).toBe("number");
  }
});

it("writes them into the line in CloudWatch's embedded metric format", () => {
  const written: string[] = [];
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
  const request = { tenant: "acme", operation: "getHealth", outcome: "ok", requests: 1, ms: 3 };
  logToStdout({ level: "INFO", message: "request", ...request });
  logToStdout({ level: "ERROR", message: "failure" });
  write.mockRestore();
  const [line, failure] = written.map((text) => JSON.parse(text));
  expect(line).toMatchObject(request);
  expect(line._aws).toEqual({
    Timestamp: Date.parse(line.timestamp),
    CloudWatchMetrics: metricDirectives,
  });
  const [directive] = line._aws.CloudWatchMetrics;
  for (const dimension of directive.Dimensions.flat())
    expect(typeof line[dimension]).toBe("string");
  for (const { Name } of directive.Metrics) expect(typeof line[Name]).toBe("number");
  expect(failure._aws).toBeUndefined();
});

it("says of each failure whose it was, in which operation, and what AWS answered", async () => {
  const wrong = documentClient(engineConfig(api.engine.endpoint));
  const table = { ...api.table, client: wrong, tableName: "no-such-table" };
  const broken = api.with({ conversations: new DynamoDBConversationStore(table) });
  const answer = await broken.as("alice").get("/conversations");
  expect(answer.status).toBe(500);
  const failure = api.log.find(({ message }) => message === "failure");
  expect(failure).toMatchObject({
    tenant: "acme",
    requestId: "request-1",
    operation: "listConversations",
    status: 500,
    service: "DynamoDB",
    call: "Query",
    awsStatus: 400,
    error: "ResourceNotFoundException",
  });
  expect(failure).toHaveProperty("awsRequestId");
  expect(JSON.stringify(failure)).not.toContain("no-such-table");
});

it("says it of a service that cannot be reached, and of a failure in the midst of an answer", async () => {
  const client = documentClient({ ...engineConfig("http://127.0.0.1:1"), maxAttempts: 1 });
  const table = { ...api.table, client };
  const broken = api.with({ conversations: new DynamoDBConversationStore(table) });
  expect((await broken.as("alice").get("/sync")).status).toBe(503);
  const importing = api.with({
    transfers: Object.assign(Object.create(api.dependencies.transfers), {
      importConversation: () => Promise.reject(new Error("boom")),
    }),
  });
  await importing.as("alice").send("POST", "/import", {
    headers: { "content-type": "application/x-ndjson" },
    body: '{"kind":"conversation","id":"a","title":"x","createdAt":"2026-11-20T12:00:00.000Z"}',
  });
  const failures = api.log.filter(({ message }) => message === "failure");
  expect(failures).toMatchObject([
    { operation: "syncConversations", status: 503, service: "DynamoDB", call: "Query" },
    { operation: "importAll", status: 500 },
  ]);
  for (const line of failures) {
    expect(line).toMatchObject({ tenant: "acme", requestId: "request-1", level: "ERROR" });
  }
});
