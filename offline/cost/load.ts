/** Whether a tenant, as it is built, can serve the load that it is priced for. */
import type { ResourceRecord } from "../record.ts";
import { at } from "./line.ts";
import type { Usage } from "./usage.ts";
import type { Workload } from "./workload.ts";

export interface Load {
  /** On average over the hours in which the API is called; peaks are higher. */
  readonly requestsPerSecond: number;
  /** Runs of the function at the same time, on average over these hours. */
  readonly runsAtOnce: number;
  /** What the tenant lets through; absent where nothing of its own bounds it. */
  readonly mostRequestsPerSecond?: number;
  readonly mostRunsAtOnce?: number;
  /** Why the load is more than the tenant can serve; empty where it is not. */
  readonly tooMuch: readonly string[];
  /** Settings that have to be higher for the load, and how high on average. */
  readonly atLeast: readonly { readonly setting: string; readonly value: number }[];
}

export function loadOf(
  usage: Usage,
  { requests, functionSeconds }: Pick<Workload, "requests" | "functionSeconds">,
  siblings: (type: string) => readonly ResourceRecord[],
): Load {
  const seconds = Math.max(1, usage.activeHours * 3_600);
  const requestsPerSecond = requests.value.toNumber() / seconds;
  const runsAtOnce = functionSeconds.value.toNumber() / seconds;
  const [settings] = siblings("aws:apigateway/methodSettings:MethodSettings");
  const [fn] = siblings("aws:lambda/function:Function");
  const rate = positive(at(settings?.inputs, "settings", "throttlingRateLimit"));
  const reserved = positive(at(fn?.inputs, "reservedConcurrentExecutions"));
  const bounds = [
    {
      ...{ setting: "api.throttle.requestsPerSecond", load: requestsPerSecond, most: rate },
      ...{ what: "requests a second", how: "allowed" },
    },
    {
      ...{ setting: "api.reservedConcurrency", load: runsAtOnce, most: reserved },
      ...{ what: "runs at once", how: "reserved" },
    },
  ];
  const exceeded = bounds.filter(({ load, most }) => most !== undefined && load > most);
  return {
    requestsPerSecond,
    runsAtOnce,
    ...(rate !== undefined && { mostRequestsPerSecond: rate }),
    ...(reserved !== undefined && { mostRunsAtOnce: reserved }),
    tooMuch: exceeded.map(
      ({ load, what, most, how }) => `${Math.ceil(load)} ${what}, ${most} ${how}`,
    ),
    atLeast: exceeded.map(({ setting, load }) => ({ setting, value: Math.ceil(load) })),
  };
}

const positive = (value: unknown): number | undefined =>
  typeof value === "number" && value > 0 ? value : undefined;
