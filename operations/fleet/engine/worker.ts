/**
 * The process of one slot: one operation at a time, in a process group of its own. When the fleet is gone
 * it finishes and records what it is at, so that a resumed run need not do it again.
 */

import { FleetHome } from "../home.ts";
import { append, endedEntry } from "../journal.ts";
import { automationEngine } from "./automation.ts";
import { type Engine, failed, type Job, type Outcome } from "./engine.ts";
import type { Order, RecordedJob, Word } from "./wire.ts";

const [root = process.cwd()] = process.argv.slice(2);
const home = new FleetHome(root);
let interruption: AbortController | undefined;

process.on("disconnect", () => {
  if (!interruption) process.exit();
});

try {
  const engine = await automationEngine(root);
  process.on("message", (order: Order) => {
    if (order.kind === "interrupt") interruption?.abort();
    else void work(engine, order.recorded);
  });
  say({ kind: "ready" });
} catch (error) {
  say({ kind: "unable", reason: describe(error) });
}

async function work(engine: Engine, recorded: RecordedJob): Promise<void> {
  interruption = new AbortController();
  const outcome = await claimed(recorded, () => run(engine, recorded.job));
  interruption = undefined;
  say({ kind: "outcome", outcome });
  if (!process.connected) process.exit();
}

/** Holds the stack for as long as the operation takes, and records its start and end. */
async function claimed(
  { job, journal, fingerprint }: RecordedJob,
  operate: () => Promise<Outcome>,
): Promise<Outcome> {
  const { stack } = job;
  const lock = home.claimStack(stack);
  if (!lock) return failed("another process of chatstack is still at work on this stack");
  const begin = performance.now();
  if (journal) {
    append(journal, { event: "started", stack, fingerprint, at: new Date().toISOString() });
  }
  const outcome = await operate();
  const seconds = (performance.now() - begin) / 1000;
  if (journal) append(journal, endedEntry(stack, fingerprint, outcome, seconds));
  lock.close();
  return outcome;
}

async function run(engine: Engine, job: Job): Promise<Outcome> {
  const signal = interruption?.signal ?? AbortSignal.abort();
  try {
    return await engine.run(job, (progress) => say({ kind: "progress", progress }), signal);
  } catch (error) {
    return failed(describe(error));
  }
}

/** To nobody, once the fleet is gone. */
function say(word: Word): void {
  if (process.connected) process.send?.(word, () => {});
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
