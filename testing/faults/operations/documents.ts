import { uploadKey } from "../../../app/documents/keys.ts";
import type { Process } from "../world.ts";
import { alice, conversation, type Operation, talk } from "./operation.ts";

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

async function document(process: Process): Promise<string> {
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
