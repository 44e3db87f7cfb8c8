import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { header, json, problem, problems, signedIn } from "./parts.ts";

const tags = ["service"];

export const getHealth = createRoute({
  method: "get",
  path: "/health",
  operationId: "getHealth",
  summary: "Check that the API answers. Needs no token",
  tags,
  security: [],
  responses: {
    200: { description: "The API answers.", content: json(z.object({ status: z.literal("ok") })) },
    429: {
      description: "Too many requests.",
      content: { "application/problem+json": { schema: problem } },
    },
  },
});

/** The documents hold nothing of a tenant: whether the gateway lets strangers have them is its choice. */
const optionallySignedIn = [{}, ...signedIn];
const published = "Needs no token if the stack publishes its API reference.";

export const getOpenApi = createRoute({
  method: "get",
  path: "/openapi.json",
  operationId: "getOpenApi",
  summary: "Get this document",
  description: published,
  tags,
  security: optionallySignedIn,
  responses: {
    200: { description: "OpenAPI 3.1.", content: json(z.record(z.string(), z.unknown())) },
    ...problems(),
  },
});

export const getReference = createRoute({
  method: "get",
  path: "/docs",
  operationId: "getReference",
  summary: "Get the API reference, a page that can send requests",
  description: published,
  tags,
  security: optionallySignedIn,
  responses: {
    200: {
      description: "One page, which loads nothing from other servers.",
      headers: { "Content-Security-Policy": header("Allows its own script and this API only.") },
      content: { "text/html": { schema: z.string() } },
    },
    ...problems(),
  },
});
