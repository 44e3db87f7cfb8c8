import { documentKey, uploadKey } from "../../../app/documents/keys.ts";
import { DynamoDBErasureStore } from "../../../app/store/dynamodb/erasures.ts";
import type { Process } from "../world.ts";
import { alice, chatted, conversation, type Operation, talk } from "./operation.ts";

/** What is in the table whichever store keeps the conversations, and the documents. */
export const ofUsers: readonly Operation[] = [
  {
    name: "getProfile",
    prepare: async (process) => {
      await process.as(alice).put("/me", { name: "Alice" });
      return (client) => client.get("/me");
    },
  },
  {
    name: "replaceProfile",
    prepare: async () => (client) => client.put("/me", { name: "Alice" }),
  },
  {
    name: "replaceProfile, guarded",
    repeated: [412],
    prepare: async (process) => {
      await process.as(alice).put("/me", { name: "Alice" });
      return (client) => client.put("/me", { name: "Alicia" }, { "if-match": '"1"' });
    },
  },
  { name: "getUsage", prepare: async () => (client) => client.get("/me/usage") },
  {
    name: "listSessions",
    prepare: async (process) => {
      const client = process.as(alice);
      await client.put("/me/sessions/phone", { data: 1 });
      await client.put("/me/sessions/tablet", { data: 2 });
      return (client) => client.get("/me/sessions?limit=1");
    },
  },
  {
    name: "getSession",
    prepare: async (process) => {
      await process.as(alice).put("/me/sessions/phone", { data: 1 });
      return (client) => client.get("/me/sessions/phone");
    },
  },
  {
    name: "putSession",
    prepare: async () => (client) => client.put("/me/sessions/phone", { data: 1 }),
  },
  {
    name: "deleteSession",
    repeated: [404],
    prepare: async (process) => {
      await process.as(alice).put("/me/sessions/phone", {});
      return (client) => client.delete("/me/sessions/phone");
    },
  },
  {
    name: "getState",
    prepare: async (process) => {
      await process.as(alice).put("/me/state/sidebar", { value: 1 });
      return (client) => client.get("/me/state/sidebar");
    },
  },
  {
    name: "putState",
    prepare: async (process) => {
      await process.as(alice).put("/me/state/sidebar", { value: 1 });
      return (client) => client.put("/me/state/sidebar", { value: 2 });
    },
  },
  {
    name: "putState, guarded",
    repeated: [412],
    prepare: async (process) => {
      await process.as(alice).put("/me/state/sidebar", { value: 1 });
      return (client) => client.put("/me/state/sidebar", { value: 2 }, { "if-match": '"1"' });
    },
  },
  {
    name: "deleteState",
    repeated: [404],
    prepare: async (process) => {
      await process.as(alice).put("/me/state/sidebar", { value: 1 });
      return (client) => client.delete("/me/state/sidebar");
    },
  },
  {
    name: "issueToken",
    isRepeatable: false,
    prepare: async () => (client) => client.post("/me/tokens", { purpose: "link" }),
  },
  {
    name: "redeemToken",
    // A token whose redemption was answered into the void is spent: the client asks for another.
    repeated: [404],
    prepare: async (process) => {
      const { body } = await process.as(alice).post("/me/tokens", { purpose: "link" });
      const redemption = { token: body.token, purpose: "link" };
      return (client) => client.post("/me/tokens/redeem", redemption);
    },
  },
  {
    name: "getErasure",
    prepare: async (process) => {
      const client = process.as(alice);
      await client.put("/me", { name: "Alice" });
      const { body } = await client.delete("/me");
      return (client) => client.get(`/me/erasures/${body.id}`);
    },
  },
];

const text = "The tram 28 goes up to the castle of Lisbon.";

async function granted(process: Process): Promise<string> {
  const draft = { name: "guide.txt", type: "text/plain", size: text.length };
  return (await process.as(alice).post("/documents", draft)).body.id;
}

async function uploaded(process: Process): Promise<string> {
  const id = await granted(process);
  const options = { contentType: "text/plain", when: "always" } as const;
  await process.objects.put(uploadKey(alice, id), text, options);
  return id;
}

export async function document(process: Process): Promise<string> {
  const id = await uploaded(process);
  await process.as(alice).post(`/documents/${id}/complete`, undefined);
  return id;
}

export const ofDocuments: readonly Operation[] = [
  {
    name: "listDocuments",
    prepare: async (process) => {
      await document(process);
      return (client) => client.get("/documents");
    },
  },
  {
    name: "addDocument",
    isRepeatable: false,
    prepare: async () => (client) =>
      client.post("/documents", { name: "guide.txt", type: "text/plain", size: 3 }),
  },
  {
    name: "completeDocument",
    isSwept: true,
    prepare: async (process) => {
      const id = await uploaded(process);
      return (client) => client.post(`/documents/${id}/complete`, undefined);
    },
  },
  {
    name: "getDocument",
    prepare: async (process) => {
      const id = await document(process);
      return (client) => client.get(`/documents/${id}`);
    },
  },
  {
    name: "deleteDocument",
    isSwept: true,
    repeated: [404],
    prepare: async (process) => {
      const id = await document(process);
      return (client) => client.delete(`/documents/${id}`);
    },
  },
  {
    name: "appendMessage, with a document",
    isRepeatable: false,
    prepare: async (process) => {
      const id = await document(process);
      await talk(process, 0);
      const message = { role: "user", content: "See this.", documents: [id] };
      return (client) => client.post(`/conversations/${conversation}/messages`, message);
    },
  },
  {
    name: "chat, about a document",
    isRepeatable: false,
    prepare: async (process) => {
      const id = await document(process);
      await talk(process, 0);
      const question = { content: "Which tram goes to the castle?", documents: [id] };
      return (client) => client.post(`/conversations/${conversation}/chat`, question);
    },
  },
  {
    name: "eraseAll, with a document",
    isSwept: true,
    prepare: async (process) => {
      await document(process);
      return (client) => client.delete("/me");
    },
  },
];

export const ofAdministrators: readonly Operation[] = [
  {
    name: "listCreatedConversations",
    user: "boss",
    prepare: async (process) => {
      await talk(process, 0);
      return (client) => client.get(`/admin/conversations?from=${today()}&limit=1`);
    },
  },
  {
    name: "listUserConversations",
    user: "boss",
    prepare: async (process) => {
      await talk(process, 0);
      return (client) => client.get(`/admin/users/${alice}/conversations`);
    },
  },
  {
    name: "getUserUsage",
    user: "boss",
    prepare: async (process) => {
      await chatted(process);
      return (client) => client.get(`/admin/users/${alice}/usage`);
    },
  },
  {
    name: "listAudit",
    isTelling: true,
    user: "boss",
    prepare: async () => (client) => client.get(`/admin/audit?month=${today().slice(0, 7)}`),
  },
  {
    name: "sweep",
    isTelling: true,
    user: "boss",
    prepare: async (process, world) => {
      const from = today();
      const client = await talk(process, 2);
      await client.patch(`/conversations/${conversation}`, { state: "trashed" });
      const orphans = [documentKey(alice, "gone"), "messages/alice/gone/content"];
      for (const orphan of orphans) {
        await process.objects.put(orphan, "x", { contentType: "text/plain", when: "always" });
      }
      await process.as("carol").put("/me", { name: "Carol" });
      await new DynamoDBErasureStore(process.table).begin("carol");
      world.wait(31 * 24);
      return (client) => client.post("/admin/sweep", { from });
    },
  },
];

export const today = () => new Date().toISOString().slice(0, 10);
