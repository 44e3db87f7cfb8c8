/** Whatever reads the function's log finds the lines that the app writes, not those that somebody imagined. */
import { afterEach, expect, test, vi } from "vitest";
import { createApp } from "../../app/app.ts";
import { answer } from "../../app/lambda/answer.ts";
import { logToStdout } from "../../app/lambda/log.ts";
import { claimsOf, TestApi } from "../../testing/app/api.ts";
import { matchesPattern, passesQuery } from "../../testing/aws/log-queries.ts";
import { everyCompanion } from "../../testing/stacks/full-components.ts";
import { evaluateFullest, fullestSettings } from "../../testing/stacks/fullest-tenant.ts";

const api = TestApi.forThisFile();

afterEach(() => vi.restoreAllMocks());

/** Every line that `write` brings onto stdout, as CloudWatch gets it. */
async function linesOf(write: () => Promise<unknown>): Promise<Record<string, unknown>[]> {
  const written: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => written.push(String(text)) > 0);
  await write();
  vi.restoreAllMocks();
  return written.map((line) => JSON.parse(line));
}

/** A request that goes well, one whose store fails, and one that fails before the app has it. */
async function appLines() {
  const { conversations } = api.dependencies;
  const serving = (overrides: object) =>
    createApp({ ...api.dependencies, log: logToStdout, ...overrides });
  const call = (app: ReturnType<typeof createApp>, path: string) =>
    app.request(path, {}, { claims: claimsOf("alice"), requestId: "r1" });
  const broken = new Proxy(conversations, {
    get: () => () => Promise.reject(new Error("secret words")),
  });
  const good = await linesOf(async () => call(serving({}), "/conversations"));
  const failed = await linesOf(async () =>
    call(serving({ conversations: broken }), "/conversations"),
  );
  const crashed = await linesOf(() =>
    answer(
      { fetch: () => Promise.reject(new Error("secret words")) },
      { httpMethod: "GET", path: "/", headers: {}, requestContext: { requestId: "r2" } },
      undefined,
    ),
  );
  return { good, failures: [...failed, ...crashed].filter(({ message }) => message === "failure") };
}

interface Reader {
  readonly where: string;
  reads(line: Record<string, unknown>): boolean;
}

/** Every query and metric filter of the fullest tenant on the function's log. */
async function readers(): Promise<Reader[]> {
  const { records } = await evaluateFullest({ ...fullestSettings, ...everyCompanion });
  return records.flatMap(({ type, name, inputs }): Reader[] => {
    switch (type.split(":").at(-1)) {
      case "Dashboard": {
        const { widgets } = JSON.parse(String(inputs.dashboardBody));
        return widgets
          .filter((widget: { type: string }) => widget.type === "log")
          .map(({ properties }: { properties: { title: string; query: string } }) => ({
            where: `dashboard ${name}: ${properties.title}`,
            reads: (line: Record<string, unknown>) => passesQuery(properties.query, line),
          }));
      }
      case "LogMetricFilter":
        return [
          {
            where: `metric filter ${name}`,
            reads: (line) => matchesPattern(String(inputs.pattern), line),
          },
        ];
      default:
        return [];
    }
  });
}

test("each query and filter on the log reads the app's failures, and no request that went well", async () => {
  const { good, failures } = await appLines();
  expect(good).toMatchObject([{ message: "request", level: "INFO", status: 200 }]);
  expect(failures).toHaveLength(2);
  const all = await readers();
  expect(all.map(({ where }) => where)).not.toEqual([]);
  for (const { where, reads } of all) {
    expect({ where, good: good.filter(reads), failures: failures.filter(reads) }).toEqual({
      where,
      good: [],
      failures,
    });
  }
});

test("lines carry what Lambda filters by: a level that it knows, and a time", async () => {
  const { good, failures } = await appLines();
  for (const line of [...good, ...failures]) {
    expect(["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]).toContain(line.level);
    expect(line.timestamp).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(JSON.stringify(line)).not.toMatch(/secret/);
  }
});
