import { join } from "node:path";
import { startDynamoDB } from "../../local/dynamodb.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { runInOwnProcess } from "../own-process.ts";
import { interleaved, quantile, spread } from "../statistics.ts";
import type { Context, Measured, Subject } from "../subject.ts";

const contenders = ["chatstack", "Hono, streamHandle"];
const rounds = 3;

export const streaming: Subject = {
  name: "streaming",
  title: "Streaming an answer",
  about: `The same embedded model, which takes 300 ms to its first word, behind two Lambda handlers that stream: ours reads the
conversation from DynamoDB (embedded) first and saves the turn at the end; the peer, \`streamSSE\` behind Hono's \`streamHandle\`,
keeps nothing. Then 100 readers each ask for an endless answer, take one piece and stall for 2 s (memory: the heap after a
collection, per reader), and leave.`,
  minutes: 2,
  peers: ["hono"],
  measure,
};

interface Streamed {
  readonly own: readonly number[];
  readonly first: readonly number[];
  readonly wordsAhead: number;
  readonly kilobytes: number;
  readonly wordsAfter: number;
}

async function measure({ progress }: Context): Promise<Measured> {
  const engine = await startDynamoDB();
  try {
    const { credentials, region } = engineConfig(engine.endpoint);
    const variables = {
      AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    };
    const table = await createChatTable(engine.endpoint);
    const worker = join(import.meta.dirname, "../workers/streaming.ts");
    const runs = await interleaved(
      rounds,
      new Map(
        contenders.map((contender) => [
          contender,
          async () =>
            (await runInOwnProcess<Streamed>(worker, [contender, table], variables)).result,
        ]),
      ),
      progress,
    );
    const figure = (contender: string, of: (run: Streamed) => number) =>
      spread((runs.get(contender) ?? []).map(of));
    const ratio = figure(
      "chatstack",
      ({ first, own }) => quantile(first, 0.5) / quantile(own, 0.5),
    );
    const ahead = figure("chatstack", ({ kilobytes }) => kilobytes);
    const after = figure("chatstack", ({ wordsAfter }) => wordsAfter);
    return {
      tables: [
        {
          caption: `${rounds} rounds`,
          columns,
          rows: contenders.map((contender) => ({
            contender,
            own: figure(contender, ({ own }) => quantile(own, 0.5)),
            first: figure(contender, ({ first }) => quantile(first, 0.5)),
            p90: figure(contender, ({ first }) => quantile(first, 0.9)),
            wordsAhead: figure(contender, ({ wordsAhead }) => wordsAhead),
            kilobytes: figure(contender, ({ kilobytes }) => kilobytes),
            wordsAfter: figure(contender, ({ wordsAfter }) => wordsAfter),
          })),
        },
      ],
      targets: [
        {
          target: "the first piece comes within 1.2 times the model's own first word",
          measured: `${ratio.median.toFixed(2)} times`,
          met: ratio.median < 1.2,
        },
        {
          target:
            "a stalled reader holds at most 256 KB, and nothing is produced for one that left",
          measured: `${ahead.median.toFixed(0)} KB; ${after.median.toFixed(0)} words`,
          met: ahead.median <= 256 && after.high === 0,
        },
      ],
    };
  } finally {
    await engine.stop();
  }
}

const columns = [
  { key: "contender", label: "handler" },
  { key: "own", label: "model alone, ms" },
  { key: "first", label: "first piece p50, ms" },
  { key: "p90", label: "p90, ms" },
  { key: "wordsAhead", label: "words produced for a stalled reader" },
  { key: "kilobytes", label: "KB it holds" },
  { key: "wordsAfter", label: "words in the second after it left" },
];
