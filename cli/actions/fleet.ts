/** What `chatstack fleet` does with its flags. */
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";
import { projectRoot } from "../../offline/files/project-root.ts";
import { readProject } from "../../offline/project.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { OperatorBuses } from "../../operations/aws/event-bus.ts";
import { runAll } from "../../operations/fleet/attempts.ts";
import type { FleetOperation } from "../../operations/fleet/engine/engine.ts";
import { onInterruption } from "../../operations/fleet/engine/interruption.ts";
import { Slots } from "../../operations/fleet/engine/slots.ts";
import { TenantEvents } from "../../operations/fleet/events.ts";
import { fingerprintOf } from "../../operations/fleet/fingerprint.ts";
import { FleetHome } from "../../operations/fleet/home.ts";
import { append } from "../../operations/fleet/journal.ts";
import { PlaceLimit } from "../../operations/fleet/places.ts";
import { type FleetFlags, type Plan, planOf, preferPulumi } from "../../operations/fleet/plan.ts";
import { Previews } from "../../operations/fleet/previews.ts";
import { type FleetReport, fleetReport, type StackResult } from "../../operations/fleet/report.ts";
import { Brake, type FleetRun, previewAll, runWaves } from "../../operations/fleet/run.ts";
import { fleetText, previewText } from "../../operations/fleet/text.ts";
import { Live, stacksText } from "../terminal/live.ts";
import { stdoutText } from "../terminal/stdout.ts";

/**
 * Resolves to the exit code.
 *
 * @throws UsageError or ProjectError when it cannot start.
 */
export async function runCommand(operation: FleetOperation, flags: FleetFlags): Promise<number> {
  const root = projectRoot();
  readProject(root);
  preferPulumi(flags.pulumiPath);
  const home = new FleetHome(root);
  const run = `${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${operation}`;
  const lock = home.claim(run);
  let slots: Slots | undefined;
  const { signal, release } = onInterruption(
    () => say("stopping: what runs finishes its current resources; Ctrl-C again kills it"),
    () => slots?.kill(),
  );
  try {
    const plan = await planOf({ root, home, operation, flags, signal, say }, run);
    if (asks(operation, flags) && plan.left.length > 0) refuseSilence(operation);
    slots = await Slots.open({
      root,
      log: home.log(plan.run),
      record: (job) => ({
        fingerprint: fingerprintOf(root, job),
        ...(job.operation !== "cancel" && !job.dryRun && { journal: home.journal(plan.run) }),
      }),
    });
    const report = await work({ root, home, operation, plan, flags, engine: slots, signal });
    const text = flags.json
      ? JSON.stringify(report, undefined, 2)
      : fleetText(report, stdoutText());
    process.stdout.write(`${text}\n`);
    return report.outcome === "succeeded" ? 0 : 1;
  } finally {
    slots?.close();
    release();
    lock.close();
  }
}

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

interface Work {
  readonly root: string;
  readonly home: FleetHome;
  readonly operation: FleetOperation;
  readonly plan: Plan;
  readonly flags: FleetFlags;
  readonly engine: Slots;
  readonly signal: AbortSignal;
}

async function work(task: Work): Promise<FleetReport> {
  const { root, home, operation, plan, flags, engine, signal } = task;
  const begin = performance.now();
  const { course, left, done, passed } = plan;
  const file = flags.events === undefined ? undefined : resolve(root, flags.events);
  const buses = new OperatorBuses(flags.eventBus, (stack) => plan.places.get(stack)?.eventBus);
  const events = new TenantEvents({ file, buses }, { run: plan.run, operation });
  let live = new Live(process.stderr, operation, left.length);
  const run: FleetRun = {
    engine,
    parallel: flags.parallel,
    places: new PlaceLimit(plan.places, flags.perPlace),
    retries: { tries: flags.tries, baseSeconds: flags.retrySeconds },
    signal,
    jobs: left,
    waves: course.waves,
    gate: course,
    passed,
    previews: new Previews({
      allowDataLoss: flags.allowDataLoss ?? [],
      fingerprint: (job) => fingerprintOf(root, job),
    }),
    brake: new Brake(plan.mostFailures),
    onState: (stack, state) => {
      live.update(stack, state);
      if (state.state === "ended") events.ended(state.result);
    },
    onPassed: ({ name }) =>
      append(home.journal(plan.run), { event: "passed", wave: name, at: new Date().toISOString() }),
    say: (text) => live.say(text),
  };
  try {
    if (!asks(operation, flags)) recordPlan(home, plan);
    if (flags.cancelInterrupted) await cancelInterrupted(run, plan, live);
    let previewed: StackResult[] = [];
    if (operation !== "preview") {
      live.end();
      previewed = await previewShown(run);
      if (asks(operation, flags)) {
        await confirm(operation, previewed);
        recordPlan(home, plan);
      }
      live = new Live(process.stderr, operation, openOf(previewed).length);
      events.previewed(previewed);
    }
    const { stacks, waves } = await runWaves(run, previewed);
    const all = [...done, ...stacks].sort((a, b) => (a.stack < b.stack ? -1 : 1));
    const seconds = (performance.now() - begin) / 1000;
    return fleetReport(operation, plan.run, { stacks: all, waves }, seconds);
  } finally {
    live.end();
    for (const unsent of await buses.ended()) process.stderr.write(`${unsent}\n`);
  }
}

/** Shows the previews as they come. */
async function previewShown(run: FleetRun): Promise<StackResult[]> {
  const live = new Live(process.stderr, "preview", run.jobs.length, "preview: ");
  try {
    return await previewAll({
      ...run,
      say: (text) => live.say(text),
      onState: (stack, state) =>
        live.update(
          stack,
          state.state === "ended"
            ? {
                ...state,
                result: { ...state.result, changes: state.result.preview ?? state.result.changes },
              }
            : state,
        ),
    });
  } finally {
    live.end();
  }
}

const openOf = (previewed: readonly StackResult[]): StackResult[] =>
  previewed.filter(({ result }) => result === "succeeded");

const asks = (operation: FleetOperation, flags: FleetFlags): boolean =>
  operation !== "preview" && !flags.yes;

/** @throws UsageError where nobody can answer: better now than after the previews. */
function refuseSilence(operation: FleetOperation): void {
  if (process.stdin.isTTY) return;
  throw new UsageError(`${operation} asks before it begins: say --yes where nobody can answer`);
}

/** Shows the previews and asks whether to go on with those that may; where none may, there is no question. */
async function confirm(
  operation: FleetOperation,
  previewed: readonly StackResult[],
): Promise<void> {
  if (previewed.length > 0) say(previewText(previewed, stdoutText()));
  const open = openOf(previewed);
  if (open.length === 0) return;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const what = `${operation} on ${stacksText(open.map(({ stack }) => stack))}`;
  // Ctrl-C and Ctrl-D close it, and would leave the question open for ever.
  const closed = once(terminal, "close").then(() => "");
  const answer = await Promise.race([terminal.question(`${what}\nGo on? (yes/no) `), closed]);
  terminal.close();
  if (answer.trim() !== "yes") throw new UsageError("not confirmed with yes: nothing was done");
}

function recordPlan(home: FleetHome, { run, left, course, isResumed }: Plan): void {
  const [first] = left;
  if (!first || isResumed) return;
  const { stack: _, ...job } = first;
  append(home.journal(run), {
    event: "planned",
    version: 1,
    job,
    canary: [],
    stacks: left.map(({ stack }) => stack),
    course,
    at: new Date().toISOString(),
  });
}

async function cancelInterrupted(run: FleetRun, plan: Plan, live: Live): Promise<void> {
  const jobs = plan.left.filter(({ stack }) => plan.interrupted.includes(stack));
  const cancelled = await runAll(
    { ...run, onState: () => {} },
    jobs.map((job) => ({ ...job, operation: "cancel" })),
  );
  for (const { stack, causes } of cancelled) {
    live.say([`pulumi cancel --stack ${stack}`, ...causes].join(": "));
  }
}
