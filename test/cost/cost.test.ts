import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { costOf } from "../../offline/cost/cost.ts";
import { sum } from "../../offline/cost/decimal.ts";
import { usEast1 } from "../../offline/cost/prices/prices.ts";
import { freeTypes, pricers } from "../../offline/cost/record-types.ts";
import { reportOf } from "../../offline/cost/report/report.ts";
import { textReport } from "../../offline/cost/report/text.ts";
import { defaultUsage, type UsageSettings } from "../../offline/cost/usage.ts";
import { evaluateStack } from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { everyCompanion } from "../../testing/stacks/full-components.ts";
import {
  evaluateFullest,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";

let records: readonly ResourceRecord[];
let fullest: readonly (readonly ResourceRecord[])[];
beforeAll(async () => {
  ({ records } = await evaluateStack("prod"));
  fullest = [];
  for (const settings of [fullestSettings, otherSettings]) {
    fullest = [...fullest, (await evaluateFullest({ ...settings, ...everyCompanion })).records];
  }
});

const costAt = (settings: UsageSettings, of = records) => costOf(of, { over: settings }).total;

test("every type that a tenant can have is priced, or free for a reason", () => {
  const types = new Set(fullest.flat().flatMap(({ type, custom }) => (custom ? [type] : [])));
  expect(types.size).toBeGreaterThan(60);
  expect([...types].filter((type) => !(type in pricers) && !(type in freeTypes))).toEqual([]);
  expect(Object.keys(pricers).filter((type) => type in freeTypes)).toEqual([]);
  for (const of of fullest) {
    const { tenants } = costOf(of);
    expect(tenants[0]?.unpriced.filter(({ isUnknown }) => isUnknown)).toEqual([]);
  }
});

test("a type that nobody decided about is named, not left out in silence", () => {
  const [some] = records.filter(({ type }) => type === "aws:sqs/queue:Queue");
  const strange = { ...some!, type: "aws:elasticache/cluster:Cluster" };
  const { tenants, total } = costOf([...records, strange]);
  expect(tenants[0]?.unpriced).toEqual([
    { what: strange.type, because: "nobody has decided what it costs", isUnknown: true },
  ]);
  expect(total).toEqual(costOf(records).total);
});

test("a model without a price is named, and its tokens are not counted", () => {
  const { tenants } = costOf(records, { over: { model: "acme.unheard-of-v1:0" } });
  expect(tenants[0]?.lines.some(({ service }) => service === "Bedrock")).toBe(false);
  expect(tenants[0]?.unpriced).toMatchObject([
    { what: "model acme.unheard-of-v1:0", isUnknown: true },
  ]);
});

test("a stack in another region than the prices is refused", () => {
  expect(() => costOf(records, {}, { ...usEast1, region: "eu-central-1" })).toThrow(
    'aws:region: found "us-east-1"; the prices are of "eu-central-1"',
  );
});

/** Every field that makes more use, and how far from 0 it is tried. */
const growing = {
  users: 5_000,
  conversations: 10_000,
  chats: 100_000,
  messages: 50_000,
  storedGB: 500,
  documentsGB: 500,
  documentUploads: 5_000,
  documentReads: 5_000,
  machineTokens: 1_000,
  failedEvents: 1_000,
  queriedGB: 1_000,
  inputTokensPerChat: 8_000,
  outputTokensPerChat: 4_000,
  messageKB: 32,
  readsPerMessage: 5,
  chatSeconds: 60,
  requestSeconds: 2,
  responseKB: 100,
  noncurrentPercent: 300,
  logKBPerRequest: 20,
  activeHours: 730,
  documentKB: 5_000,
  conversationKB: 5_000,
} as const satisfies { readonly [Field in keyof UsageSettings]: number };

const whole = (field: keyof typeof growing) => fc.integer({ min: 0, max: growing[field] });
const fields = Object.keys(growing) as (keyof typeof growing)[];
const usage = fc.record(Object.fromEntries(fields.map((field) => [field, whole(field)])));

test("more use never costs less", () => {
  // Tokens that the model has in its cache cost less than others.
  const others = ["federatedUsers", "cachedTokensPerChat"];
  expect(new Set([...fields, ...others])).toEqual(new Set(Object.keys(defaultUsage)));
  fc.assert(
    fc.property(
      usage,
      fc.constantFrom(...fields),
      fc.integer({ min: 1, max: 1_000 }),
      (least, field, more) => {
        for (const of of [records, ...fullest]) {
          const increased = { ...least, [field]: (least[field] ?? 0) + more };
          expect(costAt(increased, of).comparedTo(costAt(least, of))).toBeGreaterThanOrEqual(0);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test("a stack costs what its tenants and what they share cost", () => {
  fc.assert(
    fc.property(usage, usage, (acme, globex) => {
      const both = costOf(records, { tenants: { acme, globex } });
      const parts = [...both.tenants, both.shared].map(({ total }) => total);
      expect(both.total.comparedTo(sum(parts))).toBe(0);
      const [alone] = costOf(records, { tenants: { acme } }).tenants;
      expect(both.tenants[0]?.total).toEqual(alone?.total);
    }),
    { numRuns: 20 },
  );
});

test("what all tenants share has a row of its own where it costs something", () => {
  const [key] = records.filter(({ type }) => type === "aws:kms/key:Key");
  const urn = "urn:pulumi:prod::chatstack::aws:kms/key:Key::platform";
  const platform = { ...key!, urn, name: "platform", parent: undefined, inputs: {} };
  const rows = (of: readonly ResourceRecord[]) =>
    textReport(reportOf(costOf(of), { stack: "prod" }), { width: 120, paint: (_, text) => text });
  expect(rows([...records, platform])).toMatch(/│ shared .*\$1\.00/);
  expect(rows(records)).not.toContain("│ shared ");
});

test("what is used costs in proportion to use", () => {
  const counts = [
    "users",
    "conversations",
    "chats",
    "messages",
    "storedGB",
    "documentsGB",
    "documentUploads",
    "documentReads",
  ] as const;
  const times = (settings: UsageSettings, factor: number): UsageSettings => ({
    ...settings,
    ...Object.fromEntries(counts.map((field) => [field, (settings[field] ?? 0) * factor])),
    activeHours: 0,
  });
  fc.assert(
    // Up to one request a second, beyond which X-Ray traces a part.
    fc.property(usage, fc.integer({ min: 1, max: 9 }), (settings, factor) => {
      const small = { ...settings, chats: (settings.chats ?? 0) % 5_000, messages: 0 };
      const [none, one, many] = [0, 1, factor].map((by) => costAt(times(small, by)));
      const grown = many!.minus(none!);
      expect(grown.comparedTo(one!.minus(none!).times(factor))).toBe(0);
    }),
    { numRuns: 40 },
  );
});
