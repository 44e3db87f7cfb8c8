import fc from "fast-check";
import { expect, it } from "vitest";
import { promptOf } from "../../../app/chat/prompt.ts";
import { Problem } from "../../../app/http/problem.ts";
import { type ChatModel, estimateTokens, isBlank } from "../../../app/models/chat-model.ts";
import { embeddedModels } from "../../../app/models/embedded.ts";
import { renderPassages } from "../../../app/models/passages.ts";
import { type Message, messageOf, roles } from "../../../app/store/message.ts";
import { draft } from "../../../testing/app/store.ts";

const message = fc.record({
  role: fc.constantFrom(...roles),
  content: fc.string({ unit: "grapheme", maxLength: 120 }),
  isError: fc.boolean(),
});
const histories = fc
  .array(message, { maxLength: 40 })
  .map((drafts) =>
    drafts.map((fields, index): Message => messageOf({ ...draft(""), ...fields }, index + 1, "t")),
  );
const passages = fc.array(fc.record({ quote: fc.string({ maxLength: 60 }) }), { maxLength: 3 });
const model = (contextTokens: number): ChatModel => ({
  ...embeddedModels()[0]!,
  contextTokens,
  maxOutputTokens: 100,
});

it("never exceeds the model's context, splits no message and leaves out none in between", () => {
  fc.assert(
    fc.property(
      histories,
      fc.string({ minLength: 1, maxLength: 80 }),
      passages,
      fc.integer({ min: 200, max: 3_000 }),
      (history, question, quoted, contextTokens) => {
        let prompt: ReturnType<typeof promptOf>;
        try {
          prompt = promptOf(model(contextTokens), history, { content: question }, quoted);
        } catch (error) {
          expect(error).toBeInstanceOf(Problem);
          return;
        }
        const { system, messages } = prompt;
        const given = [system, renderPassages(quoted), ...messages.map(({ content }) => content)];
        const tokens = given
          .filter((text) => text !== "")
          .reduce((sum, text) => sum + estimateTokens(text), 0);
        expect(tokens).toBeLessThanOrEqual(contextTokens - 100);

        const spoken = history.filter(
          ({ role, isError, content }) => role !== "system" && !isError && !isBlank(content),
        );
        const window = messages.slice(0, -1).map(({ content }) => content);
        expect(messages.at(-1)).toEqual({ role: "user", content: question });
        expect(messages[0]?.role).toBe("user");
        expect(window).toEqual(
          spoken.slice(spoken.length - window.length).map(({ content }) => content),
        );
        expect(system).toBe(
          history
            .filter(({ role, content }) => role === "system" && !isBlank(content))
            .map(({ content }) => content)
            .join("\n\n"),
        );
      },
    ),
    { numRuns: 500 },
  );
});

it("takes all that fits: one message more would be too much", () => {
  const history = Array.from({ length: 30 }, (_, index) =>
    messageOf(
      { ...draft("x".repeat(298)), role: index % 2 ? "assistant" : "user" },
      index + 1,
      "t",
    ),
  );
  const each = estimateTokens("x".repeat(298));
  const room = (count: number) => 100 + estimateTokens("q") + count * each;
  for (const count of [2, 10, 30]) {
    const window = promptOf(model(room(count)), history, { content: "q" }, []).messages;
    expect(window).toHaveLength(count + 1);
  }
  // Room for an answer without its question is room for neither.
  expect(promptOf(model(room(3)), history, { content: "q" }, []).messages).toHaveLength(3);
});

it("estimates no fewer tokens than words, signs and characters of Chinese", () => {
  for (const [text, tokens] of [
    ["The quick brown fox jumps over the lazy dog.", 10],
    ["敏捷的棕色狐狸跳过了懒狗", 12],
    ["const x = (a, b) => a[b] ?? {};", 14],
    ["👋👋👋", 3],
  ] as const) {
    expect(estimateTokens(text)).toBeGreaterThanOrEqual(tokens);
  }
});

it("lets no passage end the fence around the passages", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("<", "/", "passages", ">", " ", "PASSAGES", "x")),
      (parts) => {
        const text = renderPassages([{ quote: parts.join(""), source: parts.join("") }]);
        expect(text.match(/<\/passages>/gi)).toHaveLength(1);
        expect(text.match(/<passages>/gi)).toHaveLength(1);
      },
    ),
  );
});
