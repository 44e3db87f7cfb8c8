import type { Access } from "./decide.ts";
import { isAllowed } from "./decide.ts";
import type { FunctionRole } from "./roles.ts";
import type { BucketInfo } from "./s3.ts";

/** A function, as AWS knows it by its credentials. */
export interface Principal {
  readonly role: FunctionRole;
  readonly buckets: ReadonlyMap<string, BucketInfo>;
}

/**
 * Functions by the session token that they sign requests with, and presigned URLs and forms too: those are judged
 * when they are used, as on AWS. Who has no such token is an operator.
 */
export class Principals {
  readonly #known = new Map<string, Principal>();

  /** @returns the session token: the same for the same function, so that URLs outlive a change of its code. */
  add(functionName: string, principal: Principal): string {
    const token = `function/${functionName}`;
    this.#known.set(token, principal);
    return token;
  }

  find(token: string | undefined): Principal | undefined {
    return token === undefined ? undefined : this.#known.get(token);
  }
}

/** The first of the accesses that a role does not allow, in the words of AWS's refusals. */
export function refusalOf(
  { name, statements }: FunctionRole,
  accesses: readonly Access[],
): string | undefined {
  const refused = accesses.find((access) => !isAllowed(statements, access));
  return (
    refused &&
    `Role ${name} is not authorized to perform: ${refused.action} on resource: ${refused.resource} because no identity-based policy allows the ${refused.action} action`
  );
}
