import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../context.ts";
import { getHealth, getOpenApi, getReference } from "../contract/service.ts";
import { openApiJson } from "../openapi/openapi.ts";
import { referencePage } from "../reference/reference.ts";

export function health() {
  return new OpenAPIHono<AppEnv>().openapi(getHealth, (c) =>
    c.json({ status: "ok" as const }, 200),
  );
}

/** What the API is, for people and for programs. */
export function reference() {
  return new OpenAPIHono<AppEnv>()
    .get(getOpenApi.getRoutingPath(), (c) =>
      c.body(openApiJson(), 200, { "content-type": "application/json" }),
    )
    .get(getReference.getRoutingPath(), async (c) => {
      const { html, policy } = await referencePage();
      return c.html(html, 200, {
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "no-referrer",
      });
    });
}
