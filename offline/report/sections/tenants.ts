/** Who is served, how, and what of theirs asks for a look. */
import { isAdvisory, isViolation, type StackReport } from "../../check/report.ts";
import type { TenantSummary } from "../../tenancy.ts";
import { badge, type Cell, type Html, html, section, type Tone, table } from "../html.ts";

/** @param monthly what each tenant costs a month, in words; by id. */
export function tenantsSection(
  tenants: readonly TenantSummary[],
  { findings }: StackReport,
  monthly: ReadonlyMap<string, string>,
): Html {
  const found = Map.groupBy(findings, ({ tenant }) => tenant);
  return section(
    "tenants",
    "Tenants",
    table(
      ["tenant", "tier", "state", "data", "resources", "findings", "a month"],
      tenants.map(({ id, tier = "—", state, retain, retainUntil, resources }) => [
        html`<strong>${id}</strong>`,
        tier,
        state === undefined ? "—" : badge(state, state === "active" ? "good" : "warn"),
        dataCell(retain, retainUntil),
        resources,
        findingsCell(found.get(id) ?? []),
        monthly.get(id) ?? "—",
      ]),
      (row) => idOf(tenants[row]),
    ),
  );
}

const idOf = (tenant: TenantSummary | undefined) => tenant && [tenant.id];

const tones: Readonly<Record<string, Tone>> = { protect: "good", retain: "good", destroy: "warn" };

function dataCell(retain: string | undefined, until: string | undefined): Cell {
  if (retain === undefined) return "—";
  return html`${badge(retain, tones[retain] ?? "plain")}${until === undefined ? "" : ` until ${until}`}`;
}

function findingsCell(findings: StackReport["findings"]): Cell {
  const violations = findings.filter(isViolation).length;
  const unclear = findings.filter(({ verdict }) => verdict === "cannot-tell").length;
  const badges = [
    ...(violations > 0 ? [badge(`${violations} mandatory`, "bad")] : []),
    ...(unclear > 0 ? [badge(`${unclear} cannot tell`, "bad")] : []),
  ];
  const advisories = findings.filter(isAdvisory).length;
  return html`${badges.length > 0 ? badges : badge("clean", "good")} ${advisories > 0 ? `${advisories} advisory` : ""}`;
}
