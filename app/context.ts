/** What the app and each of its requests have at hand. */
import type { SystemPrompt } from "./chat/prompt.ts";
import type { Quotas } from "./chat/quotas.ts";
import type { ChatTool } from "./chat/tools.ts";
import type { Library } from "./documents/library.ts";
import type { Passages } from "./documents/retrieval.ts";
import type { Cursors } from "./http/cursor.ts";
import type { Audience, User } from "./http/identity.ts";
import type { Log } from "./lambda/log.ts";
import type { ChatModel, Guardrail } from "./models/chat-model.ts";
import type { TenantState } from "./resources/tenant-state.ts";
import type { AdminStore } from "./store/admin-store.ts";
import type { ConversationStore, RunStore } from "./store/conversation-store.ts";
import type { ErasureStore } from "./store/erasure-store.ts";
import type { ProfileStore } from "./store/profile-store.ts";
import type { RecordStore } from "./store/record-store.ts";
import type { TransferStore } from "./store/transfer-store.ts";
import type { UsageStore } from "./store/usage-store.ts";

/** All that the app needs from outside: one tenant's stores, and whose tokens it takes. */
export interface AppDependencies {
  readonly tenant: string;
  readonly state: TenantState;
  readonly audience: Audience;
  readonly conversations: ConversationStore;
  readonly profiles: ProfileStore;
  readonly records: RecordStore;
  /** The default first; none is possible. */
  readonly models: readonly ChatModel[];
  readonly usage: UsageStore;
  readonly quotas: Quotas;
  readonly library: Library;
  readonly passages: Passages;
  /** Default: nobody sees an answer that is under way. */
  readonly runs?: RunStore;
  /** What models may call; default nothing. */
  readonly tools?: readonly ChatTool[];
  /** That conversations may choose from, by their names; default none. */
  readonly guardrails?: Readonly<Record<string, Guardrail>> | undefined;
  readonly admin: AdminStore;
  readonly transfers: TransferStore;
  readonly erasures: ErasureStore;
  readonly cursors: Cursors;
  readonly now: () => Date;
  readonly log: Log;
  /** Stands before the instructions of each conversation. Default none. */
  readonly systemPrompt?: SystemPrompt | undefined;
  /** The OpenAPI document, as JSON. Default: that of the contract. */
  readonly openApi?: (() => string) | undefined;
}

export interface AppEnv {
  Bindings: {
    /** Claims of the access token, verified by the gateway's authorizer. */
    readonly claims?: unknown;
    readonly requestId?: string;
    /** Epoch milliseconds at which the process may be stopped, answered or not. */
    readonly deadline?: number;
  };
  Variables: { user: User };
}
