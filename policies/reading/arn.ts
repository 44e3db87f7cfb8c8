/**
 * `policies/reading/`: what rules read resources with: properties, ARNs, policy documents, the stack's
 * config.
 */

/** Services whose ARNs hold a bare name where others have `type/name`; of S3's, those without a region. */
const untyped = ["s3", "sqs", "sns", "execute-api"];

/** Kinds of kinds: `regional/webacl/name/id`, `loadbalancer/app/name/id`. */
const types =
  /^\/?((regional|global)\/|(loadbalancer|listener|listener-rule|targetgroup)\/(app|net|gwy)(?=\/))?([a-zA-Z][\w-]*)?[/:]/;

/**
 * Whether an ARN pattern stops short of a name: `*`, `arn:aws:dynamodb:*`, `…:table/*`, `…:role/*-admin`. Patterns
 * below a name (`…:table/acme/index/*`) and of a name's beginning (`…:table/acme-*`) do name something.
 */
export function isUnnamed(pattern: string): boolean {
  const [prefix, , service = "", , , ...rest] = pattern.split(":");
  const resource = rest.join(":");
  if (prefix !== "arn" || resource === "") return true;
  const isTyped = !untyped.includes(service) || /^accesspoint[/:]/.test(resource);
  const name = isTyped ? resource.replace(types, "") : resource;
  return /^[*?]/.test(name);
}
