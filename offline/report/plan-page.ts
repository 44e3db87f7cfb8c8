/** A plan as a page, of one stack or of many: what is the same is said once, with the tenants that it is of. */
import { type Comparison, isSafe, isUnchanged } from "../plan/comparison.ts";
import type { Plan } from "../plan/plan.ts";
import { summaryLines } from "../quotas/text.ts";
import { framed, type Tile } from "./frame.ts";
import { badge, type Html, html, section, table } from "./html.ts";
import { changesTile } from "./page.ts";
import { changesSection, type Places } from "./sections/changes.ts";

export function planPage(plan: Plan, made: Date): Promise<string> {
  const { stack, against, comparison, parts = [], quotas } = plan;
  if (!comparison) throw new Error("a plan without --against has no differences to show");
  const isOne = parts.length < 2;
  const notes = [...plan.notes, ...(quotas ? summaryLines(quotas) : [])];
  return framed({
    title: isOne ? `Plan of ${stack}` : `Plan of ${parts.length} stacks`,
    about: [`against ${against}`],
    made,
    tiles: [
      ...(isOne ? [] : [["stacks", parts.length, ""] as const]),
      ...tiles(comparison),
      changesTile(comparison),
    ],
    content: html`${isOne ? "" : stacksSection(parts)}
${changesSection({ comparison, against: against ?? "", notes }, placesOf(parts))}`,
  });
}

const tiles = (comparison: Comparison): Tile[] => [
  ["tenants that change", tenantsOf(comparison).size, ""],
  ["data lost", comparison.losses.length, comparison.losses.length > 0 ? "bad" : "good"],
  ["refused", comparison.refusals.length, comparison.refusals.length > 0 ? "bad" : "good"],
];

const stacksSection = (parts: readonly Plan[]): Html =>
  section(
    "stacks",
    "Stacks",
    table(
      ["stack", "tenants that change", "changes", "data lost", "refused", "outcome"],
      parts
        .flatMap(({ stack, comparison }) => (comparison ? [{ stack, comparison }] : []))
        .toSorted((a, b) => Number(isSafe(a.comparison)) - Number(isSafe(b.comparison)))
        .map(stackRow),
    ),
  );

function stackRow({ stack, comparison }: { stack: string; comparison: Comparison }) {
  const [, changes] = changesTile(comparison);
  return [
    html`<strong>${stack}</strong>`,
    tenantsOf(comparison).size,
    changes,
    comparison.losses.length,
    comparison.refusals.length,
    isSafe(comparison)
      ? badge(isUnchanged(comparison) ? "no changes" : "safe", "good")
      : badge("unsafe", "bad"),
  ];
}

const tenantsOf = ({ changes }: Comparison): ReadonlySet<string> =>
  new Set(changes.flatMap(({ tenant }) => tenant ?? []));

/** Stacks of each tenant that changes. */
function placesOf(parts: readonly Plan[]): Places {
  const places = new Map<string, string[]>();
  for (const { stack, comparison } of parts) {
    for (const tenant of comparison ? tenantsOf(comparison) : []) {
      places.set(tenant, [...(places.get(tenant) ?? []), stack]);
    }
  }
  return places;
}
