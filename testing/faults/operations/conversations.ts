import { longestRequestMs } from "../../../app/http/deadline.ts";
import { DynamoDBRunStore } from "../../../app/store/dynamodb/runs.ts";
import type { Process } from "../world.ts";
import { alice, chatted, conversation, key, type Operation, said, talk } from "./operation.ts";

const path = `/conversations/${conversation}`;

/** Whatever touches conversations and their messages, in either store. */
export const ofConversations: readonly Operation[] = [
  {
    name: "createConversation",
    prepare: async () => (client) => client.post("/conversations", { title: "Lisbon" }, key),
  },
  {
    name: "createConversation, without a key",
    isRepeatable: false,
    prepare: async () => (client) => client.post("/conversations", { title: "Lisbon" }),
  },
  {
    name: "createConversation, under an id of the client's",
    repeated: [409],
    prepare: async () => (client) => client.post("/conversations", { id: "mine", title: "Lisbon" }),
  },
  {
    name: "listConversations",
    prepare: async (process) => {
      await talk(process, 2);
      return (client) => client.get("/conversations?include=unread&limit=1");
    },
  },
  {
    name: "syncConversations",
    prepare: async (process) => {
      await talk(process, 2);
      return (client) => client.get("/sync");
    },
  },
  {
    name: "getConversation",
    prepare: async (process) => {
      await talk(process, 3);
      return (client) => client.get(path);
    },
  },
  {
    name: "replaceConversation",
    prepare: async (process) => {
      await talk(process, 1);
      return (client) => client.put(path, { title: "Porto" });
    },
  },
  {
    name: "updateConversation",
    prepare: async (process) => {
      await talk(process, 1);
      return (client) => client.patch(path, { state: "archived" });
    },
  },
  {
    name: "updateConversation, guarded",
    repeated: [412],
    prepare: async (process) => {
      await talk(process, 1);
      return (client) => client.patch(path, { title: "Porto" }, { "if-match": '"2"' });
    },
  },
  {
    name: "updateConversation, its settings",
    prepare: async (process) => {
      await talk(process, 1);
      const settings = { instructions: "Be brief." };
      return (client) => client.patch(path, { settings, tags: ["travel"], pinned: true });
    },
  },
  {
    name: "getConversation, with settings",
    prepare: async (process) => {
      const client = await talk(process, 1);
      await client.patch(path, { settings: { instructions: "Be brief." } });
      return (client) => client.get(path);
    },
  },
  {
    name: "listConversations, pinned",
    prepare: async (process) => {
      const client = await talk(process, 1);
      await client.patch(path, { tags: ["travel"], pinned: true });
      return (client) => client.get("/conversations?pinned=true");
    },
  },
  {
    name: "deleteConversations",
    isTelling: true,
    prepare: async (process) => {
      const client = await talk(process, 2);
      await client.post("/conversations", { id: "c2", title: "Porto" });
      return (client) => client.post("/conversations/delete", { ids: [conversation, "c2"] });
    },
  },
  {
    name: "deleteConversation, with settings",
    isSwept: true,
    repeated: [404],
    prepare: async (process) => {
      const client = await talk(process, 1);
      await client.patch(path, { tags: ["travel"], pinned: true });
      return (client) => client.delete(path);
    },
  },
  {
    name: "titleConversation",
    // A title that was not saved is asked for, and counted, again.
    isRepeatable: false,
    prepare: async (process) => {
      const client = process.as(alice);
      await client.post("/conversations", { id: conversation });
      await client.post(`${path}/chat`, { content: "Hello" });
      return (client) => client.send("POST", `${path}/title`);
    },
  },
  {
    name: "markConversationRead",
    prepare: async (process) => {
      const client = await chatted(process);
      await client.post(`${path}/messages`, { role: "assistant", content: "By the way …" });
      return (client) => client.put(`${path}/read`, { sequence: 3 });
    },
  },
  {
    name: "clearConversation",
    prepare: async (process) => {
      await talk(process, 30);
      return (client) => client.delete(`${path}/messages`);
    },
  },
  {
    name: "deleteConversation",
    isSwept: true,
    repeated: [404],
    prepare: async (process) => {
      await talk(process, 30);
      return (client) => client.delete(path);
    },
  },
  {
    name: "listMessages",
    prepare: async (process) => {
      await talk(process, 3);
      return (client) => client.get(`${path}/messages?limit=2`);
    },
  },
  {
    name: "getMessage",
    prepare: async (process) => {
      await talk(process, 2);
      return (client) => client.get(`${path}/messages/1`);
    },
  },
  {
    name: "editMessage",
    prepare: async (process) => {
      await talk(process, 3);
      return (client) => client.patch(`${path}/messages/3`, { content: "edited" });
    },
  },
  {
    name: "deleteMessage",
    repeated: [404],
    prepare: async (process) => {
      await talk(process, 3);
      return (client) => client.delete(`${path}/messages/3`);
    },
  },
  {
    name: "listMessageChanges",
    prepare: async (process) => {
      const client = await talk(process, 3);
      await client.delete(`${path}/messages/3`);
      await client.patch(`${path}/messages/1`, { content: "edited" });
      return (client) => client.get(`${path}/changes?since=1`);
    },
  },
  {
    name: "copyConversation",
    prepare: async (process) => {
      const client = await talk(process, 30);
      await client.patch(path, { tags: ["travel"] });
      await client.delete(`${path}/messages/2`);
      return (client) => client.post(`${path}/copy`, { through: "30" }, key);
    },
  },
  {
    name: "appendMessage",
    prepare: async (process) => {
      await talk(process, 1);
      return (client) => client.post(`${path}/messages`, said("more"), key);
    },
  },
  {
    name: "appendMessage, without a key",
    isRepeatable: false,
    prepare: async (process) => {
      await talk(process, 1);
      return (client) => client.post(`${path}/messages`, said("more"));
    },
  },
  {
    name: "putFeedback",
    prepare: async (process) => {
      await chatted(process);
      return (client) => client.put(`${path}/messages/2/feedback`, { rating: "up" });
    },
  },
  {
    name: "deleteFeedback",
    prepare: async (process) => {
      const client = await chatted(process);
      await client.put(`${path}/messages/2/feedback`, { rating: "up" });
      return (client) => client.delete(`${path}/messages/2/feedback`);
    },
  },
  {
    name: "chat",
    prepare: async (process) => {
      await chatted(process);
      return (client) => client.post(`${path}/chat`, { content: "And now?" }, key);
    },
  },
  {
    name: "chat, streamed",
    isStream: true,
    prepare: async (process) => {
      await chatted(process);
      const headers = { ...key, accept: "text/event-stream" };
      return (client) => client.post(`${path}/chat`, { content: "And now?" }, headers);
    },
  },
  {
    name: "chat, where no other is answered",
    prepare: async (process) => {
      await chatted(process);
      const question = { content: "And now?", whenBusy: "refuse" };
      return (client) => client.post(`${path}/chat`, question, key);
    },
  },
  {
    name: "createCompletion",
    prepare: async (process) => {
      await chatted(process);
      const question = {
        model: "embedded",
        messages: [said("And now?")],
        metadata: { conversation_id: conversation },
      };
      return (client) => client.post("/chat/completions", question, key);
    },
  },
  {
    name: "regenerate",
    prepare: async (process) => {
      await chatted(process);
      return (client) => client.post(`${path}/regenerate`, { content: "Good evening" }, key);
    },
  },
  {
    name: "getRunningAnswer",
    prepare: async (process) => {
      await answering(process);
      return (client) => client.get(`${path}/running`);
    },
  },
  {
    name: "stopRunningAnswer",
    prepare: async (process) => {
      await answering(process);
      return (client) => client.delete(`${path}/running`);
    },
  },
];

/** As another process notes it that answers a question of alice. */
async function answering(process: Process): Promise<void> {
  await chatted(process);
  const run = { id: "run", question: { content: "And now?" }, lifeMs: longestRequestMs };
  await new DynamoDBRunStore(process.table).begin(alice, conversation, run, false);
}
