import fc from "fast-check";
import { expect, it } from "vitest";
import type { Prompt } from "../../../app/models/chat-model.ts";
import { converseMessages } from "../../../app/models/converse.ts";
import { bytesParts, contentOfParts, type MessagePart } from "../../../app/parts/parts.ts";
import { messageParts } from "../../../testing/app/parts.ts";

const tool = { name: "weather", description: "x", inputSchema: { type: "object" } };
const message = fc
  .record({ role: fc.constantFrom("user" as const, "assistant" as const), parts: messageParts })
  .map(({ role, parts }) => ({ role, content: contentOfParts(parts), parts }));
const question = { role: "user" as const, content: "And?" };

it("makes what Converse takes of any parts: the user first, roles in turns, tools with their results", () => {
  fc.assert(
    fc.property(fc.array(message, { maxLength: 6 }), fc.boolean(), (history, hasTools) => {
      const bytes = new Map(
        history.flatMap(({ parts }) =>
          bytesParts(parts).map((part) => [part, Buffer.from("x")] as const),
        ),
      );
      const prompt: Prompt = {
        system: "",
        messages: [...history, question],
        passages: [],
        bytes,
        ...(hasTools && { tools: [tool] }),
      };
      const turns = converseMessages(prompt);
      expect(turns[0]?.role).toBe("user");
      for (const [at, { role, content = [] }] of turns.entries()) {
        expect(role).toBe(at % 2 === 0 ? "user" : "assistant");
        expect(content.length).toBeGreaterThan(0);
        const texts = content.flatMap(({ text }) => text ?? []);
        for (const text of texts) expect(text.trim()).not.toBe("");
        const documents = content.flatMap(({ document }) => document ?? []);
        expect(new Set(documents.map(({ name }) => name)).size).toBe(documents.length);
        if (documents.length > 0) expect(texts.length).toBeGreaterThan(0);
        for (const { name } of documents)
          expect(name).toMatch(/^[A-Za-z0-9()[\]-]+( [A-Za-z0-9()[\]-]+)*$/);
        const calls = content.flatMap(({ toolUse }) => toolUse?.toolUseId ?? []);
        const results =
          turns[at + 1]?.content?.flatMap(({ toolResult }) => toolResult?.toolUseId ?? []) ?? [];
        expect(results.toSorted()).toEqual(calls.toSorted());
        if (!hasTools) expect(calls).toEqual([]);
      }
      expect(turns.at(-1)?.content?.at(-1)).toEqual({ text: "And?" });
    }),
    { numRuns: 300 },
  );
});

it("tells a turn with tools as Converse wants it told, and shows the reasoning of the turn under way", () => {
  const call: MessagePart = {
    type: "tool-call",
    toolCallId: "1",
    toolName: "weather",
    input: { city: "x" },
  };
  const result: MessagePart = { type: "tool-result", toolCallId: "1", output: [1] };
  const thought: MessagePart = { type: "reasoning", text: "hm", signature: "s" };
  const earlier = {
    role: "assistant" as const,
    content: "Look. It is 1.",
    parts: [
      thought,
      { type: "text" as const, text: "Look. " },
      call,
      result,
      { type: "text" as const, text: "It is 1." },
    ],
  };
  const prompt: Prompt = {
    system: "",
    messages: [{ role: "user", content: "Weather?" }, earlier, question],
    passages: [{ quote: "cold" }],
    tools: [tool],
    steps: [
      { role: "assistant", content: "", parts: [thought, { ...call, toolCallId: "2" }] },
      { role: "user", content: "", parts: [{ ...result, toolCallId: "2", isError: true }] },
    ],
  };
  expect(converseMessages(prompt)).toEqual([
    { role: "user", content: [{ text: "Weather?" }] },
    {
      role: "assistant",
      content: [
        { text: "Look. " },
        { toolUse: { toolUseId: "1", name: "weather", input: { city: "x" } } },
      ],
    },
    {
      role: "user",
      content: [{ toolResult: { toolUseId: "1", content: [{ json: { output: [1] } }] } }],
    },
    { role: "assistant", content: [{ text: "It is 1." }] },
    { role: "user", content: [{ text: expect.stringMatching(/cold[\s\S]*And\?$/) }] },
    {
      role: "assistant",
      content: [
        { reasoningContent: { reasoningText: { text: "hm", signature: "s" } } },
        { toolUse: { toolUseId: "2", name: "weather", input: { city: "x" } } },
      ],
    },
    {
      role: "user",
      content: [
        { toolResult: { toolUseId: "2", content: [{ json: { output: [1] } }], status: "error" } },
      ],
    },
  ]);
  const { tools: _, ...without } = prompt;
  expect(converseMessages({ ...without, steps: [] })[1]?.content).toEqual([
    { text: "Look. " },
    { text: '[called weather: {"city":"x"}]' },
  ]);
});
