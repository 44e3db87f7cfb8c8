/**
 * What is wrong with a component's arguments, in one form for those who ask: the component, which
 * refuses the first fault, and the stack's config, which lists all of them with file and path.
 */

/**
 * - `argument`: its path below the component's arguments, e.g. `replicas[0].region`.
 * - `found`: its value, never a secret.
 * - `allowed`: what AWS takes, and where AWS says so.
 */
export type Fault = readonly [argument: string, found: unknown, allowed: string];

/** A number that is not whole, or outside `[min, max]`. */
export function* integerFaults(
  argument: string,
  found: number | undefined,
  min: number,
  max: number,
): Generator<Fault> {
  if (found !== undefined && (!Number.isInteger(found) || found < min || found > max))
    yield [argument, found, `a whole number from ${min} to ${max}`];
}

/** An item that a list names twice; what is made of it would have the same name. */
export function* repeatFaults(argument: string, items: readonly string[]): Generator<Fault> {
  for (const [index, item] of items.entries()) {
    if (items.indexOf(item) < index) yield [`${argument}[${index}]`, item, "each only once"];
  }
}

/** The faults of a part, as faults of the whole. */
export function* within(part: string, faults: Iterable<Fault>): Generator<Fault> {
  for (const [argument, found, allowed] of faults)
    yield [argument === "" ? part : `${part}.${argument}`, found, allowed];
}
