/** Chat histories of two libraries, as their own documentation opens them; `client` is what they send with. */
import { DynamoDBChatMessageHistory } from "@langchain/community/stores/message/dynamodb";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { DynamoDbChatStorage, Logger } from "agent-squad";

export function langChain({ config, tableName, id }) {
  const history = new DynamoDBChatMessageHistory({ tableName, sessionId: id, config });
  return {
    client: history.client,
    append: (role, text) =>
      history.addMessage(role === "user" ? new HumanMessage(text) : new AIMessage(text)),
    texts: async () => (await history.getMessages()).map(({ content }) => content),
  };
}

/** Takes endpoint and credentials from the environment only. */
export function agentSquad({ config, tableName, id }) {
  // It logs every item that is refused.
  Logger.logger = { log() {}, info() {}, warn() {}, error() {}, debug() {} };
  const storage = new DynamoDbChatStorage(tableName, config.region);
  return {
    client: storage.docClient,
    append: (role, text) =>
      storage.saveChatMessage("user", id, "agent", { role, content: [{ text }] }),
    texts: async () =>
      (await storage.fetchChat("user", id, "agent")).map(({ content }) => content[0].text),
  };
}
