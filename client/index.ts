/** A typed client of a tenant's API. It runs in browsers, on phones and in Node, and holds no server code. */
export type { InferRequestType, InferResponseType } from "hono/client";
export { type AnswerEvent, answerEvents, type Exchange } from "./answer-events.ts";
export { type Client, type ClientOptions, createClient, everyItem } from "./client.ts";
export { ApiProblem, result } from "./problem.ts";
