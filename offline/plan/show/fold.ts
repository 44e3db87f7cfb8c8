/** A component that comes or goes with all that is in it is one thing to say. */
import type { ResourceChange } from "../comparison.ts";

export interface Branch {
  readonly change: ResourceChange;
  /** Resources inside that come or go with it. */
  readonly within: number;
}

/** The changes, without those that lie in a component which comes or goes itself. */
export function foldedBranches(changes: readonly ResourceChange[]): Branch[] {
  const whole = new Map(
    changes
      .filter(({ kind, custom }) => !custom && (kind === "added" || kind === "removed"))
      .map((change) => [change.urn, change]),
  );
  const within = new Map<string, number>();
  const folded = (change: ResourceChange): boolean => {
    const around = change.parent === undefined ? undefined : whole.get(change.parent);
    return around?.kind === change.kind;
  };
  for (const change of changes) {
    for (let here = change; folded(here); ) {
      const parent = whole.get(here.parent ?? "");
      if (!parent) break;
      within.set(parent.urn, (within.get(parent.urn) ?? 0) + 1);
      here = parent;
    }
  }
  return changes
    .filter((change) => !folded(change))
    .map((change) => ({ change, within: within.get(change.urn) ?? 0 }));
}
