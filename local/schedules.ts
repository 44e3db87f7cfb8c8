import { finished } from "node:stream/promises";
import { z } from "zod";
import { scheduleEvent } from "../app/resources/events.ts";
import type { ResourceRecord } from "../offline/record.ts";
import type { Functions } from "./functions.ts";
import { functionOf, recordsOf } from "./records.ts";

const unitMs: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 60 * 60_000,
  day: 24 * 60 * 60_000,
};

const schema = z.object({
  scheduleExpression: z.string(),
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
  /** What runs how often, and what does not, e.g. `scheduled acme-api-maintenance, rate(15 minutes)`. */
  readonly described: readonly string[];
  stop(): void;
}

/**
 * Plays EventBridge Scheduler: invokes each schedule's function with the schedule's own event, a moment
 * after the start and then at the schedule's rate. A failed run is not repeated before the next. Cron
 * expressions would need a calendar: they are named, and not run.
 */
export function startSchedules(
  records: readonly ResourceRecord[],
  { invoke, firstRunMs, onFailure }: SchedulesOptions,
): Schedules {
  const found = recordsOf(records, "aws:scheduler/schedule:Schedule", schema).filter(
    ({ inputs }) => inputs.state === "ENABLED",
  );
  const timers = new Set<NodeJS.Timeout>();
  const played = found.filter(({ inputs }) => isRate(inputs.scheduleExpression));
  for (const { record, inputs } of played) {
    const urn = functionOf(records, inputs.target.arn);
    const run = async () => {
      try {
        const input = inputs.target.input.replaceAll(scheduledTime, new Date().toISOString());
        const event = z.looseObject({}).parse(JSON.parse(input));
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
    described: found.map(({ record: { name }, inputs: { scheduleExpression } }) =>
      isRate(scheduleExpression)
        ? `scheduled ${name}, ${scheduleExpression}`
        : `not run on this machine: ${name}, ${scheduleExpression}`,
    ),
    stop: () => timers.forEach(clearTimeout),
  };
}

/** What EventBridge Scheduler puts the time of a run in the place of. */
const scheduledTime = scheduleEvent("").at;

const isRate = (expression: string): boolean => !Number.isNaN(rateMs(expression));

function rateMs(expression: string): number {
  const [, count = "", unit = ""] =
    /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return Number(count) * (unitMs[unit] ?? Number.NaN);
}
