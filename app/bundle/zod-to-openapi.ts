import { ZodType } from "zod";

/**
 * Stands in for `@asteasolutions/zod-to-openapi` in the bundle, where the document was generated at
 * build time: what describes a schema does nothing, and the generator stays out.
 */
ZodType.prototype.openapi = function () {
  return this;
};

export function extendZodWithOpenApi(): void {}

export class OpenAPIRegistry {
  readonly definitions = [];

  registerPath(): void {}
  registerComponent(): void {}
}

/** The bundle serves a document that exists; asking for another one is a mistake. */
export class OpenApiGeneratorV31 {
  generateDocument(): never {
    throw new Error("the bundle cannot generate an OpenAPI document");
  }
}

export { OpenApiGeneratorV31 as OpenApiGeneratorV3 };

export function getOpenApiMetadata(): never {
  throw new Error("the bundle knows nothing of OpenAPI");
}
