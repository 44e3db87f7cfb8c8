/** `testing/faults/`: making AWS and processes fail at every call, and judging what is left. */
import type { Contents } from "./contents.ts";
import type { Answer, Operation } from "./operations/operation.ts";
import { comparableAnswer, type Rehearsed } from "./sites.ts";
import type { World } from "./world.ts";

/**
 * Another process is asked the same, and then all is as one undisturbed run leaves it. A request that
 * would be another one is not repeated: then it must have happened, or not.
 */
export async function askAgain(
  world: World,
  operation: Operation,
  rehearsed: Rehearsed,
): Promise<string[]> {
  const { violations } = await world.contents();
  const { repeated = [], isTelling = false, isRepeatable = true } = operation;
  if (!isRepeatable) return [...violations, ...(await halves(world, rehearsed))];
  const answer = await settled(rehearsed.ask(world.healthy));
  const isDone = answer !== undefined && answer.status < 300;
  const isKnown = answer !== undefined && repeated.includes(answer.status);
  const isCompared = isDone && !isTelling && repeated.length === 0;
  return [
    ...violations,
    ...(isDone || isKnown ? [] : [`asked again, it answers ${answer?.status} ${answer?.text}`]),
    ...(isCompared && comparableAnswer(answer) !== rehearsed.answer
      ? [`asked again, it answers differently: ${comparableAnswer(answer)}`]
      : []),
    ...(await differences(world, rehearsed)),
  ];
}

/** Undefined for a body that broke off. */
export async function settled(answer: Promise<Answer>): Promise<Answer | undefined> {
  return answer.catch(() => undefined);
}

/**
 * How a world differs from what one undisturbed run leaves; after the sweep, if need be, which is there
 * for what nothing points to.
 */
export async function differences(world: World, rehearsed: Rehearsed): Promise<string[]> {
  const compare = async (expected: Contents) => {
    const { lines, violations } = await world.contents();
    const isExcused = (line: string) => line.startsWith("missing: ") && isCount(line);
    return [...violations, ...different(expected.lines, lines).filter((line) => !isExcused(line))];
  };
  const first = await compare(rehearsed.contents);
  if (first.length === 0) return [];
  const swept = await world.sweep();
  if (swept !== 200) return [`the sweep answers ${swept}`];
  const second = await compare(rehearsed.contents);
  if (second.length === 0) return [];
  const third = await compare(await rehearsed.settled());
  return third.length === 0 ? [] : second;
}

/** How a world, a day later and swept, is neither as it was before nor as it is when all is done. */
export async function halves(world: World, rehearsed: Rehearsed): Promise<readonly string[]> {
  const { before, contents } = rehearsed;
  const swept = await world.sweep();
  const { lines, violations } = await world.contents();
  const unlike = (expected: readonly string[]) =>
    different(expected, lines).filter((line) => !isCount(line));
  const [undone, done] = [unlike(before.lines), unlike(contents.lines)];
  const isWhole =
    undone.length === 0 ||
    done.length === 0 ||
    unlike((await rehearsed.settled()).lines).length === 0;
  return [
    ...violations,
    ...(swept === 200 ? [] : [`the sweep answers ${swept}`]),
    ...(isWhole ? [] : [...done, ...undone.map((line) => `or ${line}`)]),
  ];
}

/** Of tokens: counted beside a turn, which is worth more than its count. */
function isCount(line: string): boolean {
  return line.includes(" USAGE#");
}

export function different(expected: readonly string[], actual: readonly string[]): string[] {
  const rest = [...actual];
  const missing = expected.filter((line) => {
    const at = rest.indexOf(line);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
  return [...missing.map((line) => `missing: ${line}`), ...rest.map((line) => `too much: ${line}`)];
}
