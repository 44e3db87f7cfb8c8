import { generateOpenApiJson } from "./openapi.ts";

/** Set by the bundle, which generates the document when it is built. */
declare const OPENAPI_JSON: string | undefined;

let generated: string | undefined;

/** The OpenAPI 3.1 document of the routes, as JSON. */
export function openApiJson(): string {
  if (typeof OPENAPI_JSON === "string") return OPENAPI_JSON;
  generated ??= generateOpenApiJson();
  return generated;
}
