import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { routePath } from "hono/route";
import type { Quotas } from "./chat/quotas.ts";
import { importBytes } from "./contract/transfer.ts";
import type { Cursors } from "./cursor.ts";
import type { Library } from "./documents/library.ts";
import type { Passages } from "./documents/retrieval.ts";
import { refuseWhileErasing } from "./erasing.ts";
import { problemOf, unrouted, validationProblem } from "./failures.ts";
import { type Audience, authenticate, type User } from "./identity.ts";
import { failureEntry, type Log } from "./log.ts";
import type { ChatModel } from "./models/chat-model.ts";
import { Problem } from "./problem.ts";
import { adminRoutes } from "./routes/admin.ts";
import { chatRoutes } from "./routes/chat.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { documentRoutes } from "./routes/documents.ts";
import { messageRoutes } from "./routes/messages.ts";
import { profileRoutes } from "./routes/profile.ts";
import { recordRoutes } from "./routes/records.ts";
import { health, reference } from "./routes/service.ts";
import { syncRoutes } from "./routes/sync.ts";
import { transferRoutes } from "./routes/transfer.ts";
import type { AdminStore } from "./store/admin-store.ts";
import type { ConversationStore } from "./store/conversation-store.ts";
import type { ErasureStore } from "./store/erasure-store.ts";
import type { ProfileStore } from "./store/profile-store.ts";
import type { RecordStore } from "./store/record-store.ts";
import type { TransferStore } from "./store/transfer-store.ts";
import type { UsageStore } from "./store/usage-store.ts";

/** All that the app needs from outside: one tenant's stores, and whose tokens it takes. */
export interface AppDependencies {
  readonly tenant: string;
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
  readonly admin: AdminStore;
  readonly transfers: TransferStore;
  readonly erasures: ErasureStore;
  readonly cursors: Cursors;
  readonly now: () => Date;
  readonly log: Log;
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

const bodyBytes = 1024 * 1024;

/** The API of one tenant: `app.fetch(request, { claims, requestId })`. */
export function createApp(deps: AppDependencies) {
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw validationProblem(result.error, result.target);
    },
  });

  app.use(async (c, next) => {
    const start = performance.now();
    await next();
    deps.log({
      level: "info",
      message: "request",
      tenant: deps.tenant,
      requestId: c.env?.requestId,
      method: c.req.method,
      route: routePath(c, -1),
      status: c.res.status,
      ms: Math.round(performance.now() - start),
    });
  });
  app.onError((error, c) => {
    const problem = problemOf(error);
    if (problem.status >= 500) {
      deps.log(failureEntry(error, { tenant: deps.tenant, requestId: c.env?.requestId }));
    }
    return problem.toResponse();
  });
  app.notFound(unrouted);

  // What stands above the authentication is public.
  const open = app.route("/", health()).route("/", reference());
  app.use(authenticate(deps.audience));
  app.use("/import", limited(importBytes));
  app.use(async (c, next) => (c.req.path === "/import" ? next() : usualLimit(c, next)));
  app.use(refuseWhileErasing(deps.erasures, deps.now));
  return open
    .route("/", profileRoutes(deps))
    .route("/", recordRoutes(deps))
    .route("/", syncRoutes(deps))
    .route("/", conversationRoutes(deps))
    .route("/", messageRoutes(deps))
    .route("/", chatRoutes(deps))
    .route("/", transferRoutes(deps))
    .route("/", adminRoutes(deps))
    .route("/", documentRoutes(deps));
}

const usualLimit = limited(bodyBytes);

function limited(maxSize: number) {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new Problem("too-large", { detail: `A body may have ${maxSize / 1024 ** 2} MiB.` });
    },
  });
}

export type App = ReturnType<typeof createApp>;
