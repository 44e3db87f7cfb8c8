/** `chatstack usage` against a CloudWatch that is not ours. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { usageText } from "../../cli/actions/usage.ts";
import { readState } from "../../offline/plan/against/state.ts";
import { metricsOf } from "../../operations/usage/measure.ts";
import { type Metered, meteredOf } from "../../operations/usage/metered.ts";
import { createChatTable } from "../../testing/aws/table.ts";
import {
  emulators,
  isInstalled,
  type RunningEmulator,
  startEmulator,
} from "../../testing/emulators/emulators.ts";
import { exportedState } from "../../testing/stacks/exported-state.ts";

const withMetrics = emulators.filter(({ hasMetrics }) => hasMetrics);

describe.each(withMetrics)("usage on $name", (emulator) => {
  const skipped = !isInstalled(emulator);
  const title = skipped ? `(skipped: no ${emulator.program}; ${emulator.install})` : "";

  describe.skipIf(skipped)(title, () => {
    const root = mkdtempSync(join(tmpdir(), "chatstack-usage-"));
    const state = join(root, "state.json");
    let running: RunningEmulator;
    let metered: Metered[];

    beforeAll(async () => {
      running = await startEmulator(emulator);
      vi.stubEnv("AWS_ENDPOINT_URL_CLOUDWATCH", running.endpoint);
      vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", running.endpoint);
      vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
      vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
      writeFileSync(join(root, "Pulumi.yaml"), "name: chatstack\nruntime: nodejs\n");
      const dev = resolve(import.meta.dirname, "../../Pulumi.dev.yaml");
      writeFileSync(join(root, "Pulumi.dev.yaml"), readFileSync(dev));
      const text = JSON.stringify(await exportedState("dev"));
      writeFileSync(state, text);
      metered = meteredOf(readState(text, "state").records);
      for (const { tables } of metered) await createChatTable(running.endpoint, tables[0]!.name);
    }, 120_000);
    afterAll(async () => {
      await running.stop();
      rmSync(root, { recursive: true });
      vi.unstubAllEnvs();
    });

    it("sums each metric over the month alone, and takes the last of what is in store", async () => {
      const client = new CloudWatchClient({ region: "us-east-1" });
      const days = ["2026-09-30T23:59", "2026-10-01T00:00", "2026-10-31T23:59", "2026-11-01T00:00"];
      for (const [at, [, { namespace, name, dimensions }]] of metricsOf(metered[0]!).entries()) {
        await client.send(
          new PutMetricDataCommand({
            Namespace: namespace,
            MetricData: days.map((day, of) => ({
              MetricName: name,
              Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
              Timestamp: new Date(`${day}Z`),
              // Of the month alone: 2 and 3 of the first metric, 20 and 30 of the second …
              Value: (of + 1) * 10 ** at,
            })),
          }),
        );
      }
      client.destroy();
      const now = new Date("2026-11-03T12:00:00Z");
      const json = await usageText({ root, stack: "dev", state, json: true }, now);
      const { tenants, metrics } = JSON.parse(json);
      expect(metrics).toBe(18);
      expect(tenants[0]).toEqual({
        tenant: "acme",
        usage: expect.objectContaining({
          requests: 5,
          functionSeconds: 50 / 1_000,
          // Table and two indexes: metrics 2, 4 and 6 write, 3, 5 and 7 read.
          writeUnits: 5 * (1e2 + 1e4 + 1e6),
          readUnits: 5 * (1e3 + 1e5 + 1e7),
          documentsGB: Number((3e8 / 2 ** 30).toFixed(6)),
          ...{ users: 0, chats: 0 },
        }),
      });
      expect(tenants[1]).toMatchObject({ tenant: "globex", usage: { requests: 0, writeUnits: 0 } });
    }, 60_000);
  });
});
