/** Reads a project's cells and their tenants, and says who belongs where: the shape that `chatstack cell plan --json` prints. */
import { defaultValues } from "../../policies/quotas/account-values.ts";
import { FolderError, listTenantFiles, readTenantFiles } from "../../stacks/registry/folder.ts";
import { readProject, readStackFile, type StackFile } from "../project.ts";
import { UsageError } from "../usage-error.ts";
import { type Asking, availableIn, Counting } from "./asking.ts";
import { type Cell, cellsFileName, readCells, refuseContradictions } from "./file.ts";
import { type CellState, type Placement, place } from "./placement.ts";

export interface CellPlan extends Placement {
  readonly version: 1;
  readonly file: string;
  /** `settled`: nothing to do. `soon`: the next cell should be made before one is full. */
  readonly outcome: "settled" | "soon" | "changes";
  readonly fillTo: number;
  readonly tenants: number;
  /** Kinds of tenants that were evaluated: those with alike settings ask for the same. */
  readonly kinds: number;
}

export interface CellPlanOptions {
  readonly root: string;
  /** Folder, from `root`, of files of tenants that are in no cell yet. */
  readonly newTenants?: string;
  /** Told what is looked at. */
  readonly onProgress?: (text: string) => void;
}

/** @throws UsageError or ProjectError for files that are wrong, and for tenants that the program refuses. */
export async function planCells({
  root,
  newTenants,
  onProgress = () => {},
}: CellPlanOptions): Promise<CellPlan> {
  const { name: project } = readProject(root);
  const { cells, fillTo } = readCells(root);
  const counting = new Counting(root, project);
  const states: CellState[] = [];
  const files: StackFile[] = [];
  for (const cell of cells) {
    onProgress(`counting ${cell.name}`);
    const file = readStackFile(root, project, cell.name);
    refuseContradictions(cell, file);
    files.push(file);
    states.push(await stateOf(cell, file, counting));
  }
  const [first] = files;
  if (!first) throw new UsageError(`${cellsFileName}: there are no cells`);
  const newcomers =
    newTenants === undefined
      ? []
      : await newcomersIn(newTenants, { root, project, first, counting });
  refuseTwins([...states, { cell: { name: "" }, tenants: newcomers }]);
  const template = { ...(await counting.room(first)), available: availableIn(defaultValues) };
  const placement = place(states, newcomers, { fillTo, template });
  const { moves, additions, misfits } = placement;
  const isSettled = moves.length + additions.length + misfits.length === 0;
  const isSoon = placement.cells.some(({ proposed }) => proposed === "soon");
  return {
    version: 1,
    file: cellsFileName,
    outcome: isSettled ? (isSoon ? "soon" : "settled") : "changes",
    fillTo,
    tenants: states.reduce((sum, { tenants }) => sum + tenants.length, newcomers.length),
    kinds: counting.evaluated,
    ...placement,
  };
}

async function stateOf(cell: Cell, file: StackFile, counting: Counting): Promise<CellState> {
  return { cell, ...(await counting.room(file)), tenants: await counting.tenants(file) };
}

interface Beside {
  readonly root: string;
  readonly project: string;
  /** With the defaults of its stack they are counted. */
  readonly first: StackFile;
  readonly counting: Counting;
}

/** Tenants in files of their own, as the folder of a stack has them. */
async function newcomersIn(
  folder: string,
  { root, project, first, counting }: Beside,
): Promise<Asking[]> {
  const entries = readFolder(root, folder);
  // Where they may be is what is to be found out.
  const anywhere = entries.map(({ residency: _, ...entry }) => entry);
  const config = { ...first.config, [`${project}:tenants`]: JSON.stringify(anywhere) };
  const asked = await counting.tenants({ ...first, config });
  return asked.map((one, at) => {
    const residency = entries[at]?.residency;
    return { ...one, residency: Array.isArray(residency) ? residency.map(String) : undefined };
  });
}

function readFolder(root: string, folder: string) {
  try {
    return readTenantFiles(listTenantFiles({ root, folder, where: "--new" }));
  } catch (error) {
    if (!(error instanceof FolderError)) throw error;
    throw new UsageError(error.message);
  }
}

/** A tenant is in one cell, and in another only to leave it: its data would be in two otherwise. */
function refuseTwins(
  states: readonly {
    readonly cell: { readonly name: string };
    readonly tenants: readonly Asking[];
  }[],
): void {
  const seen = new Map<string, string>();
  const fileOf = (cell: string) => (cell === "" ? "--new" : `Pulumi.${cell}.yaml`);
  for (const { cell, tenants } of states) {
    for (const { tenant, isLeaving } of tenants) {
      if (isLeaving) continue;
      const other = seen.get(tenant);
      if (other === undefined) {
        seen.set(tenant, cell.name);
        continue;
      }
      throw new UsageError(
        `${fileOf(cell.name)}: found the tenant "${tenant}"; allowed: tenants that no other cell has: ${fileOf(other)} has it`,
      );
    }
  }
}
