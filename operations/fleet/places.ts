/** Where the stacks of a run are: what AWS bounds for an account and region, all stacks in it share. */
import { type Cell, hasCells, readCells, refuseContradictions } from "../../offline/cells/file.ts";
import { placeOf } from "../../offline/engine-config/place.ts";
import { readProject, readStackFile } from "../../offline/project.ts";

export interface StackPlace {
  /** Account and region, as a key. Absent where no file names the account: it may be any. */
  readonly place?: string;
  /** URL of the backend that has the stack's state, where cells.yaml names it. */
  readonly backend?: string;
  /** ARN of the bus that is told of the stack's tenants, where cells.yaml names one. */
  readonly eventBus?: string;
}

/**
 * By stack: what its file says, and the list of cells, where there is one.
 *
 * @throws UsageError or ProjectError where the two say different things.
 */
export function placesOf(root: string, stacks: readonly string[]): Map<string, StackPlace> {
  const project = readProject(root).name;
  const cells = hasCells(root) ? readCells(root).cells : [];
  const byName = new Map(cells.map((cell) => [cell.name, cell]));
  return new Map(
    stacks.map((stack) => [stack, placed(root, { project, stack, cell: byName.get(stack) })]),
  );
}

interface Asked {
  readonly project: string;
  readonly stack: string;
  readonly cell: Cell | undefined;
}

function placed(root: string, { project, stack, cell }: Asked): StackPlace {
  const file = readStackFile(root, project, stack, undefined, undefined, { only: [] });
  if (cell) refuseContradictions(cell, file);
  const { account = cell?.account, region } = placeOf(file);
  return {
    ...(account !== undefined && { place: `${account} ${region}` }),
    ...(cell?.backend !== undefined && { backend: cell.backend }),
    ...(cell?.eventBus !== undefined && { eventBus: cell.eventBus }),
  };
}

/** Lets so many work at the same time in each place. */
export class PlaceLimit {
  readonly #most: number;
  readonly #places: ReadonlyMap<string, StackPlace>;
  readonly #working = new Map<string, number>();

  constructor(places: ReadonlyMap<string, StackPlace>, most: number) {
    this.#places = places;
    this.#most = most;
  }

  isFree(stack: string): boolean {
    const place = this.#placeOf(stack);
    return place === undefined || (this.#working.get(place) ?? 0) < this.#most;
  }

  take(stack: string): void {
    this.#add(stack, 1);
  }

  free(stack: string): void {
    this.#add(stack, -1);
  }

  #add(stack: string, one: number): void {
    const place = this.#placeOf(stack);
    if (place !== undefined) this.#working.set(place, (this.#working.get(place) ?? 0) + one);
  }

  #placeOf = (stack: string): string | undefined => this.#places.get(stack)?.place;
}
