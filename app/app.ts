/**
 * The app of one tenant: its middleware and routes. The folders below hold what they are made of, one
 * subject each; no file here knows Pulumi.
 */
import { OpenAPIHono } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { createMiddleware } from "hono/factory";
import { openAiErrors } from "./chat/chat-completion.ts";
import type { AppDependencies, AppEnv } from "./context.ts";
import { createCompletion } from "./contract/completions.ts";
import { importBytes } from "./contract/transfer.ts";
import { answerHeaders } from "./http/answer-headers.ts";
import { authenticate } from "./http/authenticate.ts";
import { exactBody } from "./http/body.ts";
import { problemOf, unrouted, validationProblem } from "./http/failures.ts";
import { refuseUnheeded } from "./http/idempotency.ts";
import { Problem } from "./http/problem.ts";
import { refuseByState } from "./http/refuse-by-state.ts";
import { failureEntry } from "./lambda/log.ts";
import { requestLog } from "./logging/request-log.ts";
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
import { refuseWhileErasing } from "./transfer/erasing.ts";

const bodyBytes = 1024 * 1024;

/** The API of one tenant: `app.fetch(request, { claims, requestId })`. */
export function createApp(deps: AppDependencies) {
  const app = new OpenAPIHono<AppEnv>({
    defaultHook: (result) => {
      if (!result.success) throw validationProblem(result.error, result.target);
    },
  });

  app.use(requestLog(deps.tenant, deps.log));
  app.use(answerHeaders);
  app.use(createCompletion.path, openAiErrors);
  app.onError((error) => {
    const problem = problemOf(error);
    if (problem.status >= 500) deps.log(failureEntry(error, { status: problem.status }));
    return problem.toResponse();
  });
  app.notFound(unrouted);

  const alive = app.route("/", health());
  if (deps.state !== "active") app.use(refuseByState(deps.state));
  // What stands above the authentication is public.
  const open = alive.route("/", reference(deps.openApi));
  app.use(authenticate(deps.audience));
  app.use("/import", limited(importBytes));
  app.use(async (c, next) => (c.req.path === "/import" ? next() : usualLimit(c, next)));
  app.use(refuseUnheeded);
  app.use(exactBody);
  app.use(refuseWhileErasing(deps));
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
  const counted = bodyLimit({
    maxSize,
    onError: () => {
      throw new Problem("too-large", {
        detail: `A body may have ${maxSize.toLocaleString("en-US")} bytes.`,
      });
    },
  });
  return createMiddleware<AppEnv>((c, next) => {
    const length = c.req.header("content-length");
    const isSaid = length !== undefined && c.req.header("transfer-encoding") === undefined;
    // It looks at the body's stream first, which need not be made where its length is known.
    return isSaid && Number(length) <= maxSize ? next() : counted(c, next);
  });
}

export type App = ReturnType<typeof createApp>;
