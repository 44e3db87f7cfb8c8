/**
 * Decides when a REST API must be deployed again. API Gateway serves a snapshot, the deployment, so a change that
 * clients can notice needs a new deployment.
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/**
 * A hash of the arguments that the program gives to the API and to everything in it, after transforms. It
 * uses no outputs of the provider, because a refresh may write the same value in another form. For the same
 * reason an absent value, null, an empty text, an empty list and an empty object count as equal.
 *
 * @param served arguments of each resource, in the program's order. A resource that names another one must
 *   name it by id, since the id stays the same as long as the resource exists.
 */
export const fingerprint = (served: readonly unknown[]): pulumi.Output<string> =>
  pulumi.output(served).apply((args) =>
    createHash("sha256")
      .update(JSON.stringify(args.map(servedOf)))
      .digest("hex"),
  );

/** Arguments whose change clients never notice. They are left out at the top level only. */
const unserved = ["tags", "name", "description"];

const servedOf = (args: unknown): unknown =>
  withoutEmpties(
    Object.fromEntries(Object.entries(args ?? {}).filter(([name]) => !unserved.includes(name))),
  );

/** Sorts the keys of objects, and replaces every empty value by undefined. Elements of a list keep their positions. */
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
