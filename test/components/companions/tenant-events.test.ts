import { describe, expect, test } from "vitest";
import { evaluate } from "../../../offline/evaluate.ts";
import program from "../../../stacks/index.ts";
import type { Settings } from "../../../stacks/settings.ts";
import { lookUp, statements } from "../../../testing/stacks/records.ts";

const tenantOf = async (settings: Settings, state = "active") =>
  lookUp(
    await evaluate(program, {
      config: {
        "chatstack:environment": "production",
        "chatstack:tenants": JSON.stringify([{ id: "acme", tier: "basic", state, ...settings }]),
      },
    }),
  );

type Tenant = Awaited<ReturnType<typeof tenantOf>>;

const putStatements = ({ all }: Tenant) =>
  all("Policy")
    .flatMap(({ inputs }) => statements(inputs.policy))
    .filter(({ Action }) => Action.some((action) => action.startsWith("events:")));

const environmentOf = ({ all }: Tenant) =>
  all("Function").map(({ inputs }) => Reflect.get(Object(inputs.environment), "variables"));

describe("events: on", () => {
  test("the function is told of the bus, and may put events on this one alone", async () => {
    const tenant = await tenantOf({ events: "on" });
    const bus = tenant.one("EventBus");
    expect(bus.inputs.tags).toMatchObject({ "chatstack:tenant": "acme" });
    expect(environmentOf(tenant)).toEqual([
      expect.objectContaining({ EVENT_BUS: bus.outputs.name }),
    ]);
    expect(putStatements(tenant)).toEqual([
      { Effect: "Allow", Action: ["events:PutEvents"], Resource: [bus.outputs.arn] },
    ]);
  });

  test("events are encrypted with the tenant's key where it has one", async () => {
    const tenant = await tenantOf({ events: "on", encryption: "tenant-key" });
    expect(tenant.one("EventBus").inputs.kmsKeyIdentifier).toBe(tenant.one("Key").outputs.arn);
    const plain = await tenantOf({ events: "on" });
    expect(plain.one("EventBus").inputs.kmsKeyIdentifier).toBeUndefined();
  });

  test("erasures of a tenant that is off-boarding are told; a suspended one puts nothing", async () => {
    expect(putStatements(await tenantOf({ events: "on" }, "off-boarding"))).toHaveLength(1);
    expect(putStatements(await tenantOf({ events: "on" }, "suspended"))).toEqual([]);
  });
});

test("there is no bus unless it is asked for", async () => {
  const tenant = await tenantOf({});
  expect(tenant.all("EventBus")).toEqual([]);
  expect(environmentOf(tenant)).toEqual([expect.not.objectContaining({ EVENT_BUS: "" })]);
  expect(JSON.stringify(environmentOf(tenant))).not.toContain("EVENT_BUS");
});
