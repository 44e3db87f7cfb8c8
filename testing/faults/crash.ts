import type { Interference } from "../aws/wire.ts";
import { askAgain, halves } from "./aftermath.ts";
import type { Operation } from "./operations/operation.ts";
import type { Rehearsed } from "./sites.ts";
import type { World } from "./world.ts";

/**
 * Lets the process die: the engine carries out the n-th request and those before it, nobody hears of
 * the answers, and the process never says anything again. Then another one is asked the same.
 */
export async function crashAndRepeat(
  operation: Operation,
  rehearsed: Rehearsed,
  lastRequest: number,
): Promise<readonly string[]> {
  const world = await crashed(rehearsed, lastRequest);
  const findings = await askAgain(world, operation, rehearsed);
  await rehearsed.tearDown(world);
  return findings;
}

/** Nobody asks again: a day later the sweep has ended what was begun, or left it as if it never was. */
export async function crashAndSweep(
  rehearsed: Rehearsed,
  lastRequest: number,
): Promise<readonly string[]> {
  const world = await crashed(rehearsed, lastRequest);
  const findings = await halves(world, rehearsed);
  await rehearsed.tearDown(world);
  return findings;
}

async function crashed(rehearsed: Rehearsed, lastRequest: number): Promise<World> {
  const world = await rehearsed.setUp();
  const process = world.process();
  const death = Promise.withResolvers<void>();
  const underWay: Promise<unknown>[] = [];
  let requests = 0;
  const interfere: Interference = async (_call, _request, send) => {
    requests++;
    if (requests > lastRequest) return never;
    const isLast = requests === lastRequest;
    const sent = send();
    underWay.push(sent);
    if (isLast) death.resolve();
    const answer = await sent;
    return requests >= lastRequest ? never : answer;
  };
  // Done before its death, where a run needs a request less than the first one did.
  const done = process.wire.run(interfere, () => rehearsed.ask(process)).result;
  await Promise.race([death.promise, done]);
  await Promise.allSettled(underWay);
  process.end();
  return world;
}

const never = new Promise<never>(() => {});
