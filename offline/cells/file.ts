/** `cells.yaml` beside `Pulumi.yaml`: the stacks that are cells, each with the account and region it stands in. */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { allowedRegion, isRegion } from "../../components/region.ts";
import { tierNames } from "../../stacks/tiers.ts";
import { plainValue } from "../../stacks/yaml/plain.ts";
import { readYaml, YamlError } from "../../stacks/yaml/read.ts";
import { placeOf, roleOf } from "../engine-config/place.ts";
import type { EngineConfig } from "../engine-config/stack-config.ts";
import { readText } from "../files/files.ts";
import { UsageError } from "../usage-error.ts";

export const cellsFileName = "cells.yaml";

/** More are hard to read in one update, and more than one bad resource should be able to hold up. */
const defaultMost = 50;

const rolePattern = /^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;

/** ARN of an event bus outside of the stacks; its region is in it. */
export const busPattern = /^arn:aws[\w-]*:events:([\w-]+):\d{12}:event-bus\/[\w./-]+$/;
export const allowedBus =
  "an ARN such as arn:aws:events:eu-central-1:111122223333:event-bus/tenants";

const eventBus = z.string().regex(busPattern, allowedBus);

const cell = z.strictObject({
  /** The stack's file may leave it out, and must not say another. */
  account: z.string().regex(/^\d{12}$/, "12 digits, in quotes"),
  region: z.string().refine(isRegion, { error: allowedRegion }),
  /** ARN of the role that a deployment assumes: the stack's file has it as `aws:assumeRoles`. */
  role: z.string().regex(rolePattern, "an ARN of an IAM role").optional(),
  /** URL of Pulumi's backend that has the cell's state. Default: the one that `pulumi login` chose. */
  backend: z
    .string()
    .regex(/^[a-z0-9]+:\/\/\S*$/, 'a URL, e.g. "s3://acme-pulumi-state"')
    .optional(),
  /** ARN of the bus that `fleet` tells of the cell's tenants. Default: `eventBus` of all cells. */
  eventBus: eventBus.optional(),
  /** Tiers that the cell takes. Default: all. */
  tiers: z.array(z.enum(tierNames)).min(1).optional(),
  /** Default: `maxTenants` of all cells. */
  maxTenants: z.int().min(1).optional(),
});

const cellsFile = z.strictObject({
  /** How many tenants a cell may have, whatever the account would hold. Default 50. */
  maxTenants: z.int().min(1).default(defaultMost),
  /** Percent of a cell that new tenants may fill; the rest is room to grow. Default 80. */
  fillTo: z.int().min(1).max(100).default(80),
  /** Bus of each cell that names none. Default: none. */
  eventBus: eventBus.optional(),
  /** By the stack's name. */
  cells: z
    .record(z.string().regex(/^[\w.-]+$/, "the name of a stack"), cell)
    .refine((cells) => Object.keys(cells).length > 0, { error: "at least one cell" }),
});

export interface Cell extends Omit<z.output<typeof cell>, "maxTenants"> {
  /** The stack's: `Pulumi.<name>.yaml`. */
  readonly name: string;
  readonly maxTenants: number;
}

export interface CellsFile {
  readonly path: string;
  readonly maxTenants: number;
  readonly fillTo: number;
  readonly cells: readonly Cell[];
}

/** Whether the project has cells. */
export const hasCells = (root: string): boolean => existsSync(join(root, cellsFileName));

/** @throws UsageError naming the place, what was found and what is allowed. */
export function readCells(root: string): CellsFile {
  const path = join(root, cellsFileName);
  const parsed = cellsFile.safeParse(read(path), { reportInput: true });
  if (parsed.success) {
    const { cells, eventBus: shared, ...rest } = parsed.data;
    const all = Object.entries(cells).map(
      ([name, { maxTenants = rest.maxTenants, eventBus = shared, ...one }]) => ({
        ...one,
        ...(eventBus !== undefined && { eventBus }),
        name,
        maxTenants,
      }),
    );
    return { path, ...rest, cells: all };
  }
  const faults = parsed.error.issues.map(
    ({ path: place, input, message }) =>
      `${cellsFileName}: ${place.join(".") || "the file"}: found ${JSON.stringify(input)}; allowed: ${message}`,
  );
  throw new UsageError(faults.join("\n"));
}

function read(path: string): unknown {
  try {
    return plainValue(readYaml(readText(path)).value);
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new UsageError(`${cellsFileName}:${error.line}: ${error.message}`);
  }
}

/**
 * What the stack's file and the list of cells say differently of one cell. The engine reads the stack's file alone.
 *
 * @throws UsageError naming both.
 */
export function refuseContradictions(
  { name, account, region, role }: Cell,
  file: Pick<EngineConfig, "config"> & { readonly path: string },
): void {
  const place = placeOf(file);
  const assumed = roleOf(file);
  const faults = [
    contradiction(file.path, "aws:region", file.config["aws:region"] ?? "nothing", region),
    contradiction(file.path, "the account", place.account ?? account, account),
    contradiction(file.path, "aws:assumeRoles", assumed ?? "nothing", role ?? assumed ?? "nothing"),
  ].flatMap((fault) => fault ?? []);
  if (faults.length === 0) return;
  const lines = faults.map((fault) => `${fault}, as ${cellsFileName} says of ${name}`);
  throw new UsageError(lines.join("\n"));
}

const contradiction = (path: string, what: string, found: string, allowed: string) =>
  found === allowed ? undefined : `${basename(path)}: ${what}: found ${found}; allowed: ${allowed}`;
