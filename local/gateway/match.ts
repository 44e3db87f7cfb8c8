import type { Api, Route } from "./api.ts";

export interface Match {
  readonly route: Route;
  /** Values of the template's variables, percent-encoded as they came. */
  readonly pathParameters: Readonly<Record<string, string>> | null;
}

/**
 * Finds a request's route. A literal segment wins over a variable and that over a greedy `{proxy+}`;
 * the resource is chosen before the method (API Gateway Developer Guide, "Set up a proxy integration").
 *
 * @param path without stage, still percent-encoded.
 */
export function matchRoute(api: Api, method: string, path: string): Match | undefined {
  const segments = segmentsOf(path);
  const resources = [...new Set(api.routes.map((route) => route.resource))]
    .map((resource) => ({ resource, ...matchResource(segmentsOf(resource), segments) }))
    .filter((candidate) => candidate.rank !== undefined)
    .sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const best = resources[0];
  if (best === undefined) return undefined;
  const candidates = api.routes.filter((route) => route.resource === best.resource);
  const route =
    candidates.find((candidate) => candidate.method === method) ??
    candidates.find((candidate) => candidate.method === "ANY" && anyMethods.has(method));
  if (route === undefined) return undefined;
  const named = Object.keys(best.parameters).length > 0;
  return { route, pathParameters: named ? best.parameters : null };
}

/** API Gateway Developer Guide, "Set up a method using the API Gateway console". A `GET` is no `HEAD`. */
const anyMethods = new Set(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]);

const segmentsOf = (path: string) => path.split("/").filter((segment) => segment !== "");

type ResourceMatch =
  | { readonly rank: string; readonly parameters: Record<string, string> }
  | { readonly rank: undefined };

/** One character a segment, so that ranks compare as text: literal `0`, variable `1`, greedy `2`. */
function matchResource(template: readonly string[], path: readonly string[]): ResourceMatch {
  const parameters: Record<string, string> = {};
  let rank = "";
  for (const [index, part] of template.entries()) {
    const segment = path[index];
    if (segment === undefined) return { rank: undefined };
    const variable = /^\{(.+?)(\+?)\}$/.exec(part);
    if (variable === null) {
      if (part !== segment) return { rank: undefined };
      rank += "0";
    } else if (variable[2] === "+") {
      parameters[variable[1] ?? ""] = path.slice(index).join("/");
      return { rank: `${rank}2`, parameters };
    } else {
      parameters[variable[1] ?? ""] = segment;
      rank += "1";
    }
  }
  return template.length === path.length ? { rank, parameters } : { rank: undefined };
}
