import { describe, expect, it } from "vitest";
import { promptOf } from "../../../app/chat/prompt.ts";
import { bedrockModels } from "../../../app/models/bedrock.ts";
import { cachePointsOf, cachingOf } from "../../../app/models/cache-points.ts";
import type { ChatModel, Prompt } from "../../../app/models/chat-model.ts";
import { converseMessages } from "../../../app/models/converse.ts";
import { embeddedModels } from "../../../app/models/embedded.ts";
import { type Message, messageOf } from "../../../app/store/message.ts";
import { draft } from "../../../testing/app/store.ts";

const claude = "eu.anthropic.claude-sonnet-4-20250514-v1:0";
const nova = "amazon.nova-lite-v1:0";
const long = "word ".repeat(1_000);
const said = (role: "user" | "assistant", content: string) => ({ role, content });
const conversation = (turns: number, length = long): Prompt["messages"] => [
  ...Array.from({ length: turns }, (_, index) => [
    said("user", `${index}? ${length}`),
    said("assistant", `${index}. ${length}`),
  ]).flat(),
  said("user", "And?"),
];
const prompt = (changes: Partial<Prompt> = {}): Prompt => ({
  system: "",
  messages: conversation(0),
  passages: [],
  ...changes,
});
const pointsOf = (id: string, changes: Partial<Prompt>) => {
  const caching = cachingOf(id);
  return caching && cachePointsOf(caching, prompt(changes));
};
const blocksOf = (id: string, changes: Partial<Prompt>) =>
  converseMessages(prompt(changes), pointsOf(id, changes)).map(({ role, content = [] }) => [
    role,
    ...content.map((block) => Object.keys(block)[0]),
  ]);

describe("cache points", () => {
  it("stand behind the messages before the question, and where the turn before had its own", () => {
    expect(blocksOf(claude, { messages: conversation(2) })).toEqual([
      ["user", "text"],
      ["assistant", "text", "cachePoint"],
      ["user", "text"],
      ["assistant", "text", "cachePoint"],
      ["user", "text"],
    ]);
  });

  it("leave a prefix that the next turn begins with too, passages or not", () => {
    const passages = [{ quote: "secret" }];
    const before = converseMessages(
      prompt({ messages: conversation(2), passages }),
      pointsOf(claude, { messages: conversation(2) }),
    );
    const after = converseMessages(
      prompt({ messages: conversation(3) }),
      pointsOf(claude, { messages: conversation(3) }),
    );
    expect(after.slice(2, 4)).toEqual(before.slice(2, 4));
    expect(JSON.stringify(after.slice(0, 4)).replaceAll(/,?{"cachePoint":{[^}]*}}/g, "")).toBe(
      JSON.stringify(before.slice(0, 4)).replaceAll(/,?{"cachePoint":{[^}]*}}/g, ""),
    );
  });

  it("are not sent below what the model caches at least", () => {
    const short = { messages: conversation(3, "word"), system: "Be short." };
    expect(JSON.stringify(blocksOf(claude, short))).not.toContain("cachePoint");
    expect(pointsOf(claude, short)).toMatchObject({ system: false, tools: false });
    expect(pointsOf(claude, { system: long })).toMatchObject({ system: true });
    // Opus 4.5 caches nothing shorter than 4,096 tokens.
    expect(pointsOf("anthropic.claude-opus-4-5-20251101-v1:0", { system: long })).toMatchObject({
      system: false,
    });
  });

  it.each([
    "meta.llama3-1-70b-instruct-v1:0",
    "amazon.titan-text-premier-v1:0",
    "anthropic.claude-3-haiku-20240307-v1:0",
    "anthropic.claude-3-5-sonnet-20240620-v1:0",
    "mistral.mistral-large-2402-v1:0",
  ])("are never sent to %s, which would refuse them", (id) => {
    expect(cachingOf(id)).toBeUndefined();
    expect(bedrockModels([{ id }])[0]?.cachesPrompts).toBe(false);
  });

  it("stand behind what tools answered for Claude, and behind text alone for Nova, four at most", () => {
    const call = { type: "tool-call", toolCallId: "t", toolName: "look", input: {} } as const;
    const result = { type: "tool-result", toolCallId: "t", output: long } as const;
    const changes = {
      system: long,
      messages: conversation(3),
      tools: [{ name: "look", description: long, inputSchema: {} }],
      steps: [
        { ...said("assistant", ""), parts: [call] },
        { ...said("user", ""), parts: [result] },
      ],
    };
    const count = (id: string) =>
      JSON.stringify(blocksOf(id, changes)).split("cachePoint").length - 1;
    expect(blocksOf(claude, changes).at(-1)).toEqual(["user", "toolResult", "cachePoint"]);
    expect(blocksOf(nova, changes).at(-1)).toEqual(["user", "toolResult"]);
    expect([count(claude), pointsOf(claude, changes)]).toMatchObject([
      3,
      { system: true, tools: false },
    ]);
    expect([count(nova), pointsOf(nova, changes)]).toMatchObject([
      2,
      { system: true, tools: false },
    ]);
  });
});

describe("the window", () => {
  const model = (changes: Partial<ChatModel>): ChatModel => ({
    ...embeddedModels()[0]!,
    maxOutputTokens: 100,
    ...changes,
  });
  const historyOf = (count: number, content = "x", fields: Partial<Message> = {}) =>
    Array.from(
      { length: count },
      (_, index): Message => ({
        ...messageOf(
          { ...draft(""), role: index % 2 === 0 ? "user" : "assistant", content },
          index + 1,
          "t",
        ),
        ...(index % 2 === 1 && fields),
      }),
    );

  it("begins at the same message for some turns where the model caches, and moves by one elsewhere", () => {
    const begins = (cachesPrompts: boolean) =>
      [60, 62, 64, 66, 68, 70, 72].map((count) => {
        const history = historyOf(count, "x")
          .slice(-50)
          .map((one) => ({ ...one, content: `m${one.sequence}` }));
        return promptOf(model({ cachesPrompts }), history, { content: "?" }, []).messages[0]
          ?.content;
      });
    expect(begins(true)).toEqual(["m11", "m21", "m21", "m21", "m21", "m21", "m31"]);
    expect(begins(false)).toEqual(["m11", "m13", "m15", "m17", "m19", "m21", "m23"]);
  });

  it("is as long as the provider's counts of the answers allow", () => {
    const content = "word ".repeat(60);
    const contextTokens = 2_100;
    const length = (history: readonly Message[]) =>
      promptOf(model({ contextTokens }), history, { content: "?" }, []).messages.length - 1;
    const usage = (outputTokens: number) =>
      ({
        modelId: "embedded",
        stopReason: "complete",
        usage: { inputTokens: 1, outputTokens },
      }) as const;
    // 104 tokens are estimated for each message.
    expect(length(historyOf(40, content))).toBe(18);
    // It were 60, says the provider: as many more fit.
    expect(length(historyOf(40, content, usage(60)))).toBe(30);
    // It were 150: fewer fit, or the model would refuse them.
    expect(length(historyOf(40, content, usage(150)))).toBe(12);
    // Another model counts otherwise.
    expect(length(historyOf(40, content, { ...usage(60), modelId: "other" }))).toBe(18);
  });
});
