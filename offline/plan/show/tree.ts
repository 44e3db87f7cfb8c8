/** The resources of a stack as a tree, by tenant: what all share first, components as branches. */
import type { ResourceRecord } from "../../record.ts";
import { tenantsByUrn } from "../../tenancy.ts";
import { counted, shortType, type TextOptions } from "../../text.ts";

export interface TreeOptions extends TextOptions {
  /** Levels below each tenant. Default: all for a few tenants, fewer for many. */
  readonly depth?: number;
  /** These tenants only. Default: all, and what they share. */
  readonly tenants?: readonly string[];
}

export function stackTree(
  stack: string,
  records: readonly ResourceRecord[],
  options: TreeOptions,
): string {
  const { paint, tenants } = options;
  const owners = tenantsByUrn(records);
  const own = records.filter(({ type }) => type !== "pulumi:pulumi:Stack");
  const groups = [...Map.groupBy(own, ({ urn }) => owners.get(urn))].sort(([a], [b]) =>
    a === undefined ? -1 : b === undefined ? 1 : 0,
  );
  const shown = groups.filter(([tenant]) => !tenants || tenants.includes(tenant ?? ""));
  const depth = options.depth ?? usualDepth(shown.length);
  const trees = shown.map(([tenant, members]) => {
    const title = tenant === undefined ? "shared by all tenants" : `tenant ${tenant}`;
    const lines = [`${paint("bold", title)}  ${sizeOf(members)}`];
    if (depth > 0) lines.push(...branches(members, depth, options));
    return lines.join("\n");
  });
  const count = groups.filter(([tenant]) => tenant !== undefined).length;
  const total = `stack ${stack}: ${sizeOf(records)}, ${counted(count, "tenant", "tenants")}`;
  return [...trees, total].join(depth > 0 ? "\n\n" : "\n");
}

const usualDepth = (groups: number): number => {
  if (groups <= 4) return Number.POSITIVE_INFINITY;
  return groups <= 20 ? 1 : 0;
};

const sizeOf = (records: readonly ResourceRecord[]): string =>
  counted(records.length, "resource", "resources");

function branches(
  members: readonly ResourceRecord[],
  depth: number,
  options: TreeOptions,
): string[] {
  const inside = new Set(members.map(({ urn }) => urn));
  const children = Map.groupBy(members, ({ parent = "" }) => (inside.has(parent) ? parent : ""));
  const draw = (parent: string, left: number, indent: string): string[] => {
    const found = children.get(parent) ?? [];
    return found.flatMap((record, place) => {
      const [branch, below] = place === found.length - 1 ? ["└─", "  "] : ["├─", "│ "];
      const within = left > 1 ? "" : withinText(record.urn);
      const line = `${indent}${branch} ${describe(record, options)}${within}`;
      return left > 1 ? [line, ...draw(record.urn, left - 1, `${indent}${below} `)] : [line];
    });
  };
  const countIn = (urn: string): number =>
    (children.get(urn) ?? []).reduce((sum, one) => sum + 1 + countIn(one.urn), 0);
  const withinText = (urn: string): string => {
    const count = countIn(urn);
    return count > 0 ? `  ${counted(count, "resource", "resources")}` : "";
  };
  // A tenant's one component says what its title has said.
  const [root, ...others] = children.get("") ?? [];
  const isWrapped = root !== undefined && others.length === 0 && !root.custom;
  return draw(isWrapped ? root.urn : "", depth, "");
}

function describe({ type, name, custom, options }: ResourceRecord, { paint }: TextOptions): string {
  const marks = [options.protect && "protect", options.retainOnDelete && "retain"].filter(Boolean);
  const kind = custom ? shortType(type) : paint("bold", shortType(type));
  return `${kind} ${name}${marks.length > 0 ? `  ${paint("cyan", `[${marks.join(", ")}]`)}` : ""}`;
}
