/** A model's answer as server-sent events with Hono's own helpers: `streamSSE` behind `streamHandle`. */
import { Hono } from "hono";
import { streamHandle } from "hono/aws-lambda";
import { streamSSE } from "hono/streaming";

/** @param answer makes the model's events for a question. */
export function streaming(answer) {
  const app = new Hono().post("/conversations/:id/chat", async (c) => {
    const { content } = await c.req.json();
    return streamSSE(c, async (stream) => {
      const stop = new AbortController();
      stream.onAbort(() => stop.abort());
      for await (const event of answer(content, stop.signal)) {
        if (event.type === "text") {
          await stream.writeSSE({ event: "delta", data: JSON.stringify({ text: event.text }) });
        }
      }
    });
  });
  return streamHandle(app);
}
