/**
 * The same six routes in three frameworks, as each one's documentation would have them and with nothing that was not
 * needed: no logs, no checks of tokens or bodies but the one that the measured error is about. `store` is the stub.
 */
import awsLambdaFastify from "@fastify/aws-lambda";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import serverless from "serverless-http";

const isMessage = (body) => typeof body?.content === "string" && typeof body?.role === "string";
const invalid = { type: "about:blank", title: "Bad Request", status: 400 };

export function honoApp(store) {
  const app = new Hono();
  app.get("/health", (c) => c.json({ status: "ok" }));
  app.get("/conversations", async (c) => c.json(await store.list()));
  app.post("/conversations", async (c) => c.json(await store.create(await c.req.json()), 201));
  app.get("/conversations/:id", async (c) => c.json(await store.open(c.req.param("id"))));
  app.post("/conversations/:id/messages", async (c) => {
    const body = await c.req.json();
    if (!isMessage(body)) return c.json(invalid, 400);
    return c.json(await store.append(c.req.param("id"), body), 201);
  });
  return app;
}

export function expressApp(store) {
  const app = express();
  app.use(express.json());
  app.get("/health", (_, response) => response.json({ status: "ok" }));
  app.get("/conversations", async (_, response) => response.json(await store.list()));
  app.post("/conversations", async (request, response) =>
    response.status(201).json(await store.create(request.body)),
  );
  app.get("/conversations/:id", async (request, response) =>
    response.json(await store.open(request.params.id)),
  );
  app.post("/conversations/:id/messages", async (request, response) => {
    if (!isMessage(request.body)) return response.status(400).json(invalid);
    response.status(201).json(await store.append(request.params.id, request.body));
  });
  return app;
}

export function fastifyApp(store) {
  const app = fastify();
  app.get("/health", async () => ({ status: "ok" }));
  app.get("/conversations", async () => store.list());
  app.post("/conversations", async (request, reply) => {
    reply.code(201);
    return store.create(request.body);
  });
  app.get("/conversations/:id", async (request) => store.open(request.params.id));
  app.post("/conversations/:id/messages", async (request, reply) => {
    reply.code(isMessage(request.body) ? 201 : 400);
    return isMessage(request.body) ? store.append(request.params.id, request.body) : invalid;
  });
  return app;
}

export const handlers = {
  "bare Hono": (store) => handle(honoApp(store)),
  "Express, serverless-http": (store) => serverless(expressApp(store)),
  "Fastify, @fastify/aws-lambda": (store) => awsLambdaFastify(fastifyApp(store)),
};

/** As servers of their own; each resolves once it listens, with its port. */
export const servers = {
  Express: (store) =>
    new Promise((done) => {
      const server = expressApp(store).listen(0, "127.0.0.1", () => done(server.address().port));
    }),
  Fastify: async (store) => {
    const app = fastifyApp(store);
    await app.listen({ host: "127.0.0.1", port: 0 });
    return app.server.address().port;
  },
};
