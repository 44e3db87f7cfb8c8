import { chatted, conversation, key, type Operation, said, talk } from "./operation.ts";

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
    name: "regenerate",
    prepare: async (process) => {
      await chatted(process);
      return (client) => client.post(`${path}/regenerate`, { content: "Good evening" }, key);
    },
  },
];
