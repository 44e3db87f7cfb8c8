/** A comparison for people: what is lost or refused first, then what changes, by tenant. */
import { counted, type Style, shortType, type TextOptions } from "../../text.ts";
import type { DataLoss } from "../../upgrade/data-loss.ts";
import { placeOf } from "../../upgrade/identity.ts";
import {
  type ChangeKind,
  type Comparison,
  type OptionChange,
  type PropertyChange,
  type Refusal,
  type ResourceChange,
  remarkOn,
  type TenantChange,
} from "../comparison.ts";
import { accessText } from "./access.ts";
import { type Alike, alikeChanges, alikeDangers, alikeTenants, tenantsTitle } from "./alike.ts";
import { foldedBranches } from "./fold.ts";

export function comparisonText(comparison: Comparison, options: TextOptions): string {
  const sections = [
    ...dangers(comparison, options),
    ...tenants(comparison, options),
    ...changesByTenant(comparison, options),
    ...accessText(comparison, options),
    summary(comparison, options),
  ];
  return sections.join("\n\n");
}

/** `2 added, 1 replaced, 130 unchanged`, as the engine counts: components included. */
export function summaryText({ changes, unchanged }: Comparison): string {
  const counts = Map.groupBy(changes, ({ kind }) => kind);
  const parts = kinds.flatMap((kind) => {
    const count = counts.get(kind)?.length ?? 0;
    return count > 0 ? [`${count} ${kind}`] : [];
  });
  return parts.length > 0 ? `${parts.join(", ")}, ${unchanged} unchanged` : "no changes";
}

const kinds: readonly ChangeKind[] = ["added", "changed", "replaced", "removed", "moved"];

const marks: Record<ChangeKind, string> = {
  added: "+ ",
  changed: "~ ",
  replaced: "+-",
  removed: "- ",
  moved: "> ",
};

const styles: Record<ChangeKind, Style> = {
  added: "green",
  changed: "yellow",
  replaced: "red",
  removed: "red",
  moved: "cyan",
};

function dangers(comparison: Comparison, { paint }: TextOptions): string[] {
  const section = (title: string, found: readonly (DataLoss | Refusal)[]) =>
    found.length === 0
      ? []
      : [
          [
            paint("red", title),
            ...alikeDangers(found, comparison).map((one) => paint("red", `  ${dangerText(one)}`)),
          ].join("\n"),
        ];
  return [
    ...section("Data would be lost", comparison.losses),
    ...section("`pulumi up` would be refused", comparison.refusals),
  ];
}

/** `dynamodb.Table acme-chat: …`; of several tenants with their names. */
const dangerText = ({ tenants, value: { urn, reason } }: Alike<DataLoss | Refusal>): string => {
  const of = tenants.length > 1 ? `${tenantsTitle(tenants)}: ` : "";
  return `${of}${nameOf(urn)}: ${reason}`;
};

/** `dynamodb.Table acme-chat` */
export function nameOf(urn: string): string {
  const [types = "", name = ""] = placeOf(urn).split("::");
  return `${shortType(types.split("$").at(-1) ?? "")} ${name}`;
}

function tenants(comparison: Comparison, { paint }: TextOptions): string[] {
  if (comparison.tenants.length === 0) return [];
  const lines = alikeTenants(comparison).map(({ tenants: names, value }) =>
    paint(styles[value.kind], `  ${marks[value.kind]} ${tenantText(names, value)}`),
  );
  return [[paint("bold", "Tenants"), ...lines].join("\n")];
}

/** `acme, 51 resources; data: …`; of several `3 tenants (…), 51 resources each`. */
function tenantText(names: readonly string[], change: TenantChange): string {
  const remark = remarkOn(change);
  const each = names.length > 1 ? " each" : "";
  const count = counted(change.resources, "resource", "resources");
  const said = remark === undefined ? "" : `; data: ${remark}`;
  return `${names.length > 1 ? tenantsTitle(names) : change.tenant}, ${count}${each}${said}`;
}

const changesByTenant = (comparison: Comparison, options: TextOptions): string[] =>
  alikeChanges(comparison).map(({ tenants: names, value }) =>
    [
      options.paint("bold", tenantsTitle(names)),
      ...foldedBranches(value).flatMap(({ change, within }) =>
        changeLines(change, within, options),
      ),
    ].join("\n"),
  );

function changeLines(
  change: ResourceChange,
  within: number,
  { paint, width }: TextOptions,
): string[] {
  const { kind, type, name, formerUrn } = change;
  const notes = [
    within > 0 && `with ${counted(within, "resource", "resources")}`,
    formerUrn !== undefined && `was ${nameOf(formerUrn)}`,
    change.fate !== undefined && fates[change.fate],
  ].filter(Boolean);
  const note = notes.length > 0 ? `  ${notes.join(", ")}` : "";
  const head = paint(styles[kind], `  ${marks[kind]} ${shortType(type)} ${name}`);
  const details = [
    ...change.properties.map((one) => propertyText(one, Math.max(24, width - 8))),
    ...change.options.map(optionText),
  ];
  return [`${head}${paint("dim", note)}`, ...details.map((line) => `       ${line}`)];
}

const fates = {
  deleted: "is deleted",
  "left-behind": "stays in the account, unmanaged",
  refused: "protected: refused",
} as const;

/** @param width cuts the values, in characters. */
export function propertyText(change: PropertyChange, width: number): string {
  const { path, kind, before, after, replaces, recreates } = change;
  const show = (value: unknown) => shortened(JSON.stringify(value), width / 2);
  const what = {
    // An entry of a plain list is in its path already.
    added: () =>
      path.endsWith(`[${JSON.stringify(after)}]`) ? `+ ${path}` : `+ ${path}: ${show(after)}`,
    changed: () => `~ ${path}: ${show(before)} → ${show(after)}`,
    removed: () =>
      path.endsWith(`[${JSON.stringify(before)}]`) ? `- ${path}` : `- ${path}: ${show(before)}`,
    secret: () => `~ ${path}: secret changed`,
    code: () => `~ ${path}: code changed`,
    follows: () => `~ ${path}: refers to what changes with another resource`,
  }[kind]();
  if (replaces) return `${what} (forces replacement)`;
  return recreates === undefined ? what : `${what} (makes ${recreates} again)`;
}

export const optionText = (change: OptionChange): string =>
  change.option === "import"
    ? `~ ${change.after} takes the place of ${change.before ?? "it"}`
    : `~ option ${change.option}: ${change.before} → ${change.after}`;

const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, Math.floor(length) - 1)}…`;

function summary(comparison: Comparison, { paint }: TextOptions): string {
  const { losses, refusals } = comparison;
  const verdict = [
    losses.length > 0 && "data would be lost",
    refusals.length > 0 && "`pulumi up` would be refused",
  ].filter(Boolean);
  const text = [summaryText(comparison), ...verdict].join("; ");
  return paint(verdict.length > 0 ? "red" : "green", text);
}
