/** A chat backend of your own on the store: what it answers is up to you. */
import { type ConversationStore, newIdentifier, StoreError } from "chatstack/store";
import { Hono } from "hono";
import { jwk } from "hono/jwk";

export interface Settings {
  readonly store: ConversationStore;
  /** The user pool's, e.g. `https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_AbCdEf123`. */
  readonly issuer: string;
  /** The app client whose access tokens are taken. */
  readonly clientId: string;
  /** Default: the issuer's. */
  readonly keys?: string;
}

export function createApp({ store, issuer, clientId, keys }: Settings) {
  const app = new Hono<{ Variables: { user: string; jwtPayload: Record<string, unknown> } }>();

  app.get("/health", (c) => c.json({ status: "ok" }));

  // No gateway stands in front: the signature, the issuer and the times are verified here.
  app.use(
    jwk({
      jwks_uri: keys ?? `${issuer}/.well-known/jwks.json`,
      alg: ["RS256"],
      verification: { iss: issuer },
    }),
  );
  app.use(async (c, next) => {
    const { sub, token_use, client_id } = c.get("jwtPayload");
    if (token_use !== "access" || client_id !== clientId || typeof sub !== "string") {
      return c.json({ error: "no access token of this app" }, 401);
    }
    c.set("user", sub);
    return next();
  });

  app.get("/chats", async (c) => {
    const { items } = await store.list(c.get("user"), { limit: 20 });
    return c.json(items.map(({ id, title, messageCount }) => ({ id, title, messageCount })));
  });

  app.post("/chats", async (c) => {
    const { title } = await c.req.json();
    const draft = { id: newIdentifier(), title: String(title), modelId: null };
    const { conversation } = await store.create(c.get("user"), draft);
    return c.json({ id: conversation.id }, 201);
  });

  app.get("/chats/:id", async (c) => {
    const { items } = await store.messages(c.get("user"), c.req.param("id"), {
      limit: 50,
      order: "asc",
    });
    return c.json(items.map(({ role, content }) => ({ role, content })));
  });

  app.post("/chats/:id", async (c) => {
    const question = await c.req.text();
    const common = {
      type: "text",
      modelId: null,
      isError: false,
      errorMessage: null,
      citations: [],
      llmResponseId: null,
    };
    // The place of your model. Question and answer are saved together or not at all.
    const answer = `You said: ${question}`;
    await store.appendTurn(c.get("user"), c.req.param("id"), [
      { ...common, role: "user", content: question },
      { ...common, role: "assistant", content: answer },
    ]);
    return c.json({ answer }, 201);
  });

  app.onError((error, c) => {
    if (error instanceof StoreError && error.kind === "not-found") {
      return c.json({ error: "not found" }, 404);
    }
    if ("getResponse" in error && typeof error.getResponse === "function") {
      return error.getResponse();
    }
    return c.json({ error: error.name }, 500);
  });
  return app;
}
