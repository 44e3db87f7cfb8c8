import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { TestApi } from "../../testing/app/api.ts";
import { faultsOf, isDocumented } from "./support/answers.ts";
import { allowedBy, almostAllowedBy, junk, parameterText } from "./support/arbitraries.ts";
import { asUser, call, type FunctionRequest } from "./support/function.ts";
import { type Operation, operations } from "./support/operations.ts";
import { tried } from "./support/tried.ts";

const api = TestApi.forThisFile();

/** Requests to each operation; more of them with `SECURITY_CASES=2000 npm run test:security`. */
const cases = Number(process.env.SECURITY_CASES ?? 25);

const names = ["conversation", "1", "laptop", "theme"];

beforeAll(async () => {
  for (const user of users) {
    const client = api.as(user);
    await client.post("/conversations", { id: "conversation" });
    await client.say("conversation", "one", "two");
    await client.put("/me/sessions/laptop", {});
    await client.put("/me/state/theme", { value: 1 });
  }
});

/** The last one is erased again and again, and may rarely write. */
const users = ["alice", "bob", "erased"];

interface Case extends FunctionRequest {
  readonly path: string;
}

/** Requests to an operation: what the document allows, what it nearly allows, and what it does not. */
function requestsTo(operation: Operation): fc.Arbitrary<Case> {
  const { path, parameters, body } = operation;
  const named = (place: string) =>
    fc.record(
      Object.fromEntries(
        parameters.filter((it) => it.in === place).map((it) => [it.name, parameterText(it)]),
      ),
    );
  const known = fc.constantFrom(...names);
  const segments = fc.record(
    Object.fromEntries(
      parameters
        .filter((it) => it.in === "path")
        .map((it) => [it.name, fc.oneof({ weight: 3, arbitrary: known }, parameterText(it))]),
    ),
  );
  const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const valid = body === null ? fc.constant(undefined) : allowedBy(body.schema);
  const content = fc.oneof(
    { weight: 4, arbitrary: valid },
    { weight: 4, arbitrary: body === null ? junk : almostAllowedBy(body.schema) },
    junk,
    fc.string({ unit: "binary" }),
  );
  const user = operation.operationId === "eraseAll" ? "erased" : undefined;
  return fc
    .record({
      user: user === undefined ? fc.constantFrom(...users) : fc.constant(user),
      groups: fc.constantFrom("admins", undefined),
      segments,
      query: named("query"),
      headers: named("header"),
      accept: fc.constantFrom("application/json", "text/event-stream", "*/*", ""),
      type: fc.constantFrom(...Array(6).fill(body?.type ?? "application/json"), "text/plain", ""),
      content: content.map(asText),
    })
    .map((it) => ({
      path: path.replaceAll(/\{(\w+)\}/g, (_, name) => encoded(it.segments[name])),
      ...asUser(it.user, { "cognito:groups": it.groups }),
      query: lists(it.query),
      headers: { ...lists(it.headers), accept: it.accept, "content-type": it.type },
      body: it.content,
    }));
}

describe.each(operations)("$method $path", (operation) => {
  it("answers anything as the document says, and never with a fault of its own", async (context) => {
    tried(context, cases);
    const { method } = operation;
    await fc.assert(
      fc.asyncProperty(requestsTo(operation), async ({ path, ...request }) => {
        const answer = await call(api, method, path, request);
        expect(faultsOf(operation, answer)).toEqual([]);
        expect([answer.status, isDocumented(operation, answer)]).toEqual([answer.status, true]);
      }),
      { numRuns: cases },
    );
  });
});

function encoded(text = ""): string {
  return encodeURIComponent(text.toWellFormed());
}

/** Without what was left out, and as text that the gateway can hand over. */
function lists(values: Record<string, string | undefined>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value]]],
    ),
  );
}
