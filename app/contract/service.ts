import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { json, problem, problems, signedIn } from "./parts.ts";

const tags = ["service"];

export const getHealth = createRoute({
  method: "get",
  path: "/health",
  operationId: "getHealth",
  summary: "Whether the API answers; needs no token",
  tags,
  security: [],
  responses: {
    200: { description: "It does.", content: json(z.object({ status: z.literal("ok") })) },
    429: {
      description: "Too many requests.",
      content: { "application/problem+json": { schema: problem } },
    },
  },
});

export const getOpenApi = createRoute({
  method: "get",
  path: "/openapi.json",
  operationId: "getOpenApi",
  summary: "This document",
  tags,
  security: signedIn,
  responses: {
    200: { description: "OpenAPI 3.1.", content: json(z.record(z.string(), z.unknown())) },
    ...problems(),
  },
});
