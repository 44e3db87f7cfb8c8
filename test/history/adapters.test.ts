import { AIMessage, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { convertToModelMessages, type UIMessage } from "ai";
import { describe, expect, test } from "vitest";
import { loadMessages, saveMessages } from "../../history/ai.ts";
import {
  type ConversationStore,
  dynamoDBStore,
  newIdentifier,
  s3Store,
} from "../../history/index.ts";
import { ChatHistory } from "../../history/langchain.ts";
import { startDynamoDB } from "../../local/dynamodb.ts";
import { startS3 } from "../../local/s3.ts";
import { createBucket, s3Config } from "../../testing/aws/bucket.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";

/** A store of each kind on an embedded engine, for as long as `use` takes. */
const kinds = {
  async dynamodb(use: (store: ConversationStore) => Promise<void>) {
    const engine = await startDynamoDB();
    const tableName = await createChatTable(engine.endpoint);
    await use(dynamoDBStore({ tableName, ...engineConfig(engine.endpoint) })).finally(() =>
      engine.stop(),
    );
  },
  async s3(use: (store: ConversationStore) => Promise<void>) {
    const { credentials } = s3Config("");
    const engine = await startS3({ accessKey: credentials });
    const bucketName = await createBucket(engine.endpoint);
    const { endpoint } = engine;
    await use(s3Store({ bucketName, endpoint, region: "us-east-1", credentials })).finally(() =>
      engine.stop(),
    );
  },
};

const placeOn = (store: ConversationStore) => ({
  store,
  user: "ada",
  conversationId: newIdentifier(),
});

describe.each(Object.entries(kinds))("on %s", (_, withStore) => {
  test("LangChain's messages come back as they were, and texts are texts for everybody", async () => {
    await withStore(async (store) => {
      const place = placeOn(store);
      const history = new ChatHistory(place);
      expect(await history.getMessages()).toEqual([]);
      const messages = [
        new SystemMessage("Be brief."),
        new HumanMessage("What is the weather?"),
        new AIMessage({
          content: "",
          tool_calls: [{ id: "1", name: "weather", args: { at: "x" } }],
        }),
        new ToolMessage({ content: "Rain", tool_call_id: "1" }),
        new AIMessage("It rains."),
        new HumanMessage({ content: [{ type: "text", text: "And there?" }] }),
      ];
      await history.addMessages(messages.slice(0, 2));
      for (const message of messages.slice(2)) await history.addMessage(message);
      const read = await new ChatHistory(place).getMessages();
      expect(read.map((message) => message.toDict())).toEqual(
        messages.map((message) => message.toDict()),
      );
      const { items } = await store.messages("ada", place.conversationId, {
        limit: 9,
        order: "asc",
      });
      expect(items.map(({ role, content, parts }) => [role, content, parts?.[0]?.type])).toEqual([
        ["system", "Be brief.", "text"],
        ["user", "What is the weather?", "text"],
        ["assistant", "", "tool-call"],
        ["tool", "", "tool-result"],
        ["assistant", "It rains.", "text"],
        ["user", "", "data"],
      ]);
      await history.clear();
      expect(await history.getMessages()).toEqual([]);
      await history.addUserMessage("Again");
      expect((await history.getMessages()).map(({ content }) => content)).toEqual(["Again"]);
    });
  });

  test("a chat of the AI SDK is saved as it grows, is answered anew, and is cut short", async () => {
    await withStore(async (store) => {
      const place = placeOn(store);
      const text = (id: string, role: UIMessage["role"], said: string): UIMessage => ({
        id,
        role,
        parts: [{ type: "text", text: said }],
      });
      const weather: UIMessage = {
        id: "b",
        role: "assistant",
        metadata: { took: 3 },
        parts: [
          { type: "step-start" },
          {
            type: "tool-weather",
            toolCallId: "1",
            state: "output-available",
            input: { at: "x" },
            output: "Rain",
          },
          { type: "text", text: "It rains.", state: "done" },
        ],
      };
      const chat = [text("a", "user", "What is the weather?"), weather];
      const saved = async (messages: UIMessage[]) => {
        await saveMessages(place, messages);
        return loadMessages<UIMessage>(place);
      };
      expect(await loadMessages(place)).toEqual([]);
      const first = await saved(chat);
      expect(first).toEqual(chat);
      expect(await convertToModelMessages(first)).toEqual(await convertToModelMessages(chat));

      const longer = [...first, text("c", "user", "And there?"), text("d", "assistant", "Sun.")];
      expect(await saved(longer)).toEqual(longer);
      expect(await saved(longer)).toEqual(longer);

      const anew = [...longer.slice(0, 3), text("e", "assistant", "Snow.")];
      expect(await saved(anew)).toEqual(anew);
      const { messageCount } = await store.get("ada", place.conversationId);
      expect(messageCount).toBe(4);

      expect(await saved(anew.slice(0, 2))).toEqual(chat);
    });
  });
});
