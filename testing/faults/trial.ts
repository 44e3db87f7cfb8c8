import { askAgain, differences, settled } from "./aftermath.ts";
import type { Fault } from "./fault.ts";

import type { Answer, Operation } from "./operations/operation.ts";
import {
  comparableAnswer,
  type Rehearsed,
  type Site,
  strikeAt,
  type Undisturbed,
} from "./sites.ts";

export interface Trial {
  readonly operation: Operation;
  readonly rehearsed: Rehearsed;
  readonly site: Site;
  readonly fault: Fault;
}

/** How a fault showed: not at all, as 503, as 500, or as a stream without its end. */
export type Outcome = "unnoticed" | "done before" | "busy" | "internal" | "broken off";

export interface Result {
  readonly outcome: Outcome;
  /** What was not as promised, in words. */
  readonly findings: readonly string[];
}

/** Lets the fault strike, looks at what it left, and asks again as a client would. */
export async function tryFault(trial: Trial): Promise<Result> {
  const { operation, rehearsed, site, fault } = trial;
  const { ask } = rehearsed;
  const world = await rehearsed.setUp();
  const disturbed = world.process();
  const answer = await settled(
    disturbed.wire.run(strikeAt(site, fault), () => ask(disturbed)).result,
  );
  const { outcome, findings } = judge(operation, fault, answer, rehearsed);
  const isDone = outcome === "unnoticed" || outcome === "done before";
  const after = isDone
    ? await differences(world, rehearsed)
    : await askAgain(world, operation, rehearsed);
  disturbed.end();
  await rehearsed.tearDown(world);
  return { outcome, findings: [...findings, ...after] };
}

function judge(
  { repeated = [], isStream = false, isTelling = false }: Operation,
  fault: Fault,
  answer: Answer | undefined,
  undisturbed: Undisturbed,
): Result {
  const isExpected = (outcome: Outcome) =>
    outcome === "internal" ? fault.outcome === "internal" : fault.outcome !== "absorbed";
  const refused = (outcome: Outcome, wrong: string[] = []) => ({
    outcome,
    findings: isExpected(outcome) ? wrong : [...wrong, `${outcome} after "${fault.name}"`],
  });

  if (answer === undefined) {
    return { outcome: "broken off", findings: isStream ? [] : ["the body broke off"] };
  }
  const status = isStream ? statusOf(answer) : answer.status;
  if (status === 503) {
    const isOut = answer.status === 200;
    return refused("busy", [
      ...(isOut || answer.headers.get("retry-after") !== null ? [] : ["503 without Retry-After"]),
      ...(isOut || isProblem(answer) ? [] : ["503 without a problem"]),
    ]);
  }
  if (status >= 500) {
    const outcome = refused(
      "internal",
      answer.status === 200 || isProblem(answer) ? [] : ["no problem"],
    );
    return outcome;
  }
  if (fault.isAmbiguous && repeated.includes(status))
    return { outcome: "done before", findings: [] };
  if (status >= 300) return { outcome: "unnoticed", findings: [`${status} ${answer.text}`] };
  const text = comparableAnswer(answer);
  const isSame = isTelling || text === undisturbed.answer;
  return { outcome: "unnoticed", findings: isSame ? [] : [`answers differently: ${text}`] };
}

/** What a stream says at its end, its status having been out before. */
function statusOf({ status, text }: Answer): number {
  const problem = /"status":(5\d\d)\b/.exec(text)?.[1];
  return status === 200 && problem !== undefined ? Number(problem) : status;
}

function isProblem({ headers, body }: Answer): boolean {
  return (
    headers.get("content-type") === "application/problem+json" &&
    String(body.type).startsWith("urn:chatstack:problem:")
  );
}
