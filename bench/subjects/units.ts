import { startDynamoDB } from "../../local/dynamodb.ts";
import { type Contender, conversationIn } from "../histories.ts";
import type { Context, Measured, Subject } from "../subject.ts";
import { noTraffic, type Traffic, TrafficMeter, total } from "../traffic.ts";

const contenders: readonly Contender[] = [
  "chatstack",
  "naive transaction",
  "LangChain",
  "agent-squad",
];
const counts = [1, 10, 100, 1_000];
const largeCount = 10_000;

export const units: Subject = {
  name: "units",
  title: "What a conversation costs",
  about: `Messages appended one by one to one conversation, and the newest 20 read at the end, as DynamoDB bills them
(\`ReturnConsumedCapacity: INDEXES\`, per table and index, asked for in each client's middleware). Against LangChain's
\`DynamoDBChatMessageHistory\` and agent-squad's \`DynamoDbChatStorage\`, which keep a conversation in one item, and
against an item a message with a counter in a transaction, written plainly. Bytes are bodies of requests and responses.`,
  minutes: 3,
  peers: ["@langchain/community", "agent-squad"],
  measure,
};

async function measure({ progress, sizes }: Context): Promise<Measured> {
  const engine = await startDynamoDB();
  try {
    const rows: Row[] = [];
    for (const bytes of [250, 1_024]) {
      for (const contender of contenders) {
        progress(`${contender}, ${bytes} B a message`);
        rows.push(...(await appendAll(contender, engine.endpoint, bytes, counts)));
      }
    }
    const large = sizes[0] ?? largeCount;
    progress(`chatstack, ${large} messages of 1 KB`);
    const constant = await costPerAppend(engine.endpoint, large);
    const writes = (contender: Contender, bytes: number) =>
      rows.find((row) => row.contender === contender && row.bytes === bytes && row.count === 1_000)
        ?.writeUnits ?? Number.NaN;
    const ratio = writes("LangChain", 250) / writes("chatstack", 250);
    return {
      tables: [
        { caption: "Write and read units, requests and bytes", columns, rows },
        {
          caption: `${large.toLocaleString("en-US")} messages of 1 KB in one conversation of ours, per append`,
          columns: perAppendColumns,
          rows: constant,
        },
      ],
      targets: [
        {
          target: "at least 15 times fewer write units than LangChain at 1,000 × 250 B",
          measured: `${ratio.toFixed(1)} times`,
          met: ratio >= 15,
        },
        {
          target: `every append costs the same up to ${large.toLocaleString("en-US")} messages`,
          measured: constant.map(({ writeUnits }) => writeUnits).join(", "),
          met: new Set(constant.map(({ writeUnits }) => writeUnits)).size === 1,
        },
      ],
      notes: [
        `Where a peer wins: the plain transaction writes two units less an append, since nothing lists its conversations by when they
last changed; ours spends them on that index. LangChain's one item is cheaper while it is small, up to some 40 messages of 250 B: message
n costs as much as all before it.`,
      ],
    };
  } finally {
    await engine.stop();
  }
}

const columns = [
  { key: "contender", label: "store" },
  { key: "bytes", label: "bytes a message" },
  { key: "count", label: "messages" },
  { key: "writeUnits", label: "write units" },
  { key: "readUnitsToWrite", label: "read units to write", digits: 1 },
  { key: "requests", label: "requests" },
  { key: "kilobytes", label: "KB moved" },
  { key: "readUnits", label: "read units, newest 20", digits: 1 },
  { key: "readKilobytes", label: "KB, newest 20" },
  { key: "failed", label: "fails at" },
];

const perAppendColumns = [
  { key: "messages", label: "messages" },
  { key: "writeUnits", label: "write units an append" },
  { key: "readUnits", label: "read units an append", digits: 3 },
];

type Row = { contender: Contender; bytes: number; count: number; writeUnits?: number } & Record<
  string,
  string | number | undefined
>;

async function appendAll(
  contender: Contender,
  endpoint: string,
  bytes: number,
  checkpoints: readonly number[],
): Promise<Row[]> {
  const history = await (await conversationIn(contender, endpoint)).open();
  const meter = new TrafficMeter(history.client);
  const rows: Row[] = [];
  let spent = noTraffic;
  for (let count = 1; count <= Math.max(...checkpoints); count++) {
    try {
      await history.append(count % 2 === 1 ? "user" : "assistant", "x".repeat(bytes));
    } catch {
      rows.push({ contender, bytes, count, failed: `message ${count}` });
      break;
    }
    spent = total(spent, meter.take());
    if (!checkpoints.includes(count)) continue;
    await history.newest(20);
    rows.push(rowOf({ contender, bytes, count }, spent, meter.take()));
  }
  return rows;
}

function rowOf(
  key: { contender: Contender; bytes: number; count: number },
  written: Traffic,
  read: Traffic,
): Row {
  return {
    ...key,
    writeUnits: written.writeUnits,
    readUnitsToWrite: written.readUnits,
    requests: written.requests,
    kilobytes: written.bytes / 1024,
    readUnits: read.readUnits,
    readKilobytes: read.bytes / 1024,
  };
}

/** Units of one append, in each tenth of the conversation: the least and the largest if they differ. */
export async function costPerAppend(endpoint: string, count: number) {
  const history = await (await conversationIn("chatstack", endpoint)).open();
  const meter = new TrafficMeter(history.client);
  const rows: { messages: string; writeUnits: string; readUnits: number }[] = [];
  const tenth = Math.ceil(count / 10);
  for (let first = 1; first <= count; first += tenth) {
    const last = Math.min(count, first + tenth - 1);
    const writes = new Set<number>();
    let reads = 0;
    for (let index = first; index <= last; index++) {
      await history.append("user", "x".repeat(1_024));
      const { writeUnits, readUnits } = meter.take();
      writes.add(writeUnits);
      reads += readUnits;
    }
    rows.push({
      messages: `${first}–${last}`,
      writeUnits: [...writes].sort((a, b) => a - b).join("–"),
      readUnits: reads / (last - first + 1),
    });
  }
  return rows;
}
