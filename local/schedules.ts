import { finished } from "node:stream/promises";
import { z } from "zod";
import type { ResourceRecord } from "../offline/record.ts";
import type { Functions } from "./functions.ts";
import { functionOf, recordsOf } from "./records.ts";

const unitMs: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 60 * 60_000,
  day: 24 * 60 * 60_000,
};

const schema = z.object({
  /** Cron expressions would need a calendar. */
  scheduleExpression: z.string().regex(/^rate\([1-9]\d* (minute|hour|day)s?\)$/),
  state: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  target: z.object({ arn: z.string(), input: z.string().default("{}") }),
});

export interface SchedulesOptions {
  readonly invoke: Functions["invoke"];
  /** Milliseconds from the start to the first run. EventBridge Scheduler begins at once. */
  readonly firstRunMs: number;
  /** Told of each run that failed. */
  readonly onFailure: (schedule: string, error: unknown) => void;
}

export interface Schedules {
  /** What runs how often, e.g. `acme-api-maintenance, rate(1 hour)`. */
  readonly described: readonly string[];
  stop(): void;
}

/**
 * Plays EventBridge Scheduler: invokes each schedule's function with the schedule's own event, a moment
 * after the start and then at the schedule's rate. A failed run is not repeated before the next.
 */
export function startSchedules(
  records: readonly ResourceRecord[],
  { invoke, firstRunMs, onFailure }: SchedulesOptions,
): Schedules {
  const found = recordsOf(records, "aws:scheduler/schedule:Schedule", schema).filter(
    ({ inputs }) => inputs.state === "ENABLED",
  );
  const timers = new Set<NodeJS.Timeout>();
  for (const { record, inputs } of found) {
    const urn = functionOf(records, inputs.target.arn);
    const event = z.looseObject({}).parse(JSON.parse(inputs.target.input));
    const run = async () => {
      try {
        await finished(invoke(urn, event).resume());
      } catch (error) {
        onFailure(record.name, error);
      }
    };
    const first = setTimeout(() => {
      void run();
      timers.add(setInterval(run, rateMs(inputs.scheduleExpression)).unref());
    }, firstRunMs);
    timers.add(first.unref());
  }
  return {
    described: found.map(({ record, inputs }) => `${record.name}, ${inputs.scheduleExpression}`),
    stop: () => timers.forEach(clearTimeout),
  };
}

function rateMs(expression: string): number {
  const [, count = "", unit = ""] = /^rate\((\d+) (minute|hour|day)/.exec(expression) ?? [];
  return Number(count) * (unitMs[unit] ?? Number.NaN);
}
