/**
 * Functions of the SDK that a program's imports bind for good, as `pulumi.all`: what stands in their place is looked up at
 * each call. It has to be loaded before the SDK's index, which copies them; where it is not, the SDK's own are called.
 */
import { createRequire } from "node:module";
import { replace } from "./replace.ts";

type Bound = (...args: unknown[]) => unknown;

const standing = new Map<string, Bound>();

const exported: object = createRequire(import.meta.url)("@pulumi/pulumi/output.js");

for (const name of ["output", "all", "concat", "interpolate", "jsonStringify"]) {
  replace(
    exported,
    name,
    (original) =>
      (...args: unknown[]) =>
        (standing.get(name) ?? original)(...args),
  );
}

/** @returns what undoes it. */
export function stand(functions: Readonly<Record<string, Bound>>): () => void {
  for (const [name, by] of Object.entries(functions)) standing.set(name, by);
  return () => {
    for (const name of Object.keys(functions)) standing.delete(name);
  };
}
