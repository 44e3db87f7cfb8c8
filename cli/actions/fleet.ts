/** What `chatstack fleet` does with its flags. */
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { readProject } from "../../offline/project.ts";
import { UsageError } from "../../offline/usage-error.ts";
import type { FleetOperation } from "../../operations/fleet/engine/engine.ts";
import { onInterruption } from "../../operations/fleet/engine/interruption.ts";
import { Slots } from "../../operations/fleet/engine/slots.ts";
import { fingerprintOf } from "../../operations/fleet/fingerprint.ts";
import { FleetHome } from "../../operations/fleet/home.ts";
import { append } from "../../operations/fleet/journal.ts";
import { type FleetFlags, type Plan, planOf, preferPulumi } from "../../operations/fleet/plan.ts";
import { type FleetReport, fleetReport } from "../../operations/fleet/report.ts";
import { runFleet } from "../../operations/fleet/run.ts";
import { fleetText } from "../../operations/fleet/text.ts";
import { Live, stacksText } from "../terminal/live.ts";
import { stdoutText } from "../terminal/stdout.ts";

/**
 * Resolves to the exit code.
 *
 * @throws UsageError or ProjectError when it cannot start.
 */
export async function runCommand(operation: FleetOperation, flags: FleetFlags): Promise<number> {
  const root = process.cwd();
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
    await confirm(operation, plan, flags);
    slots = await Slots.open({
      root,
      log: home.log(plan.run),
      record: (job) => ({
        fingerprint: fingerprintOf(root, job),
        ...(job.operation !== "cancel" && { journal: home.journal(plan.run) }),
      }),
    });
    if (!plan.isResumed) recordPlan(home, plan);
    const report = await work(operation, plan, flags, slots, signal);
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

async function confirm(operation: FleetOperation, plan: Plan, flags: FleetFlags): Promise<void> {
  if (operation === "preview" || flags.yes || plan.left.length === 0) return;
  if (!process.stdin.isTTY) {
    throw new UsageError(`${operation} asks before it begins: say --yes where nobody can answer`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const what = `${operation} on ${stacksText(plan.left.map(({ stack }) => stack))}`;
  // Ctrl-C and Ctrl-D close it, and would leave the question open for ever.
  const closed = once(terminal, "close").then(() => "");
  const answer = await Promise.race([terminal.question(`${what}\nGo on? (yes/no) `), closed]);
  terminal.close();
  if (answer.trim() !== "yes") throw new UsageError("not confirmed with yes: nothing was done");
}

function recordPlan(home: FleetHome, { run, left, canary }: Plan): void {
  const [first] = left;
  if (!first) return;
  const { stack: _, ...job } = first;
  append(home.journal(run), {
    event: "planned",
    version: 1,
    job,
    canary: [...canary],
    stacks: left.map(({ stack }) => stack),
    at: new Date().toISOString(),
  });
}

async function work(
  operation: FleetOperation,
  plan: Plan,
  flags: FleetFlags,
  engine: Slots,
  signal: AbortSignal,
): Promise<FleetReport> {
  const begin = performance.now();
  const live = new Live(process.stderr, operation, plan.left.length);
  const common = { engine, parallel: flags.parallel, signal };
  const retries = { tries: flags.tries, baseSeconds: flags.retrySeconds };
  try {
    if (flags.cancelInterrupted) {
      const jobs = plan.left.filter(({ stack }) => plan.interrupted.includes(stack));
      const cancelled = await runFleet({
        ...common,
        retries,
        canary: [],
        jobs: jobs.map((job) => ({ ...job, operation: "cancel" })),
        onState: () => {},
      });
      for (const { stack, causes } of cancelled) {
        live.say([`pulumi cancel --stack ${stack}`, ...causes].join(": "));
      }
    }
    const results = await runFleet({
      ...common,
      retries,
      canary: plan.canary,
      jobs: plan.left,
      onState: (stack, state) => live.update(stack, state),
    });
    const all = [...plan.done, ...results].sort((a, b) => (a.stack < b.stack ? -1 : 1));
    return fleetReport(operation, plan.run, all, (performance.now() - begin) / 1000);
  } finally {
    live.end();
  }
}
