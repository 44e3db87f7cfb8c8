/** The OpenAPI 3.1 document, generated from the contract. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { contract } from "../contract/index.ts";
import { tags } from "../contract/tags.ts";
import { completed } from "./complete.ts";
import type { JsonObject } from "./json.ts";
import { withNullableReferences } from "./nullable.ts";

export function generateOpenApiJson(): string {
  const api = new OpenAPIHono();
  api.openAPIRegistry.registerComponent("securitySchemes", "accessToken", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description: "An access token of the tenant's user pool.",
  });
  for (const route of contract) api.openAPIRegistry.registerPath(route);
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "chatstack",
      version: "1.0.0",
      description: "One tenant's chat history. Errors are RFC 9457 problem details.",
      license: { name: "Apache-2.0", url: "https://www.apache.org/licenses/LICENSE-2.0" },
    },
    // Relative to where the document was fetched: tenants and stages differ in host and path.
    servers: [{ url: ".", description: "The tenant that this document was fetched from." }],
    tags: tags.filter(({ name }) =>
      contract.some((route) => route.tags.some((tag) => tag === name)),
    ),
  });
  const json: JsonObject = JSON.parse(JSON.stringify(document));
  return JSON.stringify(completed(withNullableReferences(json)));
}
