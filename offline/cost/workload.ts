/** What a month's usage asks of AWS: requests, capacity units, seconds, bytes; each with how it came about. */
import { type Decimal, decimal } from "./decimal.ts";
import { measuredUnits } from "./prices/measured-units.ts";
import { product, type Quantity, total } from "./quantity.ts";
import type { Usage } from "./usage.ts";

/** Where conversations are kept. */
export type History = "dynamodb" | "s3";

export interface Workload {
  readonly history: History;
  /** Requests to the API. */
  readonly requests: Quantity;
  /** Messages saved. */
  readonly messages: Quantity;
  /** Capacity units of table and indexes together, for conversations kept in the table. */
  readonly writeUnits: Quantity;
  readonly readUnits: Quantity;
  /** Requests to S3 for conversations kept there. */
  readonly historyWrites: Quantity;
  readonly historyReads: Quantity;
  /** Seconds that the function runs. */
  readonly functionSeconds: Quantity;
}

export function workloadOf(usage: Usage, history: History): Workload {
  const { conversations, chats, documentUploads, documentReads } = usage;
  const messages = total(
    product([chats, "chats"], [2, "messages"]),
    product([usage.messages, "messages"]),
  );
  const reads = decimal(usage.readsPerMessage).times(messages.value);
  const requests =
    usage.requests === undefined
      ? total(
          product([chats, "chats"]),
          product([usage.messages, "messages"]),
          product([conversations, "new conversations"]),
          product([reads, "readings"]),
          product([documentUploads + documentReads, "uploads and reads of documents"]),
        )
      : product([usage.requests, "measured requests"]);
  return {
    history,
    requests,
    messages,
    ...tableUnits(usage, reads, history),
    ...(history === "s3" ? historyRequests(usage, reads) : noHistoryRequests),
    functionSeconds: functionSeconds(usage, requests),
  };
}

/** Half of the readings are syncs that find nothing, a quarter lists, a quarter opens. */
const shares = { syncs: "0.5", lists: "0.25", opens: "0.25" } as const;

function tableUnits(
  usage: Usage,
  reads: Decimal,
  history: History,
): Pick<Workload, "writeUnits" | "readUnits"> {
  const { conversations, chats, messages, messageKB } = usage;
  // A message is written by a transaction, which counts each KB begun twice.
  const perMessage = 2 * (Math.max(1, Math.ceil(messageKB)) - 1);
  const writes = (count: number, what: string, units: number) =>
    product([count, what], [units, "write units"]);
  const reading = (count: number | Decimal, what: string, units: number | Decimal) =>
    product([count, what], [units, "read units"]);
  const told = measuredUnits["read what a model is told: header and last 50 messages"].reads;
  const opened = measuredUnits["open a conversation: header and newest 20 messages"].reads;
  // Whichever store keeps the conversations, tokens are counted in the table.
  const counted = writes(
    chats,
    "counts of tokens",
    measuredUnits["count the tokens of a turn"].writes,
  );
  const quotas = reading(chats, "looks at a quota", measuredUnits["look at a quota"].reads);
  const inTable = history === "dynamodb";
  const written = total(
    counted,
    ...(inTable
      ? [
          writes(
            chats,
            "chats",
            measuredUnits["save a question and its answer together"].writes + 2 * perMessage,
          ),
          writes(messages, "messages", measuredUnits["append a message"].writes + perMessage),
          writes(conversations, "new conversations", measuredUnits["create a conversation"].writes),
        ]
      : []),
  );
  const read = total(
    quotas,
    ...(inTable
      ? [
          // The header beside the messages is read consistently, and does not grow with them.
          reading(chats, "contexts", growing(told, 1, messageKB)),
          reading(reads.times(shares.opens), "opens", growing(opened, 0.5, messageKB)),
          reading(
            reads.times(shares.lists),
            "lists",
            measuredUnits["list 50 conversations by `by-recency`"].reads,
          ),
          reading(
            reads.times(shares.syncs),
            "syncs",
            measuredUnits["sync when nothing is new"].reads,
          ),
        ]
      : []),
  );
  const { writeUnits, readUnits } = usage;
  return {
    writeUnits: writeUnits === undefined ? written : product([writeUnits, "measured write units"]),
    readUnits: readUnits === undefined ? read : product([readUnits, "measured read units"]),
  };
}

const noHistoryRequests = { historyWrites: total(), historyReads: total() };

/** Units of a header and, for each KB that a message has, of the messages. */
const growing = (measured: number, header: number, messageKB: number): Decimal =>
  decimal(measured).minus(decimal(header)).times(messageKB).plus(decimal(header));

/** Each append reads and writes a whole conversation; a list and a sync are a LIST, a list reads what changed. */
function historyRequests(
  { conversations, chats, messages }: Usage,
  reads: Decimal,
): Pick<Workload, "historyWrites" | "historyReads"> {
  const lists = reads.times(shares.syncs).plus(reads.times(shares.lists));
  return {
    historyWrites: total(
      product([chats + messages, "PUTs of a conversation"]),
      product([conversations, "PUTs of a new one"]),
      product([lists, "LISTs"]),
    ),
    historyReads: total(
      product([chats + messages, "GETs before a PUT"]),
      product([chats, "GETs of what a model is told"]),
      product([reads.times(shares.opens), "GETs to open"]),
      product([reads.times(shares.lists), "GETs of what changed"]),
    ),
  };
}

function functionSeconds(
  { chats, chatSeconds, requestSeconds, functionSeconds: measured }: Usage,
  { value }: Quantity,
): Quantity {
  if (measured !== undefined) return product([measured, "measured seconds"]);
  const others = value.minus(decimal(chats));
  return total(
    product([chats, "chats"], [chatSeconds, "s"]),
    product([others.isNegative() ? 0 : others, "other requests"], [requestSeconds, "s"]),
  );
}
