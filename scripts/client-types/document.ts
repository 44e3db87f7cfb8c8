/** `scripts/client-types/`: the client's types, from the API's OpenAPI document. */
import openapiTs, { astToString } from "openapi-typescript";
import { generateOpenApiJson } from "../../app/openapi/openapi.ts";

/** A request may leave out what has a default, so a default makes no property required. */
export async function clientTypes(): Promise<string> {
  const types = await openapiTs(JSON.parse(generateOpenApiJson()), {
    defaultNonNullable: false,
  });
  return `// Written by \`npm run client-types\` from the API's OpenAPI document.\n${astToString(types)}`;
}
