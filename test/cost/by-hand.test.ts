/**
 * Three tenants, one of each tier, added up by hand from AWS's public price pages (US East, November 2026)
 * and nothing of the price table's.
 */
import { expect, test } from "vitest";
import { costOf } from "../../offline/cost/cost.ts";
import { evaluate } from "../../offline/evaluate.ts";
import program from "../../stacks/index.ts";

const gigabytesAKilobyte = 1 / (1024 * 1024);

test("C: three tenants cost what their usage adds up to by hand", async () => {
  const { records } = await evaluate(program, {
    config: {
      "chatstack:environment": "production",
      "chatstack:tenants": JSON.stringify([
        { id: "small", tier: "basic", auth: { featurePlan: "essentials" } },
        { id: "middle", tier: "standard", api: { models: ["amazon.nova-lite-v1:0"] } },
        { id: "large", tier: "enterprise", api: { models: ["amazon.nova-pro-v1:0"] } },
      ]),
    },
  });
  const { tenants } = costOf(records, {
    default: {
      documentUploads: 0,
      documentReads: 0,
      noncurrentPercent: 0,
      logKBPerRequest: 1,
      requestSeconds: 0.1,
      chatSeconds: 10,
      responseKB: 2,
      activeHours: 730,
    },
    tenants: {
      // 1,000 messages and 2,000 readings without a model: 3,100 requests.
      small: {
        users: 10,
        conversations: 100,
        chats: 0,
        messages: 1_000,
        readsPerMessage: 2,
        storedGB: 0.5,
        documentsGB: 0,
      },
      // 10,000 chats are 20,000 messages, read once each: 10,000 + 20,000 + 1,000 requests.
      middle: {
        users: 200,
        conversations: 1_000,
        chats: 10_000,
        readsPerMessage: 1,
        storedGB: 2,
        documentsGB: 10,
        inputTokensPerChat: 1_000,
        outputTokensPerChat: 200,
      },
      // Messages of 2.5 KB count as 3: 100,000 chats, 200,000 messages, no readings.
      large: {
        users: 1_000,
        conversations: 0,
        chats: 100_000,
        readsPerMessage: 0,
        messageKB: 2.5,
        storedGB: 10,
        documentsGB: 0,
        inputTokensPerChat: 2_000,
        cachedTokensPerChat: 500,
        outputTokensPerChat: 500,
      },
    },
  });
  const found = tenants.map(({ total }) => total.toNumber());

  const perRequest = (retentionDays: number) =>
    3.5e-6 + // API Gateway
    2 * gigabytesAKilobyte * 0.09 + // answers of 2 KB to the internet
    0.2e-6 + // Lambda
    5e-6 + // X-Ray: below one a second, all are traced
    1 * gigabytesAKilobyte * 0.5 + // logs of 1 KB
    1 * gigabytesAKilobyte * Number((retentionDays / 30).toFixed(2)) * 0.15 * 0.03; // kept, compressed
  const detailedMetrics = 2 * 5 * 0.3; // two methods, five metrics
  const firewallAndKey = (requests: number) =>
    5 + 4 * 1 + requests * 0.6e-6 + 1 + (requests / 100) * 0.000003;

  const maintenance = (memoryGB: number) =>
    4 * 730 * (1e-6 + 0.2e-6 + memoryGB * 0.0000133334 + 2.5 * 0.125e-6); // one idle second each

  const small =
    maintenance(0.5) +
    10 * 0.015 +
    3_100 * perRequest(90) +
    detailedMetrics +
    3_100 * 0.1 * 0.5 * 0.0000133334 + // seconds at 512 MB
    (1_000 * 6 + 100 * 3) * 0.625e-6 +
    (1_000 * 0.5 + 500 * 2 + 500 * 3) * 0.125e-6 + // syncs, lists, opens
    0.5 * 0.25 +
    0.5 * 0.2; // point-in-time recovery
  const middle =
    maintenance(1) +
    200 * 0.02 +
    31_000 * perRequest(365) +
    detailedMetrics +
    firewallAndKey(31_000) +
    (10_000 * 10 + 21_000 * 0.1) * 1 * 0.0000133334 + // 1,024 MB
    (10_000 * (8 + 1) + 1_000 * 3) * 0.625e-6 +
    (10_000 * (7.5 + 0.5) + 10_000 * 0.5 + 5_000 * 2 + 5_000 * 3) * 0.125e-6 +
    2 * (0.25 + 0.2) +
    13 * 2 * 0.1 + // weekly for 90 days
    10 * 0.023 + // documents
    10_000 * (1_000 * 0.06e-6 + 200 * 0.24e-6); // Nova Lite
  const large =
    maintenance(1_769 / 1_024) +
    1_000 * 0.02 +
    100_000 * perRequest(731) +
    detailedMetrics +
    firewallAndKey(100_000) +
    3 + // dashboard
    3 * 2 * 0.5 + // two rules for the table and each of two indexes
    100_000 * 10 * (1_769 / 1_024) * 0.0000133334 +
    100_000 * (8 + 4 * 2 + 1) * 0.625e-6 + // two messages of 3 KB, and the count of tokens
    100_000 * (1 + 6.5 * 2.5 + 0.5) * 0.125e-6 +
    10 * (0.25 + 0.2) +
    35 * 10 * 0.1 + // daily for 35 days
    100_000 * (1_500 * 0.8e-6 + 500 * 0.2e-6 + 500 * 3.2e-6); // Nova Pro, whose cache had a quarter

  expect(found[0]).toBeCloseTo(small, 9);
  expect(found[1]).toBeCloseTo(middle, 9);
  expect(found[2]).toBeCloseTo(large, 9);
});
