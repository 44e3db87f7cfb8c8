/** When an API must be deployed again: a deployment is a snapshot of what it serves. */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * A hash of the arguments that the program gives the API and everything in it, transforms included. It
 * reads no provider's outputs, since a refresh spells these anew. For the same reason absent, null,
 * empty text, empty list and empty object are one.
 *
 * @param served arguments of each resource, in the program's order. Resources that name others must
 *   name them by id, which stays the same as long as the resource does.
 */
export const fingerprint = (served: readonly unknown[]): pulumi.Output<string> =>
  pulumi.output(served).apply((args) =>
    createHash("sha256")
      .update(JSON.stringify(args.map(servedOf)))
      .digest("hex"),
  );

/** What clients never notice, at the top of any resource's arguments. */
const unserved = ["tags", "name", "description"];

const servedOf = (args: unknown): unknown =>
  withoutEmpties(
    Object.fromEntries(Object.entries(args ?? {}).filter(([name]) => !unserved.includes(name))),
  );

/** Keys in order; undefined for whatever is empty. Positions of a list are kept. */
function withoutEmpties(value: unknown): unknown {
  if (value === "") return undefined;
  if (typeof value !== "object" || value === null) return value ?? undefined;
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutEmpties);
  const entries = Object.entries(value)
    .map(([name, field]) => [name, withoutEmpties(field)] as const)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
