/** Which stacks a command means. */

import { like } from "../../policies/reading/policy-document.ts";
import { listStacks, readProject, readStackFile } from "../project.ts";
import { UsageError } from "../usage-error.ts";

export interface Selection {
  /** Names, `*` for any text. Default: all that have a `Pulumi.<stack>.yaml`. */
  readonly stacks?: readonly string[];
  /** Only those whose `chatstack:environment` it is. */
  readonly environment?: string;
}

/**
 * Sorted by name.
 *
 * @throws UsageError for a name or an environment that no stack has: a typo must not pass for nothing to do.
 */
export function selectStacks(root: string, { stacks, environment }: Selection): string[] {
  const known = listStacks(root);
  const named = stacks?.flatMap((pattern) => matching(known, pattern)) ?? known;
  const project = readProject(root).name;
  const inEnvironment = (stack: string) =>
    readStackFile(root, project, stack, undefined, undefined, { only: [] }).config[
      "chatstack:environment"
    ];
  const selected = [...new Set(named)]
    .filter((stack) => environment === undefined || inEnvironment(stack) === environment)
    .sort();
  if (selected.length > 0) return selected;
  throw new UsageError(
    environment === undefined
      ? `no Pulumi.<stack>.yaml in ${root}`
      : `no stack's chatstack:environment is "${environment}"; they are ` +
          [...new Set(known.map((stack) => inEnvironment(stack) ?? "not set"))].join(", "),
  );
}

export function matching(known: readonly string[], pattern: string): string[] {
  const found = known.filter((stack) => like(pattern, stack));
  if (found.length > 0) return found;
  throw new UsageError(`no stack "${pattern}"; there are ${known.join(", ") || "none"}`);
}
