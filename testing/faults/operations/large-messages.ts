import { randomBytes } from "node:crypto";
import { conversation, key, type Operation, said, talk } from "./operation.ts";

const path = `/conversations/${conversation}`;
/** Above what an item holds, even compressed. */
const large = randomBytes(500 * 768).toString("base64");

/** What only the table has: contents that no item holds go to the bucket. */
export const ofLargeMessages: readonly Operation[] = [
  {
    name: "appendMessage, large",
    isSwept: true,
    prepare: async (process) => {
      await talk(process, 1);
      return (client) => client.post(`${path}/messages`, said(large), key);
    },
  },
  {
    name: "getMessage, large",
    prepare: async (process) => {
      const client = await talk(process, 0);
      await client.post(`${path}/messages`, said(large));
      return (client) => client.get(`${path}/messages/1`);
    },
  },
  {
    name: "deleteConversation, large",
    isSwept: true,
    repeated: [404],
    prepare: async (process) => {
      const client = await talk(process, 0);
      await client.post(`${path}/messages`, said(large));
      return (client) => client.delete(path);
    },
  },
];
