import type { InferResponseType } from "hono/client";
import type { Client } from "./client.ts";
import { ApiProblem } from "./problem.ts";

/** A question with its answer. */
export type Exchange = Extract<
  InferResponseType<Client["conversations"][":id"]["chat"]["$post"], 200>,
  { assistantMessage: unknown }
>;

export type AnswerEvent =
  /** The answer's text from that UTF-16 offset on; `id` is for `Last-Event-ID`, should the stream break off. */
  | { readonly event: "delta"; readonly id: string; readonly offset: number; readonly text: string }
  /** Question and answer as they were saved: what counts where it differs from the deltas. */
  | { readonly event: "message"; readonly exchange: Exchange }
  | { readonly event: "error"; readonly problem: ApiProblem };

/**
 * The events of a streamed chat answer, until its end. Throws when the stream ends without one: the
 * same request with its `Idempotency-Key` and the last `id` as `Last-Event-ID` goes on from there.
 */
export async function* answerEvents(
  response: Pick<Response, "ok" | "status" | "headers" | "body" | "text">,
): AsyncGenerator<AnswerEvent> {
  if (!response.ok) throw new ApiProblem(response, JSON.parse(await response.text()));
  for await (const { event, id, data } of serverSentEvents(response.body)) {
    if (event === "delta") yield { event, id, ...JSON.parse(data) };
    if (event === "message") yield { event, exchange: JSON.parse(data) };
    if (event === "error") yield { event, problem: new ApiProblem(response, JSON.parse(data)) };
    if (event === "done") return;
  }
  throw new Error("The stream broke off before the answer's end.");
}

/** Server-sent events (WHATWG HTML, section 9.2) as this API writes them: one `data` line each. */
async function* serverSentEvents(body: Response["body"]) {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
      const blocks = (rest + part.value).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        const field = (name: string) =>
          block
            .split("\n")
            .find((line) => line.startsWith(`${name}: `))
            ?.slice(name.length + 2) ?? "";
        // What begins with a colon is a comment, sent to keep the connection open.
        if (field("event") !== "") {
          yield { event: field("event"), id: field("id"), data: field("data") };
        }
      }
    }
  } finally {
    await reader?.cancel();
  }
}
