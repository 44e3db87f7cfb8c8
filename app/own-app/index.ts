/**
 * `app/own-app/`: the app in a team's own function: extended with routes, hooks, models and retrieval of
 * theirs, or replaced by an app of their own. This file is `chatstack/app`.
 */
import { dependenciesOf, type Ports } from "../lambda/dependencies.ts";
import { readEnvironment } from "../lambda/environment.ts";

export type { SystemPrompt } from "../chat/prompt.ts";
export { type ChatTool, chatTool, type ToolContext, type ToolInput } from "../chat/tools.ts";
export type { Library } from "../documents/library.ts";
export type { Passages } from "../documents/retrieval.ts";
export type { Document } from "../documents/types.ts";
export {
  type EventDetail,
  type EventType,
  eventDetails,
  eventSource,
} from "../events/events.ts";
export type { User, UserRole } from "../http/identity.ts";
export { roleOf } from "../http/identity.ts";
export { Problem, type ProblemKind } from "../http/problem.ts";
export {
  type ChatModel,
  ModelError,
  type ModelErrorKind,
  type ModelEvent,
  type Prompt,
} from "../models/chat-model.ts";
export type { ConversationStore } from "../store/conversation-store.ts";
export type { Citation, Message, TokenUsage } from "../store/message.ts";
export { StoreError, type StoreErrorKind } from "../store/store-error.ts";
export { type ChatApp, createApp, type Extension } from "./create-app.ts";
export {
  type EventContext,
  type EventHandlers,
  type QueueHandler,
  type QueueMessage,
  queueUrl,
  type ScheduledRun,
  type ScheduleHandler,
} from "./events.ts";
export { handlerOf as handler } from "./handler.ts";
export type { DocumentReady, HookContext, Hooks, TurnSaved, UserErased } from "./hooks.ts";
export type { RouteEnv } from "./route-env.ts";
export { defaultHook } from "./validation.ts";
export type { Ports };

/**
 * Every port of the app on AWS, by the variables that `ChatApi` gives the function. Another model, retrieval or
 * store takes the place of one: `{ ...dependencies(), passages }`.
 *
 * @param variables default `process.env`.
 * @throws Error that names the variables that are missing or not valid.
 */
export function dependencies(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Ports {
  return dependenciesOf(readEnvironment(variables));
}
