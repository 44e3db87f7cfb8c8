/** Keys of a stack's config that the program does not read: misspelt, most likely. */
import { isSection, type Section } from "./merge.ts";

/** Keys that the program reads. */
export const keys = [
  "environment",
  "tenants",
  "tenantsFolder",
  "defaults",
  "apiGatewayAccount",
  "permissionsBoundaryArn",
] as const;

/** Keys that others read: the policy pack and `chatstack quotas`. */
const keysOfOthers = ["exemptions", "quotas"] as const;

/** Namespace of what the policy pack reads, whatever the project is called. */
const packNamespace = "chatstack";

/**
 * Faults of keys in the project's namespace that nothing reads, and of those in a namespace that looks like
 * it. Keys of other namespaces are for others.
 *
 * @param config namespaced.
 * @param layers settings of tenants: a provider's `clientSecretKey` names a key too.
 */
export function unknownKeys(
  config: Readonly<Record<string, string>>,
  project: string,
  file: string,
  layers: readonly unknown[],
): string[] {
  const known: readonly string[] = [...keys, ...keysOfOthers, ...layers.flatMap(secretKeysOf)];
  const namespaces = [project, packNamespace];
  const allowed = [...keys, ...keysOfOthers].join(", ");
  return Object.keys(config).flatMap((key) => {
    const colon = key.indexOf(":");
    const [namespace, name] = [key.slice(0, colon), key.slice(colon + 1)];
    if (namespace === project) {
      if (known.includes(name)) return [];
      const more = `${allowed}, and what a provider's clientSecretKey names`;
      return [
        `${file}: ${key}: found an unknown key; allowed: ${more}${suggestion(name, known, project)}`,
      ];
    }
    if (namespaces.includes(namespace) || !isLike(namespace, project)) return [];
    // `aws:region` of a project called `awe` is no misspelling.
    const isSameButForCase = namespace.toLowerCase() === project.toLowerCase();
    if (!isSameButForCase && nearest(name, known) === undefined) return [];
    const meant = suggestion(name, known, project);
    return [`${file}: ${key}: found the namespace "${namespace}"; allowed: "${project}"${meant}`];
  });
}

function suggestion(name: string, known: readonly string[], project: string): string {
  const meant = nearest(name, known);
  return meant === undefined ? "" : `; did you mean ${project}:${meant}?`;
}

/** The one of `known` that was most likely meant; absent where none is near. */
export const nearest = (name: string, known: readonly string[]): string | undefined =>
  known
    .map((one) => ({ one, edits: editsBetween(name.toLowerCase(), one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= Math.min(3, one.length / 3))
    .sort((a, b) => a.edits - b.edits)[0]?.one;

const isLike = (namespace: string, project: string): boolean =>
  editsBetween(namespace.toLowerCase(), project.toLowerCase()) <= Math.min(2, project.length / 3);

/** Levenshtein's distance. */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...a].entries()) {
    const next = [at + 1];
    for (const [to, other] of [...b].entries()) {
      const [replaced = 0, removed = 0, added = 0] = [row[to], row[to + 1], next[to]];
      next.push(Math.min(replaced + Number(letter !== other), removed + 1, added + 1));
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}

function secretKeysOf(settings: unknown): string[] {
  const at = (section: unknown, key: string) => (isSection(section) ? section[key] : undefined);
  const providers = at(at(settings, "auth"), "identityProviders");
  return isSection(providers) ? Object.values(providers).flatMap(secretKeyOf) : [];
}

function secretKeyOf(provider: unknown): string[] {
  const { clientSecretKey }: Section = isSection(provider) ? provider : {};
  return typeof clientSecretKey === "string" ? [clientSecretKey] : [];
}
