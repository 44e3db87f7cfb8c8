import { expect, test } from "vitest";
import { propertyDifferences } from "../../operations/drift/properties.ts";
import { step } from "./steps.ts";

const differences = (...[drifted]: Parameters<typeof step>) =>
  propertyDifferences({ urn: "", type: "", provider: "", op: "update", ...step(drifted) });
const table = { type: "aws:dynamodb/table:Table", name: "chat" };

test("paths with indices and quoted keys reach their values", () => {
  const state = { tags: { "chatstack:tenant": "acme" }, rules: [{ days: 7 }] };
  const reality = { tags: { "chatstack:tenant": "evil" }, rules: [{ days: 1 }] };
  const diff = { 'tags["chatstack:tenant"]': "update", "rules[0].days": "update" } as const;

  expect(differences({ ...table, state, reality, diff })).toEqual([
    { path: "rules[0].days", kind: "changed", state: "7", reality: "1" },
    { path: 'tags["chatstack:tenant"]', kind: "changed", state: "acme", reality: "evil" },
  ]);
});

test("without a detailed diff, the inputs that are not equal are told, the provider's own marks not", () => {
  const state = { billingMode: "PAY_PER_REQUEST", __defaults: [] };
  const reality = { billingMode: "PROVISIONED", readCapacity: 5, __defaults: ["name"] };

  expect(differences({ ...table, state, reality })).toEqual([
    { path: "billingMode", kind: "changed", state: "PAY_PER_REQUEST", reality: "PROVISIONED" },
    { path: "readCapacity", kind: "added", reality: "5" },
  ]);
});

test("a long value is cut, whatever it is", () => {
  const [difference] = differences({
    ...table,
    state: {},
    reality: { policy: "x".repeat(1000) },
    diff: { policy: "add" },
  });
  expect(difference?.reality?.length).toBeLessThan(100);
});
