/** Logs, metrics, alarms, the audit trail, and the archive's way from the table to SQL. */
import { at, byUse, fixed, list, number, type Pricer } from "../line.ts";
import { gigabytes, product, scaled, total } from "../quantity.ts";

/** All that a request logs is counted at the function's group; the others' shares are in it. */
export const logGroup: Pricer = ({ inputs, outputs }, { usage, workload, siblings }) => {
  const isFunctions = siblings("aws:lambda/function:Function").some(
    (fn) => at(fn.inputs, "loggingConfig", "logGroup") === outputs.name,
  );
  if (!isFunctions) return {};
  const kilobytes = [usage.logKBPerRequest, "KB"] as const;
  const months = (number(inputs.retentionInDays, 3653) / 30).toFixed(2);
  return {
    lines: [
      byUse(
        "logs of API, firewall and function",
        gigabytes(scaled(workload.requests, "requests", kilobytes)),
        "cloudwatch.log-ingestion",
      ),
      byUse(
        "logs kept",
        gigabytes(
          scaled(
            workload.requests,
            "requests",
            kilobytes,
            [months, "months"],
            ["0.15", "compressed"],
          ),
        ),
        "cloudwatch.log-storage",
        "as many requests in each month before",
      ),
    ],
  };
};

/** An account's first ten alarms are free. */
export const metricAlarm: Pricer = ({ inputs }) => {
  const metrics = list(inputs.metricQueries).filter((query) => at(query, "metric") !== undefined);
  return {
    lines: [
      fixed("alarm", product([Math.max(1, metrics.length), "metrics"]), "cloudwatch.alarm-metrics"),
    ],
  };
};

export const dashboard: Pricer = () => ({
  lines: [fixed("dashboard", product([1, "dashboard"]), "cloudwatch.dashboards")],
});

/** Two events a request, one where only writes are told. */
export const trail: Pricer = ({ inputs }, { usage, workload }) => {
  const onlyWrites = list(inputs.advancedEventSelectors).some((selector) =>
    list(at(selector, "fieldSelectors")).some((field) => at(field, "field") === "readOnly"),
  );
  return {
    lines: [
      byUse(
        "data events",
        onlyWrites
          ? product([usage.chats + usage.messages + usage.conversations, "writes"])
          : scaled(workload.requests, "requests", [2, "events"]),
        "cloudtrail.data-events",
      ),
    ],
  };
};

/** Only messages pass its filter; DynamoDB's price for reading the stream is not in the table. */
export const pipe: Pricer = (_, { workload }) => ({
  lines: [byUse("messages through the pipe", workload.messages, "eventbridge.pipe-requests")],
  unpriced: [
    {
      what: "the pipe's reading of the table's stream",
      because: "how often a pipe polls, and whether that is billed, is not documented",
      isUnknown: false,
    },
  ],
});

/** Each counts as one, up to 64 KB. What its rules carry on is billed where it arrives. */
export const eventBus: Pricer = (_, { usage }) => ({
  lines: [
    byUse(
      "events sent",
      total(
        product([usage.chats, "answers"]),
        product([usage.conversations, "conversations"]),
        product([usage.documentUploads, "documents"]),
      ),
      "eventbridge.custom-events",
    ),
  ],
});

/** Each record counts as 5 KB at least. */
export const deliveryStream: Pricer = (_, { workload, usage }) => {
  const kilobytes = Math.max(5, Math.ceil(usage.messageKB / 5) * 5);
  const delivered = gigabytes(scaled(workload.messages, "messages", [kilobytes, "KB"]));
  return {
    lines: [
      byUse("messages delivered", delivered, "firehose.ingestion"),
      byUse("messages converted to Parquet", delivered, "firehose.conversion"),
    ],
  };
};

export const workgroup: Pricer = (_, { usage }) => ({
  lines: [byUse("queries", product([usage.queriedGB, "GB read"]), "athena.scanned")],
});
