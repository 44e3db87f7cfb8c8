import type Anthropic from "@anthropic-ai/sdk";
import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { type UIMessage, validateUIMessages } from "ai";
import fc from "fast-check";
import type OpenAI from "openai";
import { expect, it } from "vitest";
import { contentOfParts, messageParts as partsSchema } from "../../app/parts/parts.ts";
import type { Adapted, Given } from "../../client/adapters/adapters.ts";
import { fromUIMessage, toUIMessage } from "../../client/adapters/ai-sdk.ts";
import { fromAnthropic, toAnthropic } from "../../client/adapters/anthropic.ts";
import { fromStoredMessage, toStoredMessage } from "../../client/adapters/langchain.ts";
import { fromOpenAI, toOpenAI } from "../../client/adapters/openai.ts";
import { anyJson, messageParts, png } from "../../testing/app/parts.ts";

const runs = { numRuns: 150 };
const text = fc.string({ unit: "grapheme", maxLength: 20 });
const id = fc.string({ unit: "grapheme-ascii", minLength: 1, maxLength: 12 });
const https = fc.webUrl({ validSchemes: ["https"] });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const fields = fc.dictionary(fc.constantFrom("a", "b"), anyJson);
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value));

/** What the API gives back for what it was sent: it must be something that it takes. */
function kept({ role, content, parts }: Adapted): Given {
  if (parts === undefined) return { role, content: content ?? "" };
  const taken = partsSchema.parse(plain(parts));
  return { role, content: contentOfParts(taken), parts: plain(parts) };
}

const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]).toString("base64");

it("gives back every message of the AI SDK as it was, and a valid one of each of ours", async () => {
  const providerMetadata = maybe(fc.dictionary(fc.constantFrom("openai", "amazon"), fields));
  const state = maybe(fc.constantFrom("streaming", "done"));
  const url = fc.oneof(
    https,
    fc.constantFrom(
      `data:image/png;base64,${png}`,
      `data:image/png;base64,${jpeg}`,
      "blob:x",
      "http://x",
    ),
  );
  const toolCallId = id;
  const shared = { toolCallId, title: maybe(text), providerExecuted: maybe(fc.boolean()) };
  const approval = fc.record({ id, approved: fc.constant(true as const), reason: maybe(text) });
  const tool = fc.oneof(
    fc.record({ ...shared, state: fc.constant("input-streaming"), input: maybe(anyJson) }),
    fc.record({ ...shared, state: fc.constant("input-available"), input: anyJson }),
    fc.record({
      ...shared,
      state: fc.constant("output-available"),
      input: anyJson,
      output: anyJson,
      preliminary: maybe(fc.boolean()),
      approval: maybe(approval),
    }),
    fc.record({ ...shared, state: fc.constant("output-error"), input: anyJson, errorText: text }),
  );
  const part = fc.oneof(
    fc.record({ type: fc.constant("text"), text, state, providerMetadata }),
    fc.record({ type: fc.constant("reasoning"), text, state, providerMetadata }),
    fc.record({
      type: fc.constant("file"),
      mediaType: fc.constantFrom("image/png", "application/pdf"),
      filename: maybe(text),
      url,
      providerMetadata,
    }),
    fc.record({
      type: fc.constant("source-url"),
      sourceId: id,
      url,
      title: maybe(text),
      providerMetadata,
    }),
    fc.record({
      type: fc.constant("source-document"),
      sourceId: id,
      mediaType: fc.constant("text/csv"),
      title: text,
      filename: maybe(text),
    }),
    fc.record({ type: fc.constant("step-start") }),
    fc.record({
      type: fc.constantFrom("data-weather", "data-ai-sdk", "data-chatstack"),
      id: maybe(id),
      data: anyJson,
    }),
    fc
      .tuple(fc.constantFrom("tool-weather", "tool-x"), tool)
      .map(([type, rest]) => ({ type, ...rest })),
    fc.tuple(id, tool).map(([toolName, rest]) => ({ type: "dynamic-tool", toolName, ...rest })),
  );
  const message = fc.record({
    id,
    role: fc.constantFrom("user", "assistant", "system"),
    metadata: maybe(fields),
    parts: fc.array(part, { minLength: 1, maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(message, async (generated) => {
      const messages = await validateUIMessages<UIMessage>({ messages: [plain(generated)] });
      for (const one of messages) {
        const back = toUIMessage({ ...kept(fromUIMessage(one)), id: "7" });
        expect(plain(back)).toEqual(plain(one));
      }
    }),
    runs,
  );
  await fc.assert(
    fc.asyncProperty(messageParts, async (generated) => {
      const parts = JSON.parse(JSON.stringify(generated));
      const shown = plain(toUIMessage({ id: "7", role: "assistant", content: "", parts }));
      const [valid] = await validateUIMessages<UIMessage>({ messages: [shown] });
      expect(valid).toEqual(shown);
    }),
    runs,
  );
});

it("gives back every message of Anthropic's as it was", () => {
  const cached = { cache_control: maybe(fc.constant({ type: "ephemeral" as const })) };
  const textBlock = fc.record({ type: fc.constant("text" as const), text, ...cached });
  const source = fc.oneof(
    fc.record({ type: fc.constant("url" as const), url: https }),
    fc.record({
      type: fc.constant("base64" as const),
      media_type: fc.constantFrom("image/png" as const, "image/gif" as const),
      data: fc.constantFrom(png, jpeg, ""),
    }),
  );
  const image = fc.record({ type: fc.constant("image" as const), source, ...cached });
  const block: fc.Arbitrary<Anthropic.ContentBlockParam> = fc.oneof(
    textBlock,
    image,
    fc.record({
      type: fc.constant("document" as const),
      source: fc.oneof(
        fc.record({
          type: fc.constant("base64" as const),
          media_type: fc.constant("application/pdf" as const),
          data: fc.constant("JVBERi0="),
        }),
        fc.record({
          type: fc.constant("text" as const),
          media_type: fc.constant("text/plain" as const),
          data: text,
        }),
        fc.record({ type: fc.constant("url" as const), url: fc.oneof(https, text) }),
      ),
      title: maybe(text),
      context: maybe(text),
    }),
    fc.record({ type: fc.constant("tool_use" as const), id, name: id, input: anyJson }),
    fc.record({
      type: fc.constant("tool_result" as const),
      tool_use_id: id,
      content: maybe(fc.oneof(text, fc.array(fc.oneof(textBlock, image), { maxLength: 3 }))),
      is_error: maybe(fc.boolean()),
    }),
    fc.record({ type: fc.constant("thinking" as const), thinking: text, signature: text }),
    fc.record({ type: fc.constant("redacted_thinking" as const), data: text }),
    fc.record({
      type: fc.constant("search_result" as const),
      source: text,
      title: text,
      content: fc.array(textBlock, { maxLength: 2 }),
    }),
  );
  const message: fc.Arbitrary<Anthropic.MessageParam> = fc.record({
    role: fc.constantFrom("user" as const, "assistant" as const),
    content: fc.oneof(text, fc.array(block, { maxLength: 6 })),
  });
  fc.assert(
    fc.property(message, (one) => {
      expect(plain(toAnthropic(kept(fromAnthropic(one))))).toEqual(plain(one));
    }),
    runs,
  );
});

it("gives back every item of OpenAI's as it was", () => {
  const content: fc.Arbitrary<OpenAI.Responses.ResponseInputContent> = fc.oneof(
    fc.record({ type: fc.constant("input_text" as const), text }),
    fc.record({
      type: fc.constant("input_image" as const),
      detail: fc.constantFrom("auto" as const, "low" as const),
      image_url: fc.oneof(
        https,
        fc.constantFrom(`data:image/png;base64,${png}`, `data:image/png;base64,${jpeg}`, "x"),
      ),
      file_id: maybe(id),
    }),
    fc.record({
      type: fc.constant("input_file" as const),
      filename: maybe(text),
      file_data: maybe(fc.constant("data:application/pdf;base64,JVBERi0=")),
      file_url: maybe(https),
    }),
  );
  const output = fc.oneof(
    fc.record({
      type: fc.constant("output_text" as const),
      text,
      annotations: fc.array(
        fc.record({
          type: fc.constant("url_citation" as const),
          url: https,
          title: text,
          start_index: fc.nat(),
          end_index: fc.nat(),
        }),
        { maxLength: 2 },
      ),
    }),
    fc.record({ type: fc.constant("refusal" as const), refusal: text }),
  );
  const status = fc.constantFrom("completed" as const, "incomplete" as const);
  const item: fc.Arbitrary<OpenAI.Responses.ResponseInputItem> = fc.oneof(
    fc.record({
      role: fc.constantFrom(
        "user" as const,
        "assistant" as const,
        "system" as const,
        "developer" as const,
      ),
      content: fc.oneof(text, fc.array(content, { maxLength: 4 })),
    }),
    fc.record({
      type: fc.constant("message" as const),
      role: fc.constantFrom("user" as const, "developer" as const),
      content: fc.array(content, { maxLength: 4 }),
      status: maybe(status),
    }),
    fc.record({
      type: fc.constant("message" as const),
      id,
      role: fc.constant("assistant" as const),
      status,
      content: fc.array(output, { maxLength: 4 }),
    }),
    fc.record({
      type: fc.constant("function_call" as const),
      id: maybe(id),
      call_id: id,
      name: id,
      arguments: fc.oneof(
        text,
        anyJson.map((value) => JSON.stringify(value, null, 1)),
      ),
      status: maybe(status),
    }),
    fc.record({
      type: fc.constant("function_call_output" as const),
      call_id: id,
      output: fc.oneof(text, fc.array(content, { maxLength: 3 })),
    }),
    fc.record({
      type: fc.constant("reasoning" as const),
      id,
      summary: fc.array(fc.record({ type: fc.constant("summary_text" as const), text }), {
        maxLength: 2,
      }),
      encrypted_content: maybe(text),
    }),
    fc.record({ type: fc.constant("item_reference" as const), id }),
    fc.record({
      type: fc.constant("web_search_call" as const),
      id,
      status: fc.constant("completed" as const),
      action: fc.record({ type: fc.constant("search" as const), query: text }),
    }),
  );
  fc.assert(
    fc.property(item, (one) => {
      expect(plain(toOpenAI(kept(fromOpenAI(one))))).toEqual([plain(one)]);
    }),
    runs,
  );
});

it("gives back every message that LangChain stores as it was", () => {
  const common = {
    name: maybe(id),
    id: maybe(id),
    additional_kwargs: fields,
    response_metadata: fields,
  };
  const content = fc.oneof(
    text,
    fc.array(fc.record({ type: fc.constant("text" as const), text }), { maxLength: 3 }),
  );
  const calls = fc.array(
    fc.record({ id, name: id, args: fields, type: fc.constant("tool_call" as const) }),
    { maxLength: 3 },
  );
  const message: fc.Arbitrary<BaseMessage> = fc.oneof(
    fc.record({ ...common, content }).map((given) => new HumanMessage(given)),
    fc.record({ ...common, content }).map((given) => new SystemMessage(given)),
    fc
      .record({ ...common, content, tool_calls: maybe(calls) })
      .map((given) => new AIMessage(given)),
    fc
      .record({ ...common, content: text, tool_call_id: id })
      .map((given) => new ToolMessage(given)),
  );
  fc.assert(
    fc.property(message, (one) => {
      const [stored] = plain(mapChatMessagesToStoredMessages([one]));
      if (stored === undefined) throw new Error("nothing was stored");
      const back = plain(toStoredMessage(kept(fromStoredMessage(stored))));
      expect(back).toEqual(stored);
      const [read] = mapStoredMessagesToChatMessages([
        { ...stored, ...back, data: { ...stored.data, ...back.data } },
      ]);
      expect(read?.toDict()).toEqual(mapStoredMessagesToChatMessages([stored])[0]?.toDict());
    }),
    runs,
  );
});

it("says in our words what each of them says in theirs", () => {
  const parts = fromAnthropic({
    role: "assistant",
    content: [
      { type: "text", text: "Look: " },
      { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
      { type: "tool_use", id: "c1", name: "weather", input: { city: "Lisbon" } },
    ],
  }).parts;
  expect(parts).toEqual([
    { type: "text", text: "Look: " },
    { type: "image", mediaType: "image/png", data: png },
    { type: "tool-call", toolCallId: "c1", toolName: "weather", input: { city: "Lisbon" } },
  ]);
  const given: Given = { role: "assistant", content: "Look: ", parts };
  expect(toOpenAI(given)).toEqual([
    {
      role: "assistant",
      content: [
        { type: "output_text", text: "Look: " },
        { type: "input_image", image_url: `data:image/png;base64,${png}` },
      ],
    },
    { type: "function_call", call_id: "c1", name: "weather", arguments: '{"city":"Lisbon"}' },
  ]);
  expect(toUIMessage({ ...given, id: "3" }).parts).toEqual([
    { type: "text", text: "Look: " },
    { type: "file", mediaType: "image/png", url: `data:image/png;base64,${png}` },
    { type: "tool-weather", toolCallId: "c1", input: { city: "Lisbon" }, state: "input-available" },
  ]);
  expect(toStoredMessage(given)).toEqual({
    type: "ai",
    data: {
      content: "Look: ",
      tool_calls: [{ name: "weather", args: { city: "Lisbon" }, id: "c1", type: "tool_call" }],
    },
  });
});
