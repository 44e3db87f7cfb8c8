/** One line of the log. It never holds what users wrote, nor tokens, nor error messages. */
export type LogEntry = Readonly<Record<string, string | number | boolean | undefined>>;

export type Log = (entry: LogEntry) => void;

/** One JSON object a line, as Lambda's JSON log format and every log reader understand it. */
export const logToStdout: Log = (entry) => {
  process.stdout.write(`${JSON.stringify({ timestamp: new Date().toISOString(), ...entry })}\n`);
};

/**
 * A failure without its message: those of parsers and of AWS quote what they were given. The name
 * and the place are enough to find it.
 */
export function failureEntry(error: unknown, context: LogEntry): LogEntry {
  const fault = error instanceof Error ? error : new Error("not an error");
  const cause = fault.cause instanceof Error ? fault.cause.name : undefined;
  const stack = (fault.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return {
    level: "error",
    message: "failure",
    ...context,
    error: fault.name,
    cause,
    stack: stack.slice(0, 8).join("\n"),
  };
}
