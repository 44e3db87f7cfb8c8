import { awsCallOf } from "../logging/aws-calls.ts";
import { type LogContext, requestContext } from "../logging/request-context.ts";
import type { Report } from "../store/versions/unreadable.ts";

/**
 * Levels as Lambda itself writes and filters them: a line with another spelling counts as INFO there
 * (AWS Lambda Developer Guide, "Log-level filtering"). The function's dashboard asks for them by name.
 */
export type LogLevel = "INFO" | "WARN" | "ERROR";

/** Levels of the lines that somebody should read. */
export const complaintLevels = ["ERROR", "WARN"] as const satisfies readonly LogLevel[];

/** One line of the log. It never holds what users wrote, nor tokens, nor error messages. */
export type LogEntry = LogContext & {
  readonly level: LogLevel;
  readonly message: "request" | "failure" | "maintenance" | "unreadable";
};

export type Log = (entry: LogEntry) => void;

/**
 * Metrics that CloudWatch makes of the lines of requests, without a call (embedded metric format). Its dimensions
 * are bounded: each combination that occurs costs $0.30 a month.
 */
export const requestMetrics = {
  namespace: "chatstack",
  dimensions: ["tenant", "operation", "outcome"],
  metrics: [
    { Name: "requests", Unit: "Count" },
    { Name: "ms", Unit: "Milliseconds" },
  ],
} as const;

/** One JSON object a line, as Lambda's JSON log format and every log reader understand it. */
export const logToStdout: Log = (entry) => {
  const now = new Date();
  const line = JSON.stringify({ timestamp: now.toISOString(), ...entry });
  // The directives are the same for every request: they are written out once.
  const metrics = `{"Timestamp":${now.getTime()},"CloudWatchMetrics":${directives}}`;
  const isRequest = entry.message === "request";
  process.stdout.write(isRequest ? `${line.slice(0, -1)},"_aws":${metrics}}\n` : `${line}\n`);
};

/** What a line says of itself (CloudWatch User Guide, "Embedded metric format specification"). */
export const metricDirectives = [
  {
    Namespace: requestMetrics.namespace,
    Dimensions: [requestMetrics.dimensions],
    Metrics: requestMetrics.metrics,
  },
] as const;

const directives = JSON.stringify(metricDirectives);

/**
 * A failure without its message: those of parsers and of AWS quote what they were given. The name
 * and the place are enough to find it.
 */
export function failureEntry(error: unknown, context: LogContext): LogEntry {
  const fault = error instanceof Error ? error : new Error("not an error");
  const cause = fault.cause instanceof Error ? fault.cause.name : undefined;
  const stack = (fault.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return {
    ...requestContext.getStore(),
    ...awsCallOf(fault),
    ...context,
    level: "ERROR",
    message: "failure",
    error: fault.name,
    cause,
    stack: stack.slice(0, 8).join("\n"),
  };
}

/** A line for each item that a list leaves out: which one, and what is wrong with it. */
export function reportTo(log: Log, tenant: string): Report {
  return ({ kind, id, fault }) => {
    log({ level: "WARN", message: "unreadable", tenant, kind, id, fault });
  };
}
