/**
 * `policies/reading/`: what rules read resources with: properties, ARNs, policy documents, the stack's
 * config.
 */

/** Services whose ARNs hold a bare name where others have `type/name`. */
const untyped = ["s3", "sqs", "sns", "execute-api"];

/**
 * Whether an ARN pattern stops short of a name: `*`, `arn:aws:dynamodb:*`, `…:table/*`, `…:role/*-admin`. Patterns
 * below a name (`…:table/acme/index/*`) and of a name's beginning (`…:table/acme-*`) do name something.
 */
export function isUnnamed(pattern: string): boolean {
  const [prefix, , service = "", , , ...rest] = pattern.split(":");
  const resource = rest.join(":");
  if (prefix !== "arn" || resource === "") return true;
  const name = untyped.includes(service) ? resource : resource.replace(/^\/?[a-z][a-z-]*[/:]/, "");
  return /^[*?]/.test(name);
}
