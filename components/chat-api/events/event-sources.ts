import type { EventHandlers } from "../../../app/own-app/events.ts";
import { type Fault, integerFaults, within } from "../../fault.ts";

export interface QueueSource {
  /**
   * Messages that one invocation gets at most, 1–10,000; above 10 with `batchWindowSeconds`. The function's memory must
   * hold them. Default 10.
   */
  readonly batchSize?: number;
  /** How long Lambda may wait for a batch to fill, 0–300. Default 0: it does not wait. */
  readonly batchWindowSeconds?: number;
  /** Times that a message is delivered before it goes to the dead letters, 1–1,000. Default 5, as AWS advises. */
  readonly deliveries?: number;
  /** Days that an unhandled message is kept, 1–14. Default 4. Dead letters are kept for 14. */
  readonly retentionDays?: number;
  /**
   * How long a message is hidden from others while it is handled: the function's time-out to 43,200. Default six times
   * the function's time-out and the window, as AWS advises.
   */
  readonly visibilitySeconds?: number;
  /**
   * Invocations at once, 2–1,000, not above `reservedConcurrency`. Default: as many as Lambda scales to, and what the
   * queue takes is missing for requests.
   */
  readonly maximumConcurrency?: number;
}

export interface ScheduleSource {
  /**
   * When: `"rate(15 minutes)"`, `"rate(1 day)"`, or `"cron(0 2 * * ? *)"` (EventBridge Scheduler User Guide, "Schedule
   * types").
   */
  readonly expression:
    | `rate(${number} ${"minute" | "hour" | "day"}${"" | "s"})`
    | `cron(${string})`;
  /** IANA name of the zone that a cron expression is in, e.g. `"Europe/Berlin"`. Default UTC. */
  readonly timeZone?: string;
  /**
   * Runs begin within so many minutes after the scheduled time, 0–1,440, so that not every tenant runs at
   * once. Default 5.
   */
  readonly windowMinutes?: number;
}

type NamesOf<App, Kind extends "queues" | "schedules"> = App extends {
  readonly [K in Kind]?: infer Handlers;
}
  ? [NonNullable<Handlers>] extends [never]
    ? never
    : Extract<keyof NonNullable<Handlers>, string>
  : never;

type Sources<Names extends string, Kind extends string, Source> = [Names] extends [never]
  ? { readonly [K in Kind]?: Readonly<Record<string, never>> }
  : { readonly [K in Kind]: { readonly [Name in Names]: Source } };

/** A source for each handler of an app, and for no other name. */
export type SourcesOf<App> = Sources<NamesOf<App, "queues">, "queues", QueueSource> &
  Sources<NamesOf<App, "schedules">, "schedules", ScheduleSource>;

/**
 * Queues and schedules of an app. `EventSources.of` makes them, and checks their names against the app's
 * handlers.
 */
export class EventSources {
  readonly queues: Readonly<Record<string, QueueSource>>;
  readonly schedules: Readonly<Record<string, ScheduleSource>>;

  private constructor({ queues = {}, schedules = {} }: Given) {
    this.queues = queues;
    this.schedules = schedules;
  }

  /**
   * Sources of the app in `src/app.ts`, whose type alone is imported. A source without a handler does not compile, nor a
   * handler without a source.
   *
   * @example
   * import type app from "./src/app.ts";
   * EventSources.of<typeof app>({ schedules: { nightly: { expression: "rate(1 day)" } } })
   */
  static of<App extends EventHandlers = never>(sources: SourcesOf<App>): EventSources;
  static of(sources: Given): EventSources {
    return new EventSources(sources);
  }
}

interface Given {
  readonly queues?: Readonly<Record<string, QueueSource>>;
  readonly schedules?: Readonly<Record<string, ScheduleSource>>;
}

const mostVisibilitySeconds = 43_200;

export const visibilitySecondsOf = (
  { visibilitySeconds, batchWindowSeconds = 0 }: QueueSource,
  timeoutSeconds: number,
): number => visibilitySeconds ?? 6 * timeoutSeconds + batchWindowSeconds;

/** Short enough for names of schedules and roles, which AWS cuts at 64 characters. */
const namePattern = /^[a-z][a-z0-9-]{0,19}$/;

export interface FunctionBounds {
  readonly timeoutSeconds?: number | undefined;
  readonly reservedConcurrency?: number | "unreserved" | undefined;
}

/** Which sources SQS, Lambda or EventBridge Scheduler refuse, or never run as they say. */
export function* eventFaults(
  { queues, schedules }: EventSources,
  bounds: FunctionBounds,
): Generator<Fault> {
  for (const name of [...Object.keys(queues), ...Object.keys(schedules)]) {
    if (!namePattern.test(name)) yield ["", name, `names that match ${namePattern.source}`];
  }
  for (const [name, source] of Object.entries(queues))
    yield* within(`queues.${name}`, queueFaults(source, bounds));
  for (const [name, source] of Object.entries(schedules))
    yield* within(`schedules.${name}`, scheduleFaults(source));
}

function* queueFaults(
  source: QueueSource,
  { timeoutSeconds = 120, reservedConcurrency = "unreserved" }: FunctionBounds,
): Generator<Fault> {
  const { batchSize = 10, batchWindowSeconds = 0, visibilitySeconds, maximumConcurrency } = source;
  yield* integerFaults("batchSize", batchSize, 1, 10_000);
  yield* integerFaults("batchWindowSeconds", batchWindowSeconds, 0, 300);
  yield* integerFaults("deliveries", source.deliveries, 1, 1_000);
  yield* integerFaults("retentionDays", source.retentionDays, 1, 14);
  yield* integerFaults("visibilitySeconds", visibilitySeconds, 0, mostVisibilitySeconds);
  yield* integerFaults("maximumConcurrency", maximumConcurrency, 2, 1_000);
  if (batchSize > 10 && batchWindowSeconds < 1)
    yield [
      "batchWindowSeconds",
      batchWindowSeconds,
      "1 to 300 with a batchSize above 10 (AWS Lambda API reference, CreateEventSourceMapping)",
    ];
  if (visibilitySeconds !== undefined && visibilitySeconds < timeoutSeconds)
    yield [
      "visibilitySeconds",
      visibilitySeconds,
      `the function's ${timeoutSeconds} seconds or more (AWS Lambda Developer Guide, "Configuring a queue to use with Lambda")`,
    ];
  if (
    maximumConcurrency !== undefined &&
    reservedConcurrency !== "unreserved" &&
    maximumConcurrency > reservedConcurrency
  )
    yield [
      "maximumConcurrency",
      maximumConcurrency,
      `at most the function's reservedConcurrency, ${reservedConcurrency} (AWS Lambda Developer Guide, "Configuring maximum concurrency for Amazon SQS event sources")`,
    ];
}

const page = 'EventBridge Scheduler User Guide, "Schedule types"';
const expressions =
  /^(rate\((1 (minute|hour|day)|(?!1 )[1-9]\d* (minute|hour|day)s)\)|cron\(\S+( \S+){5}\))$/;

function* scheduleFaults({
  expression,
  timeZone,
  windowMinutes,
}: ScheduleSource): Generator<Fault> {
  if (!expressions.test(expression))
    yield [
      "expression",
      expression,
      `rate(1 hour), rate(15 minutes) or cron() of six fields (${page})`,
    ];
  if (timeZone !== undefined && !isTimeZone(timeZone))
    yield ["timeZone", timeZone, 'an IANA name, e.g. "Europe/Berlin"'];
  if (timeZone !== undefined && expression.startsWith("rate"))
    yield ["timeZone", timeZone, `nothing beside a rate, which no zone changes (${page})`];
  yield* integerFaults("windowMinutes", windowMinutes, 0, 1_440);
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
