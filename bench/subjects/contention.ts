import { setTimeout as sleep } from "node:timers/promises";
import { startDynamoDB } from "../../local/dynamodb.ts";
import { type Contender, conversationIn } from "../histories.ts";
import { interleaved, spread } from "../statistics.ts";
import type { Context, Measured, Subject } from "../subject.ts";
import { TrafficMeter } from "../traffic.ts";

const contenders: readonly Contender[] = [
  "chatstack",
  "naive transaction",
  "LangChain",
  "agent-squad",
];
const rounds = 3;
/** A second, as the API's `Retry-After` says, with jitter. */
const retryAfterMs = 2_000;

export const contention: Subject = {
  name: "contention",
  title: "Many writers, one conversation",
  about: `Each writer is a process's own store and client, all begin at once, each appends one message. A write that is
refused because too many write is tried again, as a client does that is told to. Lost is what was acknowledged and is not there.`,
  minutes: 1,
  peers: ["@langchain/community", "agent-squad"],
  measure,
};

interface Raced {
  readonly milliseconds: number;
  readonly requests: number;
  readonly lost: number;
  readonly twice: number;
  readonly refused: number;
}

async function measure({ sizes, progress }: Context): Promise<Measured> {
  const engine = await startDynamoDB();
  try {
    const measured = [];
    for (const writers of sizes.length > 0 ? sizes : [1, 10, 200]) {
      const raced = await interleaved(
        rounds,
        new Map(contenders.map((one) => [one, () => race(one, engine.endpoint, writers)])),
        (text) => progress(`${writers} writers, ${text}`),
      );
      measured.push(...[...raced].map(([contender, runs]) => ({ contender, writers, runs })));
    }
    const faults = measured
      .filter(({ contender }) => contender === "chatstack")
      .flatMap(({ runs }) => runs)
      .reduce((sum, { lost, twice }) => sum + lost + twice, 0);
    const most = Math.max(...measured.map(({ writers }) => writers));
    const ours = measured.find(
      ({ contender, writers }) => contender === "chatstack" && writers === most,
    );
    const each = spread((ours?.runs ?? []).map(({ requests }) => requests / most)).median;
    return {
      tables: [
        {
          caption: `Least and largest of ${rounds} races`,
          columns,
          rows: measured.map(({ contender, writers, runs }) => ({
            contender,
            writers,
            milliseconds: spread(runs.map(({ milliseconds }) => milliseconds)),
            requests: spread(runs.map(({ requests }) => requests)),
            refused: spread(runs.map(({ refused }) => refused)),
            lost: spread(runs.map(({ lost }) => lost)),
            twice: spread(runs.map(({ twice }) => twice)),
          })),
        },
      ],
      targets: [
        {
          target: "every acknowledged write is there, once",
          measured: `${faults} lost or doubled`,
          met: faults === 0,
        },
        {
          target: `${most} writers that begin at once take at most 4 requests a message`,
          measured: each.toFixed(2),
          met: each <= 4,
          otherwise: `A process that knows nothing of the conversation reads its header, loses the first race, takes a place in the line and
writes: that is 4 without a missed turn. Longer turns, turns of one length for all, a later start of the line and a margin
on the pace were tried: each between 4.35 and 5.5, with no difference beyond chance. Taking the place instead of the read
would make it 2, for a write unit more on every first append of a process, contended or not.`,
        },
      ],
      notes: [
        `LangChain appends with one \`UpdateItem\`, which DynamoDB serialises: it needs no retries, is the fastest here and
loses nothing, as long as the conversation fits into one item. agent-squad reads, then writes: it loses all but the last of
those who read the same. Ours and the plain transaction try again after each lost race, and wait longer before each try.`,
      ],
    };
  } finally {
    await engine.stop();
  }
}

const columns = [
  { key: "contender", label: "store" },
  { key: "writers", label: "writers" },
  { key: "milliseconds", label: "ms" },
  { key: "requests", label: "requests" },
  { key: "refused", label: "refused and tried again" },
  { key: "lost", label: "lost" },
  { key: "twice", label: "there twice" },
];

async function race(contender: Contender, endpoint: string, writers: number): Promise<Raced> {
  const conversation = await conversationIn(contender, endpoint);
  const histories = await Promise.all(Array.from({ length: writers }, conversation.open));
  const meters = histories.map(({ client }) => new TrafficMeter(client));
  let refused = 0;
  const start = performance.now();
  await Promise.all(
    histories.map(async (history, index) => {
      for (;;) {
        try {
          return await history.append("user", `message ${index}`);
        } catch (error) {
          if (!(error instanceof Error) || refused++ > writers * 20) throw error;
          await sleep(Math.random() * retryAfterMs);
        }
      }
    }),
  );
  const milliseconds = performance.now() - start;
  const requests = meters.reduce((sum, meter) => sum + meter.take().requests, 0);
  const found = (await histories[0]?.newest(writers * 2)) ?? [];
  const lost = histories.filter((_, index) => !found.includes(`message ${index}`)).length;
  const twice = found.length - new Set(found).size;
  return { milliseconds, requests, lost, twice, refused };
}
