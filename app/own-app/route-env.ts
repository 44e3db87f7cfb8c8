import type { AppEnv } from "../context.ts";
import type { Library } from "../documents/library.ts";
import type { User } from "../http/identity.ts";
import type { ChatModel } from "../models/chat-model.ts";
import type { ConversationStore } from "../store/conversation-store.ts";

/** What routes of a team's own find in `c.env` and `c.get(…)`. */
export interface RouteEnv {
  Bindings: AppEnv["Bindings"];
  Variables: {
    /** Who is calling, by the verified access token. */
    user: User;
    /** The tenant's id. */
    tenant: string;
    /** The tenant's conversations; each call names the user. */
    store: ConversationStore;
    documents: Library;
    /** The default first; none is possible. */
    models: readonly ChatModel[];
  };
}
