import { rateLimit } from "../contract/parts.ts";
import { kindsOf, type ProblemKind, problemType } from "../http/problem.ts";
import { at, entriesOf, isObject, type Json, type JsonObject, listOf } from "./json.ts";
import { sample } from "./sample.ts";

/**
 * What follows from the routes and need not be written at each: examples of schemas, bodies and
 * problems, the headers that come with some problems, and one place for answers that many routes give.
 */
export function completed(document: JsonObject): JsonObject {
  const shared = commonProblems(document);
  const paths = mapOperations(document, (operation) => ({
    ...operation,
    ...(at(operation, "responses", "304") !== undefined && {
      parameters: [...listOf(operation.parameters), ifNoneMatch],
    }),
    ...(operation.requestBody !== undefined && {
      requestBody: withExample(operation.requestBody, document),
    }),
    responses: {
      ...mapObject(operation.responses, (response, status) => {
        if (Number(status) < 400) return response;
        return shared.get(status) === descriptionOf(response)
          ? { $ref: `#/components/responses/Problem${status}` }
          : asProblem(response, Number(status));
      }),
      default: { $ref: "#/components/responses/Problem" },
    },
  }));
  return {
    ...document,
    paths,
    components: {
      ...(isObject(document.components) ? document.components : {}),
      schemas: mapObject(at(document, "components", "schemas"), (schema) =>
        isObject(schema) && schema.type === "object"
          ? { ...schema, examples: [sample(schema, document, "answer")] }
          : schema,
      ),
      responses: {
        ...Object.fromEntries(
          [...shared].map(([status, description]) => [
            `Problem${status}`,
            asProblem({ description }, Number(status)),
          ]),
        ),
        Problem: {
          description:
            "Any other failure. The gateway in front has problem types of its own, among them " +
            "`urn:chatstack:problem:too-many-requests`, and `about:blank` with a title and without `status`.",
          content: { "application/problem+json": { schema: ofGateway(document) } },
        },
      },
    },
  };
}

/** The templates of API Gateway's default responses know no status. */
const ofGateway = (document: JsonObject): JsonObject => {
  const problem = at(document, "components", "schemas", "Problem");
  return { ...(isObject(problem) ? problem : {}), required: ["type", "title"] };
};

/** Of reads that may be answered with 304. Clients send it by themselves: no route need name it. */
const ifNoneMatch = {
  name: "if-none-match",
  in: "header",
  required: false,
  description: "An `ETag`, or several: answers 304 if one is current.",
  schema: { type: "string" },
  example: '"2"',
};

/** Per status, the description that most routes give it, if several do. */
function commonProblems(document: JsonObject): Map<string, string> {
  const uses = new Map<string, Map<string, number>>();
  mapOperations(document, (operation) => {
    for (const [status, response] of entriesOf(operation.responses)) {
      if (Number(status) < 400) continue;
      const counts = uses.get(status) ?? new Map<string, number>();
      uses.set(status, counts);
      const description = descriptionOf(response);
      counts.set(description, (counts.get(description) ?? 0) + 1);
    }
    return operation;
  });
  const common = new Map<string, string>();
  for (const [status, counts] of [...uses].toSorted()) {
    const [most] = [...counts].toSorted(([, one], [, other]) => other - one);
    if (most !== undefined && most[1] > 1) common.set(status, most[0]);
  }
  return common;
}

const retryAfter = {
  "Retry-After": { description: "Seconds to wait.", schema: { type: "integer" } },
};

/** Headers that always come with a status. */
const headersOf: Readonly<Record<number, JsonObject>> = {
  401: { "WWW-Authenticate": { description: "`Bearer`.", schema: { type: "string" } } },
  429: { ...retryAfter, ...rateLimit },
  503: retryAfter,
};

function asProblem(response: Json | undefined, status: number): JsonObject {
  const headers = headersOf[status];
  return {
    description: descriptionOf(response),
    ...(headers !== undefined && { headers }),
    content: problemContent(kindsOf(status)),
  };
}

function problemContent(kinds: readonly { kind: ProblemKind; title: string; status: number }[]) {
  const examples = Object.fromEntries(
    kinds.map(({ kind, title, status }) => [
      kind,
      { value: { type: problemType(kind), title, status } },
    ]),
  );
  return {
    "application/problem+json": {
      schema: { $ref: "#/components/schemas/Problem" },
      ...(kinds.length > 0 && { examples }),
    },
  };
}

function withExample(body: Json, document: JsonObject): Json {
  if (!isObject(body)) return body;
  const content = mapObject(body.content, (media, type) =>
    type === "application/json" && isObject(media) && media.example === undefined
      ? { ...media, example: sample(media.schema, document, "request") }
      : media,
  );
  return { ...body, content };
}

function descriptionOf(response: Json | undefined): string {
  return String(at(response, "description") ?? "");
}

function mapOperations(
  { paths }: JsonObject,
  change: (operation: JsonObject) => JsonObject,
): JsonObject {
  return mapObject(paths, (item) =>
    mapObject(item, (operation) => (isObject(operation) ? change(operation) : operation)),
  );
}

function mapObject(
  value: Json | undefined,
  change: (member: Json, name: string) => Json,
): JsonObject {
  return Object.fromEntries(entriesOf(value).map(([name, member]) => [name, change(member, name)]));
}
