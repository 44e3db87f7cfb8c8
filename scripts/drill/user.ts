/** A user of the tenant, who knows nothing but its API. */
import { type Client, createClient, everyItem, result } from "../../client/index.ts";
import { DataDir } from "../../local/data-dir.ts";
import type { Environment } from "../../local/environment.ts";
import { signIn } from "../../local/sign-in.ts";

/** Contents of a conversation's messages, by its id. */
export type Conversations = ReadonlyMap<string, readonly string[]>;

export async function signInUser(environment: Environment, dataDir: string): Promise<Client> {
  const [tenant] = environment.tenants;
  const account = tenant?.users.find(({ groups }) => groups.length === 0);
  const running = new DataDir(dataDir).running();
  if (!tenant || !account || !running) throw new Error("the environment has no tenant with a user");
  const { cognitoEndpoint } = running;
  const token = await signIn({ ...tenant, ...account, cognitoEndpoint });
  return createClient({ url: tenant.url, token: () => token });
}

export async function writeConversations(api: Client, count: number): Promise<Conversations> {
  const written = new Map<string, string[]>();
  for (let number = 1; number <= count; number++) {
    const id = await createConversation(api, `Conversation ${number}`);
    const contents = [1, 2, 3, 4].map((message) => `Message ${message} of conversation ${number}`);
    for (const content of contents) await appendMessage(api, id, content);
    written.set(id, contents);
  }
  return written;
}

export async function createConversation(api: Client, title: string): Promise<string> {
  return (await result(api.POST("/conversations", { body: { title } }))).id;
}

export async function appendMessage(api: Client, id: string, content: string): Promise<void> {
  await result(
    api.POST("/conversations/{id}/messages", {
      params: { path: { id } },
      body: { role: "user", content },
    }),
  );
}

/** Every conversation that the user has, with every message. */
export async function readConversations(api: Client): Promise<Conversations> {
  const read = new Map<string, string[]>();
  const conversations = everyItem((cursor) =>
    result(api.GET("/conversations", { params: { query: { cursor } } })),
  );
  for await (const { id } of conversations) {
    const contents: string[] = [];
    const messages = everyItem((cursor) =>
      result(
        api.GET("/conversations/{id}/messages", { params: { path: { id }, query: { cursor } } }),
      ),
    );
    for await (const { content } of messages) contents.push(content);
    read.set(id, contents);
  }
  return read;
}

export async function deleteConversation(api: Client, id: string): Promise<void> {
  await result(api.DELETE("/conversations/{id}", { params: { path: { id } } }));
}
