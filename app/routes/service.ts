import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../context.ts";
import { getHealth, getOpenApi, getReference } from "../contract/service.ts";
import { type ReferencePage, referencePage } from "../reference/reference.ts";

export function health() {
  return new OpenAPIHono<AppEnv>().openapi(getHealth, (c) =>
    c.json({ status: "ok" as const }, 200),
  );
}

/** A seventh of the code: loaded when somebody asks for it. */
const openApiJson = async () => (await import("../openapi/written.ts")).openApiJson();

/** The routes of the API reference: a page and the OpenAPI document. */
export function reference(document: () => string | Promise<string> = openApiJson) {
  let page: Promise<ReferencePage> | undefined;
  return new OpenAPIHono<AppEnv>()
    .get(getOpenApi.getRoutingPath(), async (c) =>
      c.body(await document(), 200, { "content-type": "application/json" }),
    )
    .get(getReference.getRoutingPath(), async (c) => {
      page ??= Promise.resolve(document()).then(referencePage);
      const { html, policy } = await page;
      return c.html(html, 200, {
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        "referrer-policy": "no-referrer",
      });
    });
}
