/** What a store would answer, at once: what is measured is everything around it. */
import type { AppDependencies } from "../app/context.ts";
import { dependenciesOf } from "../app/lambda/dependencies.ts";
import { readEnvironment } from "../app/lambda/environment.ts";
import { type Conversation, noDetails } from "../app/store/conversation-store.ts";
import type { Message } from "../app/store/message.ts";
import { draft } from "../testing/app/samples.ts";

const timestamp = "2026-01-02T03:04:05.678Z";

const message = (sequence: number): Message => ({
  id: String(sequence),
  sequence,
  ...draft(sequence % 2 === 1 ? "user" : "assistant"),
  content: "x".repeat(250),
  documents: [],
  stopReason: null,
  usage: null,
  feedback: null,
  editedAt: null,
  timestamp,
});

const conversation = (index: number): Conversation => ({
  id: `conversation-${index}`,
  title: "Trip to Lisbon",
  modelId: null,
  createdAt: timestamp,
  updatedAt: timestamp,
  state: "active",
  purgeAt: null,
  lastReadSequence: 20,
  unreadCount: 0,
  messageCount: 20,
  editedVersion: null,
  lastMessage: { role: "assistant", preview: "x".repeat(100), timestamp },
  version: 21,
  pinned: false,
  ...noDetails,
});

const messages = Array.from({ length: 20 }, (_, index) => message(index + 1));
const conversations = Array.from({ length: 20 }, (_, index) => conversation(index));

/** Our app's ports, the conversations stubbed. */
export function stubbedDependencies(): AppDependencies {
  const real = dependenciesOf(readEnvironment(environment));
  return {
    ...real,
    // Each is given back as it is: a copy would be part of the measurement.
    conversations: Object.assign(Object.create(real.conversations), {
      list: async () => ({ items: conversations }),
      open: async () => ({ conversation: conversation(0), messages }),
      create: async () => ({ conversation: conversation(0), replayed: false }),
      append: async () => ({ message: message(21), replayed: false }),
    }),
    erasures: Object.assign(Object.create(real.erasures), { last: async () => undefined }),
  };
}

/** What the peers' routes send, the same data in the same shapes. */
export const peerStore = {
  list: async () => ({ items: conversations, nextCursor: null }),
  open: async () => ({ ...conversation(0), messages, olderCursor: null }),
  create: async () => conversation(0),
  append: async () => message(21),
};

export const environment = {
  TENANT: "bench",
  TABLE_NAME: "bench",
  BUCKET_NAME: "bench",
  USER_POOL_ID: "us-east-1_TestPool1",
  USER_POOL_CLIENT_IDS: "client-a",
};
