/** A typed client of a tenant's API. It runs in browsers, workers, React Native and Node, and holds no server code. */
export type { Adapted, Given, Part } from "./adapters/adapters.ts";
export { fromUIMessage, toUIMessage, type UIMessageLike } from "./adapters/ai-sdk.ts";
export { type AnthropicMessage, fromAnthropic, toAnthropic } from "./adapters/anthropic.ts";
export {
  fromStoredMessage,
  type StoredMessageLike,
  toStoredMessage,
} from "./adapters/langchain.ts";
export { fromOpenAI, type OpenAIItem, toOpenAI } from "./adapters/openai.ts";
export { type AnswerEvent, type AskOptions, answerEvents, ask, type Exchange } from "./answers.ts";
export { type Client, type ClientOptions, createClient, everyItem } from "./client.ts";
export type { components, operations, paths } from "./contract.ts";
export { ApiProblem, result } from "./problem.ts";
export {
  type Conversation,
  type ConversationCache,
  type Message,
  type MessageCache,
  syncConversations,
  syncMessages,
} from "./sync.ts";
export type { TransportOptions } from "./transport.ts";
export {
  type UIChatChunk,
  type UIChatMessage,
  type UITransportOptions,
  uiTransport,
} from "./ui-transport.ts";
export { type UploadOptions, upload } from "./uploads.ts";
