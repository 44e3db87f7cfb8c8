import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { lazyObjectStore } from "../../app/objects/lazy.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { startDynamoDB } from "../../local/dynamodb.ts";
import { draft } from "../../testing/app/samples.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { runInOwnProcess } from "../own-process.ts";
import { interleaved, spread } from "../statistics.ts";
import type { Context, Measured, Subject } from "../subject.ts";

const contenders = ["chatstack", "bare Hono", "Express", "Fastify"];
const connectionCounts = [1, 16, 64];
const rounds = 3;

export const endToEnd: Subject = {
  name: "end-to-end",
  title: "Requests to an embedded DynamoDB and back",
  about: `A server of each contender in a process of its own, over one store and one embedded engine, all of which ask DynamoDB the
same; a client in another process asks for three seconds from so many connections, each for a conversation of its own. Read is
the conversation with its newest 20 messages, append is a message of 250 B. Engine, server and client share the cores.`,
  minutes: 5,
  peers: ["hono", "express", "fastify"],
  measure,
};

interface Served {
  readonly route: string;
  readonly connections: number;
  readonly contender: string;
  readonly answers: readonly Answered[];
}

interface Answered {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

async function measure({ progress, sizes }: Context): Promise<Measured> {
  const engine = await startDynamoDB();
  try {
    const table = await createChatTable(engine.endpoint);
    await fill(engine.endpoint, table);
    const measured: Served[] = [];
    for (const route of ["read", "append"]) {
      for (const connections of sizes.length > 0 ? sizes : connectionCounts) {
        const runs = await interleaved(
          rounds,
          new Map(
            contenders.map((contender) => [
              contender,
              () =>
                serveAndAsk(contender, { endpoint: engine.endpoint, table }, route, connections),
            ]),
          ),
          (text) => progress(`${route}, ${connections} connections, ${text}`),
        );
        measured.push(
          ...[...runs].map(([contender, answers]) => ({ route, connections, contender, answers })),
        );
      }
    }
    const perSecond = (contender: string, connections: number) =>
      spread(
        measured
          .filter((one) => one.route === "read" && one.contender === contender)
          .filter((one) => one.connections === connections)
          .flatMap(({ answers }) => answers.map((one) => one.perSecond)),
      ).median;
    const most = Math.max(...measured.map(({ connections }) => connections));
    const share = perSecond("chatstack", most) / perSecond("bare Hono", most);
    return {
      tables: [
        {
          caption: `${rounds} rounds`,
          columns,
          rows: measured.map(({ route, connections, contender, answers }) => ({
            route,
            connections,
            contender,
            perSecond: spread(answers.map((one) => one.perSecond)),
            p50: spread(answers.map((one) => one.p50)),
            p99: spread(answers.map((one) => one.p99)),
          })),
        },
      ],
      targets: [
        {
          target: `reads at ${most} connections: at least 0.8 of what bare Hono serves`,
          measured: share.toFixed(2),
          met: share >= 0.8,
        },
      ],
    };
  } finally {
    await engine.stop();
  }
}

const columns = [
  { key: "route", label: "route" },
  { key: "connections", label: "connections" },
  { key: "contender", label: "server" },
  { key: "perSecond", label: "requests a second" },
  { key: "p50", label: "p50 ms", digits: 1 },
  { key: "p99", label: "p99 ms", digits: 1 },
];

async function serveAndAsk(
  contender: string,
  { endpoint, table }: { readonly endpoint: string; readonly table: string },
  route: string,
  connections: number,
): Promise<Answered> {
  const workers = join(import.meta.dirname, "../workers");
  const { credentials, region } = engineConfig(endpoint);
  const server = fork(join(workers, "server.ts"), [contender, table], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    const failed = once(server, "exit").then(() => Promise.reject(new Error(`${contender} ended`)));
    const [port] = await Promise.race([once(server, "message"), failed]);
    failed.catch(() => {});
    const args = [`${port}`, route, `${connections}`, "3"];
    return (await runInOwnProcess<Answered>(join(workers, "client.ts"), args)).result;
  } finally {
    server.kill();
  }
}

/** A conversation for each connection, with 20 messages. */
async function fill(endpoint: string, tableName: string): Promise<void> {
  const client = documentClient(engineConfig(endpoint));
  const now = () => new Date();
  const objects = lazyObjectStore(async () => {
    throw new Error("nothing here is large enough for the bucket");
  });
  const store = new DynamoDBConversationStore({ client, tableName, now, objects });
  const message = { ...draft("user"), content: "x".repeat(250) };
  for (let index = 0; index < Math.max(...connectionCounts); index++) {
    const id = `conversation-${index}`;
    await store.create("alice", { id, title: "Benchmark", modelId: null });
    for (let count = 0; count < 20; count++) await store.append("alice", id, message);
  }
}
