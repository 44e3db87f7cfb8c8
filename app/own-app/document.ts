import type { Hono } from "hono";
import type { Schema } from "hono/types";
import { entriesOf, isObject, type Json, type JsonObject, listOf } from "../openapi/json.ts";
import { withNullableReferences } from "../openapi/nullable.ts";
import { openApiJson } from "../openapi/written.ts";
import type { RouteEnv } from "./route-env.ts";

/** What an `OpenAPIHono` can do, of whichever copy of the package it is. */
interface Documented {
  getOpenAPI31Document(config: {
    readonly openapi: string;
    readonly info: { readonly title: string; readonly version: string };
  }): unknown;
}

/**
 * The app's OpenAPI document, as JSON, with the routes of a team's own: each needs a token, and fails as the
 * app's do.
 *
 * @throws Error for a schema of the same name as one of the app's.
 */
export function documentWith<S extends Schema, Path extends string>(
  routes: Hono<RouteEnv, S, Path> | undefined,
): string {
  if (routes === undefined || !isDocumented(routes)) return openApiJson();
  const info = { title: "own", version: "1.0.0" };
  const own = withNullableReferences(
    JSON.parse(JSON.stringify(routes.getOpenAPI31Document({ openapi: "3.1.0", info }))),
  );
  const base: JsonObject = JSON.parse(openApiJson());
  const paths = entriesOf(own.paths).map(([path, item]): [string, Json] => [path, signedIn(item)]);
  return JSON.stringify({
    ...base,
    tags: [...listOf(base.tags), ...tagsOf(paths, base)],
    paths: { ...of(base.paths), ...Object.fromEntries(paths) },
    components: withComponents(of(base.components), of(own.components)),
  });
}

const isDocumented = (routes: object): routes is Documented =>
  "getOpenAPI31Document" in routes && typeof routes.getOpenAPI31Document === "function";

/** Operations that say nothing else need a token, and any may fail. */
function signedIn(item: Json): JsonObject {
  return Object.fromEntries(
    entriesOf(item).map(([method, operation]) => [
      method,
      isObject(operation) && "responses" in operation
        ? {
            security: [{ accessToken: [] }],
            ...operation,
            responses: {
              ...of(operation.responses),
              401: { $ref: "#/components/responses/Problem401" },
              default: { $ref: "#/components/responses/Problem" },
            },
          }
        : operation,
    ]),
  );
}

/** Those that the app has not, in the order in which the routes name them. */
function tagsOf(paths: readonly [string, Json][], base: JsonObject): JsonObject[] {
  const known = new Set(listOf(base.tags).flatMap((tag) => (isObject(tag) ? [tag.name] : [])));
  const named = paths.flatMap(([, item]) =>
    entriesOf(item).flatMap(([, operation]) => (isObject(operation) ? listOf(operation.tags) : [])),
  );
  return [...new Set(named)].filter((name) => !known.has(name)).map((name) => ({ name }));
}

function withComponents(base: JsonObject, own: JsonObject): JsonObject {
  const merged = entriesOf(own).map(([kind, members]): [string, Json] => {
    const ours = of(base[kind]);
    const taken = entriesOf(members).find(([name]) => name in ours)?.[0];
    if (taken !== undefined) throw new Error(`createApp: ${taken} is among the app's ${kind}`);
    return [kind, { ...ours, ...of(members) }];
  });
  return { ...base, ...Object.fromEntries(merged) };
}

const of = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
