import { contract } from "./index.ts";

export type Route = (typeof contract)[number];

/** The contract's routes at a path, whatever their method. */
export function routesAt(path: string): Route[] {
  return contract.filter((route) => patternOf(route).test(path));
}

const patterns = new Map<string, RegExp>();

function patternOf({ path }: Route): RegExp {
  const known = patterns.get(path);
  if (known !== undefined) return known;
  const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  patterns.set(path, pattern);
  return pattern;
}
