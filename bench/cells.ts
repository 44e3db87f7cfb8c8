/** Projects of as many tenants as a measurement wants, in cells, with a file for each tenant. */
import { mkdirSync, mkdtempSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type CellPlan, planCells } from "../offline/cells/plan.ts";

const main = resolve(import.meta.dirname, "../stacks/index.ts");
const regions = ["eu-central-1", "us-east-1", "ap-northeast-1"];

/** Of twenty tenants, twelve are basic, seven standard, and one enterprise; a third is of each area. */
const tierOf = (at: number): string =>
  at % 20 < 12 ? "basic" : at % 20 < 19 ? "standard" : "enterprise";

export interface CellsProject {
  readonly root: string;
  /** How the tenants were placed, when they were all new. */
  readonly placed: CellPlan;
}

/** The caller removes the folder. */
export async function cellsProject(tenants: number): Promise<CellsProject> {
  const root = mkdtempSync(join(tmpdir(), "bench-"));
  // YAML takes JSON as it is.
  write(root, "Pulumi.yaml", { name: "chatstack", main });
  for (let at = 0; at < tenants; at++) {
    const residency = [regions[Math.floor(at / 20) % 3]];
    write(root, `tenants/new/t${at}.yaml`, { tier: tierOf(at), residency });
  }
  const first = regions.map((region, at) => ({
    name: `${region}-1`,
    region,
    account: accountOf(at),
  }));
  writeCells(root, first);
  for (const { name } of first) write(root, `tenants/${name}/seed-${name}.yaml`, { tier: "basic" });
  const placed = await planCells({ root, newTenants: "tenants/new" });
  writeCells(
    root,
    placed.cells
      .filter(({ proposed }) => proposed !== "soon")
      .map(({ name, region }, at) => ({ name, region, account: accountOf(at) })),
  );
  for (const { tenant, to } of placed.additions) {
    mkdirSync(join(root, "tenants", to), { recursive: true });
    renameSync(
      join(root, `tenants/new/${tenant}.yaml`),
      join(root, `tenants/${to}/${tenant}.yaml`),
    );
  }
  return { root, placed };
}

interface Named {
  readonly name: string;
  readonly region: string;
  readonly account: string;
}

const accountOf = (at: number): string => String(111111111111 + at);

function writeCells(root: string, cells: readonly Named[]): void {
  const listed = cells.map(({ name, ...place }) => [name, place]);
  write(root, "cells.yaml", { cells: Object.fromEntries(listed) });
  const known = new Set(readdirSync(root));
  for (const { name, region, account } of cells) {
    if (known.has(`Pulumi.${name}.yaml`)) continue;
    write(root, `Pulumi.${name}.yaml`, {
      config: {
        "aws:region": region,
        "aws:allowedAccountIds": [account],
        "chatstack:environment": "production",
        "chatstack:permissionsBoundaryArn": `arn:aws:iam::${account}:policy/chatstack-boundary`,
        "chatstack:defaults": { retain: "protect" },
        "chatstack:tenantsFolder": `tenants/${name}`,
      },
    });
  }
}

function write(root: string, file: string, content: object): void {
  const path = join(root, file);
  mkdirSync(resolve(path, ".."), { recursive: true });
  writeFileSync(path, JSON.stringify(content));
}
