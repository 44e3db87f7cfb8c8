import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, onTestFinished, test, vi } from "vitest";
import { OperatorBuses } from "../../operations/aws/event-bus.ts";
import type { TenantEvent } from "../../operations/fleet/events.ts";
import { type Project, projectOf } from "./project.ts";

// Each starts a dozen processes, beside others that do.
vi.setConfig({ testTimeout: 120_000 });

const step = (stack: string, op: string, type: string, name: string, parent = "", outputs = {}) => {
  const urn = `urn:pulumi:${stack}::fleet::${type}::${name}`;
  const state = { urn, type, id: "i", parent, provider: "", inputs: {}, outputs };
  const isGone = op === "delete";
  return { op: op as "create", urn, type, provider: "", [isGone ? "old" : "new"]: state };
};
const tenantOf = (stack: string, op: string, id: string) => {
  const component = step(stack, op, "chatstack:index:TenantStack", id);
  const table = step(stack, op, "aws:dynamodb/table:Table", `${id}-chat`, component.urn);
  return [component, table];
};
const stackOf = (stack: string, tenants: object) =>
  step(stack, "same", "pulumi:pulumi:Stack", `fleet-${stack}`, "", { tenants });
const contract = join(import.meta.dirname, "../../docs/reference/tenant-event.schema.json");
const ajv = new Ajv2020({ formats: { "date-time": true } });
const isContract = ajv.compile<TenantEvent>(JSON.parse(readFileSync(contract, "utf8")));
/** Each as the documented schema says. */
const eventsOf = (project: Project): TenantEvent[] =>
  project
    .read("events.jsonl")
    .trim()
    .split("\n")
    .map((line) => {
      const event: unknown = JSON.parse(line);
      if (isContract(event)) return event;
      throw new Error(JSON.stringify(isContract.errors));
    });

test("who was requested is provisioned with outputs, removed, or failed with its cause", async () => {
  const [globex, table] = tenantOf("bad", "create", "globex");
  const project = projectOf({
    good: {
      steps: [
        stackOf("good", { acme: { apiUrl: "https://acme", key: "[secret]" }, same: {} }),
        ...tenantOf("good", "create", "acme"),
        ...tenantOf("good", "same", "same"),
        ...tenantOf("good", "delete", "gone"),
      ],
    },
    bad: {
      steps: [table!, globex!],
      errors: ["creating DynamoDB Table: LimitExceededException: Too many tables"],
    },
  });
  const args = ["fleet", "up", "--yes", "--events", "events.jsonl", "--allow-data-loss", "good"];
  const { code, stdout } = await project.run([...args, "--json"]);
  expect(code).toBe(1);
  const { run, stacks } = JSON.parse(stdout);
  expect(stacks[0]).not.toHaveProperty("tenants");
  const events = eventsOf(project);
  const of = (stack: string) => events.filter((one) => one.stack === stack);
  const shared = { version: 1, run, operation: "up", at: expect.stringMatching(/^\d{4}-.*Z$/) };
  expect(of("good")).toEqual([
    { ...shared, stack: "good", event: "requested", tenant: "acme" },
    { ...shared, stack: "good", event: "requested", tenant: "gone" },
    {
      ...shared,
      stack: "good",
      event: "provisioned",
      tenant: "acme",
      outputs: { apiUrl: "https://acme", key: "[secret]" },
    },
    { ...shared, stack: "good", event: "removed", tenant: "gone" },
  ]);
  expect(of("bad")).toEqual([
    { ...shared, stack: "bad", event: "requested", tenant: "globex" },
    {
      ...shared,
      stack: "bad",
      event: "failed",
      tenant: "globex",
      causes: [expect.stringContaining("LimitExceededException: Too many tables")],
    },
  ]);
});

test("a file that cannot be written is refused before anything is touched", async () => {
  const project = projectOf({ one: {} });
  const { code, stderr } = await project.run(["fleet", "up", "--yes", "--events", "none/events"]);
  expect([code, project.started("up")]).toEqual([2, []]);
  expect(stderr).toContain("--events: found ");
});

const bus = "arn:aws:events:eu-central-1:111122223333:event-bus/tenants";
const otherBus = "arn:aws:events:us-east-1:111122223333:event-bus/tenants";

test("--event-bus stands for the buses of all cells", () => {
  const buses = new OperatorBuses(bus, () => otherBus);
  expect(buses.of("one")).toBe(buses.of("two"));
});

test("the bus of each stack's cell is told the same; what it does not take is said, and stops nothing", async () => {
  const entries: { Source: string; DetailType: string; EventBusName: string; Detail: string }[] =
    [];
  const server = createServer(async (request, response) => {
    const { Entries } = JSON.parse(await text(request));
    entries.push(...Entries);
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
    const answers = Entries.map(({ DetailType }: { DetailType: string }) =>
      DetailType === "tenant removed" ? { ErrorCode: "InternalFailure" } : { EventId: "e" },
    );
    response.end(JSON.stringify({ Entries: answers }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const project = projectOf({
    one: {
      steps: [
        stackOf("one", { acme: { apiUrl: "https://acme" } }),
        ...tenantOf("one", "create", "acme"),
        ...tenantOf("one", "delete", "gone"),
      ],
    },
    two: { steps: tenantOf("two", "update", "globex") },
  });
  const place = { account: "111122223333", region: "eu-central-1" };
  const cells = { one: place, two: { ...place, eventBus: otherBus } };
  project.write("cells.yaml", JSON.stringify({ eventBus: bus, cells }));
  for (const stack of ["one", "two"]) {
    project.write(`Pulumi.${stack}.yaml`, "config:\n  aws:region: eu-central-1\n");
  }
  const flags = ["--yes", "--allow-data-loss", "one", "--events", "events.jsonl"];
  const { code, stderr } = await project.run(["fleet", "up", ...flags], {
    AWS_ENDPOINT_URL_EVENTBRIDGE: `http://127.0.0.1:${port}`,
    ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
  });
  expect(code).toBe(0);
  for (const [stack, busOfStack, kinds] of [
    ["one", bus, ["requested", "requested", "provisioned", "removed"]],
    ["two", otherBus, ["requested", "provisioned"]],
  ] as const) {
    const sent = entries.filter(({ EventBusName }) => EventBusName === busOfStack);
    const written = eventsOf(project).filter((event) => event.stack === stack);
    expect(sent.map(({ Detail }) => JSON.parse(Detail))).toEqual(written);
    expect(sent.map(({ DetailType }) => DetailType)).toEqual(kinds.map((kind) => `tenant ${kind}`));
    expect(sent[0]?.Source).toBe("chatstack.fleet");
  }
  expect(stderr).toContain(`${bus} did not take 1 event: InternalFailure`);
});

test("what is no ARN of a bus is refused before anything is touched", async () => {
  const project = projectOf({ one: {} });
  const { code, stderr } = await project.run(["fleet", "up", "--yes", "--event-bus", "tenants"]);
  expect([code, project.started("up")]).toEqual([2, []]);
  expect(stderr).toContain('--event-bus: found "tenants"; allowed: an ARN such as arn:aws:events:');
});
