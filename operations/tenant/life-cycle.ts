/** What each step of a tenant's life changes in its stack file, and what forbids it. */
import type { Comparison } from "../../offline/plan/comparison.ts";
import { UsageError } from "../../offline/usage-error.ts";
import type { TenantRow } from "./overview.ts";
import { entriesIn, removeTenant, withSettings } from "./stack-text.ts";
import type { StackText } from "./verified.ts";

export interface Step {
  /** The file's text after it; as it was where there is nothing to do. */
  readonly text: string;
  /** What the tenant is then: `acme is suspended`. */
  readonly becomes: string;
  /** What that means, or what to mind: a clause. */
  readonly means?: string;
  /** Why it must not be done now; empty where it may. */
  readonly refusals: readonly string[];
}

export interface When {
  /** Today, in UTC. */
  readonly today: string;
  /** The last day until which its data must be kept; undefined leaves what is said. */
  readonly retainUntil?: string | undefined;
}

export type StepName = "suspend" | "resume" | "offboard" | "remove";

export const steps: Record<StepName, (stack: StackText, row: TenantRow, when: When) => Step> = {
  suspend(stack, { id, state, retainUntil }) {
    const becomes = `${id} is suspended`;
    const means = "its API refuses everything, its data stays as it is";
    if (state !== "off-boarding") return set(stack, id, { state: "suspended" }, becomes, means);
    const forgets = retainUntil === undefined ? "" : `; that forgets ${retainUntil}`;
    const refusal =
      "it is off-boarding, and takes no writes already; to refuse reads too, `chatstack tenant resume` " +
      `and then \`suspend\` it before the next \`pulumi up\`${forgets}`;
    return { text: stack.text, becomes, refusals: [refusal] };
  },

  resume(stack, { id }) {
    const becomes = `${id} is active`;
    const servedBy = entriesIn(stack).find((entry) => (entry.id ?? id) === id)?.servedBy;
    if (servedBy === undefined) {
      return set(stack, id, { state: undefined, retainUntil: undefined }, becomes);
    }
    const refusal =
      `${String(servedBy)} serves its users, as servedBy says: with two active copies, each would take messages that the ` +
      `other never gets. To serve it here all the same, suspend it in ${String(servedBy)}, deploy that, and take servedBy ` +
      `out of ${stack.file}; what users wrote in ${String(servedBy)} is not copied back`;
    return { text: stack.text, becomes, refusals: [refusal] };
  },

  offboard(stack, { id, ...row }, { retainUntil, today }) {
    if (retainUntil !== undefined && retainUntil < today) {
      const allowed = `a day that is not over (today is ${today}, in UTC)`;
      throw new UsageError(`--retain-until: found ${retainUntil}; allowed: ${allowed}`);
    }
    const until = retainUntil ?? row.retainUntil;
    const kept = until === undefined ? "" : `; its data must be kept until ${until}`;
    const means = `its users may read, export and erase, and write no more${kept}`;
    const settings = { state: "off-boarding", retainUntil: until };
    return set(stack, id, settings, `${id} is off-boarding`, means);
  },

  remove: (stack, { id }) => ({
    text: removeTenant(stack, id),
    becomes: `${id} is removed`,
    means:
      "the engine goes by the `retain` that it deployed last: deploy a changed one before this",
    refusals: [],
  }),
};

/** @param plan what removing it would do. */
export function refusalsOfRemoval(
  { id, state, retainUntil = "" }: TenantRow,
  plan: Comparison,
  today: string,
): string[] {
  const isProtected = plan.tenants.some(({ tenant, data }) => tenant === id && data === "refused");
  return [
    ...(state === "off-boarding" ? [] : [`it is ${state}, and not off-boarding`]),
    ...(retainUntil >= today
      ? [
          `its data must be kept until ${retainUntil}, that day included (today is ${today}, in UTC)`,
        ]
      : []),
    ...(isProtected ? ["its data is protected (retain: protect): `pulumi up` would fail"] : []),
  ];
}

/** How to remove a tenant on purpose, from where it stands. */
export function stepsOfRemoval(
  { id, state, retain, retainUntil }: TenantRow,
  { file, stack }: { readonly file: string; readonly stack: string },
): string[] {
  const up = `\`pulumi up --stack ${stack}\``;
  const run = (name: string, flags = "") =>
    `\`chatstack tenant ${name} ${id} --stack ${stack}${flags}\``;
  const fate = {
    destroy: "its data is deleted for good",
    retain: "its data stays in the account, unmanaged",
  };
  const chosen =
    retain === "destroy" || retain === "retain" ? fate[retain] : "its data goes or stays as chosen";
  return [
    ...(state === "off-boarding"
      ? []
      : [`${run("offboard", " --retain-until <day>")}, then ${up}: its users read and export`]),
    ...(state === "off-boarding" && retainUntil === undefined
      ? []
      : [`wait until ${retainUntil ?? "that day"} is over`]),
    ...(retain === "protect"
      ? [
          `in ${file} give ${id} \`retain: retain\` (${fate.retain}) or \`retain: destroy\` ` +
            `(${fate.destroy}), in production with exemptions from its policies, then ${up}`,
        ]
      : []),
    `${run("remove")}, then ${up}: ${chosen}`,
  ];
}

function set(
  stack: StackText,
  id: string,
  settings: Readonly<Record<string, string | undefined>>,
  becomes: string,
  means?: string,
): Step {
  const text = withSettings(stack, id, settings);
  return { text, becomes, ...(means !== undefined && { means }), refusals: [] };
}
