import { contract } from "./index.ts";

export type Route = (typeof contract)[number];

const places = contract.map((route) => ({
  route,
  method: route.method.toUpperCase(),
  pattern: new RegExp(`^${route.path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`),
}));

/** The contract's routes at a path, whatever their method. */
export function routesAt(path: string): Route[] {
  return places.filter(({ pattern }) => pattern.test(path)).map(({ route }) => route);
}

/** The route that answers a request. */
export function routeOf(method: string, path: string): Route | undefined {
  return places.find((place) => place.method === method && place.pattern.test(path))?.route;
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
