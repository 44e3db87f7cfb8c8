import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";
import { contract } from "../../../app/contract/index.ts";
import { tags } from "../../../app/contract/tags.ts";
import { problemKinds, problemType } from "../../../app/http/problem.ts";
import { generateOpenApiJson } from "../../../app/openapi/openapi.ts";

const document = JSON.parse(generateOpenApiJson());

async function lint(source: unknown): Promise<string[]> {
  const config = await createConfig({
    extends: ["recommended-strict"],
    rules: {
      "no-invalid-media-type-examples": "error",
      "no-invalid-parameter-examples": "error",
      "no-invalid-schema-examples": "error",
      "no-required-schema-properties-undefined": "error",
      "operation-parameters-unique": "error",
      "operation-operationId": "error",
      "operation-singular-tag": "error",
      "operation-tag-defined": "error",
      "tag-description": "error",
      "response-contains-header": {
        severity: "error",
        names: { "401": ["WWW-Authenticate"], "429": ["Retry-After"], "503": ["Retry-After"] },
      },
    },
  });
  const absoluteRef = "openapi.json";
  const problems = await lintFromString({ source: JSON.stringify(source), absoluteRef, config });
  return problems.map(({ ruleId, message, location }) => {
    const [place] = location;
    return `${ruleId}: ${message} at ${place && "pointer" in place ? place.pointer : "?"}`;
  });
}

it("is a document that a linter finds nothing wrong with, examples included", async () => {
  expect(await lint(document)).toEqual([]);
});

it("would be told of a wrong example, a missing answer and a nameless operation", async () => {
  const broken = structuredClone(document);
  const { post } = broken.paths["/conversations"];
  delete post.operationId;
  post.requestBody.content["application/json"].example = { title: 1 };
  post.responses = { 201: { description: "Created." } };
  expect((await lint(broken)).map((finding) => finding.split(":")[0]).toSorted()).toEqual([
    "no-invalid-media-type-examples",
    "operation-4xx-response",
    "operation-operationId",
  ]);
});

interface Operation {
  readonly responses: Record<string, unknown>;
  readonly requestBody?: { content: Record<string, { example?: unknown }> };
  readonly parameters?: { name: string; description?: string; in: string }[];
}

const resolved = (value: { $ref?: string }) =>
  (value.$ref?.split("/").slice(1) ?? []).reduce(
    (found, name) => found[name],
    value.$ref === undefined ? value : document,
  );

describe.each(contract)("$method $path", (route) => {
  const operation: Operation = document.paths[route.path][route.method];

  it("says what it does in a line, under one tag that is described", () => {
    expect(route.summary.length).toBeGreaterThan(5);
    expect(tags.map(({ name }) => name)).toEqual(expect.arrayContaining([...route.tags]));
  });

  it("answers failures as problem details, with every kind that the status may have", () => {
    for (const [status, answer] of Object.entries(operation.responses)) {
      if (Number(status) < 400) continue;
      const { content } = resolved(answer as { $ref?: string });
      expect(Object.keys(content)).toEqual(["application/problem+json"]);
      const { examples = {} } = content["application/problem+json"];
      for (const [kind, { value }] of Object.entries<{ value: object }>(examples)) {
        expect(problemKinds).toContain(kind);
        expect(value).toMatchObject({
          type: `urn:chatstack:problem:${kind}`,
          status: Number(status),
        });
      }
    }
  });

  it("lists what follows from a token, a body and a parameter", () => {
    const isOpen = route.security.length === 0;
    const isJson = "application/json" in (operation.requestBody?.content ?? {});
    const expected = [
      ...(isOpen ? [] : ["401", "403", "503"]),
      ...(isJson ? ["400", "413", "415"] : []),
      ...(operation.parameters?.some((parameter) => parameter.in === "query") ? ["400"] : []),
      "default",
    ];
    expect(Object.keys(operation.responses)).toEqual(expect.arrayContaining(expected));
  });

  it("shows an example of its body", () => {
    const { example = "none needed" } = operation.requestBody?.content["application/json"] ?? {
      example: "no JSON",
    };
    expect(operation.requestBody === undefined || example !== "none needed").toBe(true);
  });
});

it("names routes that exist, wherever it names one", () => {
  const texts = JSON.stringify(document).matchAll(
    /(?<=[`\s"])(?:(?:GET|POST|PUT|PATCH|DELETE) )?(\/[a-z][\w{}/.…-]*)/g,
  );
  const named = [...texts].map(([, path = ""]) => path).filter((path) => !path.includes("…"));
  expect(named.length).toBeGreaterThan(5);
  const known = new Set<string>(contract.map(({ path }) => path));
  expect(named.filter((path) => !known.has(path))).toEqual([]);
});

it("gives arrays their items and every change at least one field", () => {
  const bare = schemasIn(document).filter(({ schema: { type, items } }) => {
    const isArray = type === "array" || (Array.isArray(type) && type.includes("array"));
    return isArray && items === undefined;
  });
  expect(bare).toEqual([]);
  for (const { method, path } of contract.filter((route) => route.method === "patch")) {
    const { schema } = document.paths[path][method].requestBody.content["application/json"];
    expect(schema.minProperties).toBe(1);
  }
});

it("names every object that a union is of: programs that make a type of each give up otherwise", () => {
  const unions = schemasIn(document).flatMap(({ schema: { oneOf, anyOf }, place }) =>
    [oneOf, anyOf].flatMap((members) => (Array.isArray(members) ? [{ members, place }] : [])),
  );
  expect(unions.length).toBeGreaterThan(2);
  const nameless = unions.filter(({ members }) => members.some((one) => "properties" in one));
  expect(nameless.map(({ place }) => place)).toEqual([]);
});

/** Whatever looks like a schema, and where it stands. */
function schemasIn(
  value: unknown,
  place = "",
): { readonly place: string; readonly schema: Readonly<Record<string, unknown>> }[] {
  if (typeof value !== "object" || value === null) return [];
  return [
    { place, schema: { ...value } },
    ...Object.entries(value).flatMap(([name, part]) => schemasIn(part, `${place}/${name}`)),
  ];
}

it("writes patterns that know no classes but those that every program knows", () => {
  const patterns = [...JSON.stringify(document).matchAll(/"pattern":"((?:[^"\\]|\\.)*)"/g)];
  expect(patterns.length).toBeGreaterThan(5);
  for (const [, pattern] of patterns) expect(pattern).not.toMatch(/\\p\{|\\P\{|\/u$/);
});

it("has an example for every kind of problem, in the answers of some route", () => {
  const text = JSON.stringify(document);
  const unlisted = problemKinds.filter((kind) => !text.includes(`"type":"${problemType(kind)}"`));
  // Of no route in particular: another method, and what is nobody's fault but ours.
  const general = ["method-not-allowed", "internal"];
  expect(unlisted.filter((kind) => !general.includes(kind))).toEqual([]);
});
