import { contract } from "./index.ts";

export type Route = (typeof contract)[number];

/** The contract's routes at a path, whatever their method. */
export function routesAt(path: string): Route[] {
  return contract.filter((route) => patternOf(route).test(path));
}

/** The route that answers a request. */
export function routeOf(method: string, path: string): Route | undefined {
  return routesAt(path).find((route) => route.method === method.toLowerCase());
}

/** Body that a route takes. */
export function bodyOf(route: Route | undefined) {
  if (route === undefined || !("request" in route) || !("body" in route.request)) return undefined;
  return route.request.body;
}

/** Whether a route takes a header, in lower case. */
export function takesHeader(route: Route, name: string): boolean {
  if (!("request" in route) || !("headers" in route.request)) return false;
  return name in route.request.headers.shape;
}

const patterns = new Map<string, RegExp>();

function patternOf({ path }: Route): RegExp {
  const known = patterns.get(path);
  if (known !== undefined) return known;
  const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  patterns.set(path, pattern);
  return pattern;
}
