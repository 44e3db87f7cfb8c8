/** A comparison for people: what is lost or refused first, then what changes, by tenant. */
import { counted, type Style, type TextOptions } from "../../text.ts";
import { placeOf } from "../../upgrade/identity.ts";
import {
  type ChangeKind,
  type Comparison,
  type OptionChange,
  type PropertyChange,
  type ResourceChange,
  remarkOn,
  type TenantChange,
} from "../comparison.ts";
import { shortType } from "../symbolic.ts";
import { foldedBranches } from "./fold.ts";

export function comparisonText(comparison: Comparison, options: TextOptions): string {
  const sections = [
    ...dangers(comparison, options),
    ...tenants(comparison.tenants, options),
    ...changesByTenant(comparison, options),
    summary(comparison, options),
  ];
  return sections.join("\n\n");
}

/** `2 added, 1 replaced, 130 unchanged`; components are not counted. */
export function summaryText({ changes, unchanged }: Comparison): string {
  const counts = Map.groupBy(
    changes.filter(({ custom }) => custom),
    ({ kind }) => kind,
  );
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

function dangers({ losses, refusals }: Comparison, { paint }: TextOptions): string[] {
  const section = (title: string, found: readonly { urn: string; reason: string }[]) =>
    found.length === 0
      ? []
      : [
          [
            paint("red", title),
            ...found.map(({ urn, reason }) => paint("red", `  ${nameOf(urn)}: ${reason}`)),
          ].join("\n"),
        ];
  return [
    ...section("Data would be lost", losses),
    ...section("`pulumi up` would be refused", refusals),
  ];
}

/** `dynamodb.Table acme-chat` */
export function nameOf(urn: string): string {
  const [types = "", name = ""] = placeOf(urn).split("::");
  return `${shortType(types.split("$").at(-1) ?? "")} ${name}`;
}

function tenants(changes: readonly TenantChange[], { paint }: TextOptions): string[] {
  if (changes.length === 0) return [];
  const lines = changes.map((change) => {
    const { kind, tenant, resources } = change;
    const remark = remarkOn(change);
    const count = counted(resources, "resource", "resources");
    const said = remark === undefined ? "" : `; data: ${remark}`;
    return paint(styles[kind], `  ${marks[kind]} ${tenant}, ${count}${said}`);
  });
  return [[paint("bold", "Tenants"), ...lines].join("\n")];
}

function changesByTenant({ changes, tenants }: Comparison, options: TextOptions): string[] {
  const whole = new Set(tenants.map(({ tenant }) => tenant));
  return [...Map.groupBy(changes, ({ tenant }) => tenant)].flatMap(([tenant, found]) => {
    // Its coming or going says it all.
    if (tenant !== undefined && whole.has(tenant)) return [];
    const title = tenant === undefined ? "shared by all tenants" : `tenant ${tenant}`;
    const lines = foldedBranches(found).flatMap(({ change, within }) =>
      changeLines(change, within, options),
    );
    return [[options.paint("bold", title), ...lines].join("\n")];
  });
}

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
    ...change.properties.map((one) => propertyText(one, Math.max(60, width - 8))),
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
  const { path, kind, before, after, replaces } = change;
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
    follows: () => `~ ${path}: refers to a resource that is replaced`,
  }[kind]();
  return replaces ? `${what} (forces replacement)` : what;
}

export const optionText = ({ option, before, after }: OptionChange): string =>
  `~ option ${option}: ${before} → ${after}`;

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
