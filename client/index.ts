/** A typed client of a tenant's API. It runs in browsers, workers, React Native and Node, and holds no server code. */
export { type AnswerEvent, type AskOptions, answerEvents, ask, type Exchange } from "./answers.ts";
export { type Client, type ClientOptions, createClient, everyItem } from "./client.ts";
export type { components, operations, paths } from "./contract.ts";
export { ApiProblem, result } from "./problem.ts";
export { type Conversation, type ConversationCache, syncConversations } from "./sync.ts";
export type { TransportOptions } from "./transport.ts";
export { type UploadOptions, upload } from "./uploads.ts";
