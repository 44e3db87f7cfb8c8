import { at, entriesOf, type Json, type JsonObject, listOf } from "./json.ts";
import { generateOpenApiJson } from "./openapi.ts";

/** Names of headers that the API's OpenAPI document declares, each once. */
export interface HeaderNames {
  readonly request: readonly string[];
  readonly response: readonly string[];
}

/** Set by the bundle, which reads the document when it is built. */
declare const HEADER_NAMES: string | undefined;

export function headerNames(): HeaderNames {
  return typeof HEADER_NAMES === "string"
    ? JSON.parse(HEADER_NAMES)
    : readHeaderNames(JSON.parse(generateOpenApiJson()));
}

export function readHeaderNames(document: JsonObject): HeaderNames {
  // By lower-case name: documents spell one header in several ways.
  const request = new Map<string, string>();
  const response = new Map<string, string>();
  const add = (names: Map<string, string>, name: string) => names.set(name.toLowerCase(), name);
  const addAnswer = (answer: Json) => {
    for (const [name] of entriesOf(at(answer, "headers"))) add(response, name);
  };
  for (const [, path] of entriesOf(document.paths)) {
    for (const [, operation] of entriesOf(path)) {
      for (const parameter of listOf(at(operation, "parameters"))) {
        if (at(parameter, "in") !== "header") continue;
        add(request, String(at(parameter, "name")));
      }
      for (const [, answer] of entriesOf(at(operation, "responses"))) addAnswer(answer);
    }
  }
  // Answers that many routes share stand here.
  for (const [, answer] of entriesOf(at(document, "components", "responses"))) addAnswer(answer);
  return { request: [...request.values()].toSorted(), response: [...response.values()].toSorted() };
}
