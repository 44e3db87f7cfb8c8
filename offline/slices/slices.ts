/**
 * `offline/slices/`: a stack's tenants some at a time, on every core. Tenants share nothing but what stands beside them, so
 * a stack with some of its tenants has the same resources as the whole has for them.
 */
import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { jsonIn } from "../fields.ts";
import { isOwnProgram } from "../host/load.ts";
import { readProject, type StackFile } from "../project.ts";
import { Crew, type Run } from "./crew.ts";

/** What a slice costs beside its tenants is paid back by so many. */
const tenantsPerSlice = 10;
/** A thread loads the program once more: a second of work. */
const slicesPerThread = 3;

/**
 * Ids of the tenants, slice by slice; one slice where the program cannot make them apart.
 *
 * @param fewest tenants of a slice.
 */
export function slicesOf(
  root: string,
  file: StackFile,
  fewest: number = tenantsPerSlice,
): readonly (readonly string[])[] {
  const ids = tenantsApart(root, file);
  const count = Math.max(1, Math.floor(ids.length / fewest));
  const size = Math.ceil(ids.length / count);
  return Array.from({ length: count }, (_, at) => ids.slice(at * size, (at + 1) * size));
}

/** Ids of the tenants that the program can make apart from one another; none where it cannot. */
export function tenantsApart(root: string, { config }: StackFile): readonly string[] {
  const { name, main } = readProject(root);
  return isOwnProgram(resolve(root, main)) ? idsIn(config[`${name}:tenants`]) : [];
}

/** Of a list that the program will take; else it says itself what is wrong with it. */
function idsIn(text: string | undefined): string[] {
  const listed: unknown = jsonIn(text ?? "[]");
  const ids = Array.isArray(listed)
    ? listed.map((one: unknown) =>
        typeof one === "object" && one !== null ? Reflect.get(one, "id") : undefined,
      )
    : [];
  const texts = ids.filter((id) => typeof id === "string");
  return texts.length === ids.length && new Set(texts).size === ids.length ? texts : [];
}

/**
 * Results in the order of the slices.
 *
 * @param task what a thread makes the same `run` of.
 * @param onDone told of each result as it comes, and how many there are by then.
 * @throws what the first slice that fails throws.
 */
export async function inSlices<R>(
  task: object,
  run: Run<R>,
  slices: readonly (readonly string[])[],
  onDone: (result: R, done: number) => void = () => {},
): Promise<R[]> {
  const threads = Math.floor(slices.length / slicesPerThread);
  const crew = new Crew<R>(task, Math.min(availableParallelism() - 1, threads));
  const results: R[] = [];
  const queue = slices.entries();
  let done = 0;
  const work = async (one: Run<R>) => {
    for (const [at, slice] of queue) {
      const result = await one(slice);
      results[at] = result;
      onDone(result, ++done);
    }
  };
  try {
    // This thread works as the others do.
    await Promise.all([run, ...crew.runners()].map(work));
  } finally {
    await crew.end();
  }
  return results;
}
