import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../app.ts";
import { getHealth, getOpenApi } from "../contract/service.ts";
import { openApiJson } from "../openapi.ts";

export function health() {
  return new OpenAPIHono<AppEnv>().openapi(getHealth, (c) =>
    c.json({ status: "ok" as const }, 200),
  );
}

export function openApi() {
  return new OpenAPIHono<AppEnv>().get(getOpenApi.getRoutingPath(), (c) =>
    c.body(openApiJson(), 200, { "content-type": "application/json" }),
  );
}
