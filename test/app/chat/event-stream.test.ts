import { expect, it } from "vitest";
import { answerEvents, eventStream } from "../../../app/chat/event-stream.ts";
import { answerInSteps } from "../../../app/chat/steps.ts";
import { type Outcome, Turn } from "../../../app/chat/turn.ts";
import { embeddedModels } from "../../../app/models/embedded.ts";
import { messageOf } from "../../../app/store/message.ts";
import { eventsOf, textOf } from "../../../testing/app/events.ts";
import { Pacer } from "../../../testing/app/pacer.ts";
import { draft } from "../../../testing/app/store.ts";

const outcome: Outcome = {
  exchange: {
    userMessage: messageOf(draft("q"), 1, "t"),
    assistantMessage: messageOf({ ...draft("word1 word2 "), role: "assistant" }, 2, "t"),
  },
};

const noTool = () => Promise.reject(new Error("no tool was given"));

function prepare(pacer: Pacer) {
  const [model] = embeddedModels(pacer.pace);
  const messages = [{ role: "user", content: "/words 2" }] as const;
  return new Turn(
    (signal) => answerInSteps(model!, { system: "", messages, passages: [] }, noTool, signal),
    async () => outcome,
  );
}

it("sends a comment while the model is silent, and goes on when it speaks", async () => {
  const pacer = new Pacer(1);
  const { body } = eventStream(prepare(pacer).watch(0), answerEvents, 5);
  const reader = body.getReader();
  const read = async () => Buffer.from((await reader.read()).value ?? []).toString();
  let text = await read();
  expect(textOf(eventsOf(text))).toBe("word1 ");
  for (let beat = 0; beat < 3; beat++) expect(await read()).toBe(": heartbeat\n\n");
  pacer.allow(1);
  for (let chunk = await read(); chunk !== ""; chunk = await read()) text += chunk;
  expect(textOf(eventsOf(text))).toBe("word1 word2 ");
  expect(eventsOf(text).map(({ event }) => event)).toEqual(["delta", "delta", "message", "done"]);
});

it("gives a reader who was away all that came meanwhile as one piece", async () => {
  const pacer = new Pacer(Number.POSITIVE_INFINITY);
  const turn = prepare(pacer);
  const { body } = eventStream(turn.watch(0));
  await turn.outcome;
  const events = eventsOf(await new Response(body).text());
  expect(events.map(({ event }) => event)).toEqual(["delta", "message", "done"]);
  expect(events[0]).toEqual({
    id: "12",
    event: "delta",
    data: { offset: 0, text: "word1 word2 " },
  });
});

it("ends also when the model ignores that it was stopped", async () => {
  const turn = new Turn(
    async function* () {
      yield { type: "text", text: "so far" } as const;
      await new Promise(() => {});
    },
    async ({ text, stopReason }) => {
      expect([text, stopReason]).toEqual(["so far", "aborted"]);
      return outcome;
    },
  );
  const watcher = turn.watch(0);
  expect(await watcher.next()).toMatchObject({ text: "so far" });
  await watcher.leave();
  expect(await turn.outcome).toBe(outcome);
});
