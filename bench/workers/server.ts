/**
 * One contender as an HTTP server over one DynamoDB store: `node server.ts <contender> <table>`. Sends its port to
 * the process that forked it.
 */
import { serve } from "@hono/node-server";
import { createApp } from "../../app/app.ts";
import { dependenciesOf } from "../../app/lambda/dependencies.ts";
import { readEnvironment } from "../../app/lambda/environment.ts";
import type { MessageDraft } from "../../app/store/message.ts";
import { claimsOf } from "../../testing/app/api.ts";
import { importPeer } from "../peers.ts";
import { environment } from "../stub-store.ts";

type Fetch = (request: Request, bindings?: object) => Response | Promise<Response>;
type Store = ReturnType<typeof peerStore>;

const [contender = "", table = ""] = process.argv.slice(2);
const user = "alice";
const dependencies = {
  ...dependenciesOf(readEnvironment({ ...environment, TABLE_NAME: table })),
  log: () => {},
};

process.send?.(await start(contender));

async function start(name: string): Promise<number> {
  if (name === "chatstack") {
    const app = createApp(dependencies);
    const bindings = { claims: claimsOf(user), requestId: "1" };
    return listen((request) => app.fetch(request, bindings));
  }
  const peers = await importPeer<{
    honoApp(store: Store): { fetch: Fetch };
    servers: Record<string, (store: Store) => Promise<number>>;
  }>("http/apps.mjs");
  if (name === "bare Hono") return listen(peers.honoApp(peerStore()).fetch);
  const make = peers.servers[name];
  if (make === undefined) throw new Error(`no such contender: ${name}`);
  return make(peerStore());
}

function listen(fetch: Fetch): Promise<number> {
  return new Promise((done) => {
    serve({ fetch: (request) => fetch(request), hostname: "127.0.0.1", port: 0 }, ({ port }) =>
      done(port),
    );
  });
}

/** The peers ask DynamoDB the same questions, through the same code. */
function peerStore() {
  const { conversations } = dependencies;
  return {
    async open(id: string) {
      const { conversation, messages } = await conversations.open(user, id, 20);
      return { ...conversation, messages };
    },
    async append(id: string, { role, content }: Pick<MessageDraft, "role" | "content">) {
      const draft = { role, content, type: "text", modelId: null, isError: false };
      const rest = { errorMessage: null, citations: [], llmResponseId: null };
      return (await conversations.append(user, id, { ...draft, ...rest })).message;
    },
  };
}
