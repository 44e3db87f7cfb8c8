import { generateOpenApiJson } from "../../../app/openapi/openapi.ts";

export type Schema = Readonly<Record<string, unknown>>;

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Media {
  readonly schema: Schema;
  readonly example?: unknown;
}

export interface Answer {
  readonly $ref?: string;
  readonly content?: Readonly<Record<string, Media>>;
}

/** An operation of the OpenAPI document, which lists what there is to attack. */
export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  /** Media type and schema of the body, where one is sent. */
  readonly body: { readonly type: string; readonly schema: Schema; readonly sample: string } | null;
  readonly responses: Readonly<Record<string, Answer>>;
  /** Answers without a token, where the stack publishes its reference. */
  readonly isOpen: boolean;
}

export const document = JSON.parse(generateOpenApiJson());

export const operations: readonly Operation[] = Object.entries<object>(document.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const [media] = Object.entries<Media>(operation.requestBody?.content ?? {});
      return {
        method: method.toUpperCase(),
        path,
        operationId: operation.operationId,
        parameters: operation.parameters ?? [],
        body: media === undefined ? null : bodyOf(...media),
        responses: operation.responses,
        isOpen: ["/health", "/docs", "/openapi.json"].includes(path),
      };
    }),
);

export const guarded = operations.filter(({ isOpen }) => !isOpen);

/** The path with every parameter filled in. */
export function pathOf({ path }: Operation, values: (name: string) => string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => values(name));
}

/** What a query must have: the example of the document, or the least that is allowed. */
export function requiredQuery({ parameters }: Operation): Record<string, string> {
  const required = parameters.filter((parameter) => parameter.in === "query" && parameter.required);
  return Object.fromEntries(
    required.map(({ name, schema }) => [name, String(schema.example ?? schema.minimum)]),
  );
}

function bodyOf(type: string, { schema, example }: Media) {
  const sample = example ?? schema.example;
  return { type, schema, sample: typeof sample === "string" ? sample : JSON.stringify(sample) };
}
