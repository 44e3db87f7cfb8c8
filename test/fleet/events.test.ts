import { expect, test, vi } from "vitest";
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
const eventsOf = (project: Project): TenantEvent[] =>
  project
    .read("events.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

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
