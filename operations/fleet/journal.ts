/**
 * What a fleet run has done, line by line and on disk before anything goes on, so that a run which was
 * killed can be finished. The fleet writes what it means to do; the process that works on a stack writes
 * when it starts and how it ended, so the end is recorded even where the fleet did not live to see it.
 */
import {
  appendFileSync,
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { z } from "zod";
import { changeKinds, type Outcome } from "./engine/engine.ts";

const jobSchema = z.object({
  operation: z.enum(["preview", "up", "refresh", "destroy"]),
  policyPack: z.string(),
  policyPackConfig: z.string().optional(),
  create: z.boolean(),
  refresh: z.boolean().default(false),
  dryRun: z.boolean().default(false),
});

/** How a run goes on where it is resumed: in the same waves, with the same waits and checks between them. */
const courseSchema = z.object({
  waves: z.array(z.object({ name: z.string(), stacks: z.array(z.string()) })),
  bakeSeconds: z.number(),
  check: z.string().optional(),
  maxFailures: z.string().optional(),
});

const changesSchema = z.record(z.enum(changeKinds), z.number());

const entrySchema = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("planned"),
    version: z.literal(1),
    job: jobSchema,
    canary: z.array(z.string()),
    stacks: z.array(z.string()),
    /** Absent in journals of versions that knew canaries alone. */
    course: courseSchema.optional(),
    at: z.string(),
  }),
  /** The time and the check after a wave are over, and the next may begin. */
  z.object({ event: z.literal("passed"), wave: z.string(), at: z.string() }),
  z.object({
    event: z.literal("started"),
    stack: z.string(),
    fingerprint: z.string(),
    at: z.string(),
  }),
  z.object({
    event: z.literal("ended"),
    stack: z.string(),
    fingerprint: z.string(),
    result: z.enum(["succeeded", "failed", "interrupted"]),
    changes: changesSchema,
    causes: z.array(z.string()),
    mayHoldLock: z.boolean(),
    seconds: z.number(),
    /** A preview that says data would be lost is none that a resumed run can take for done. */
    losses: z.number().default(0),
    at: z.string(),
  }),
]);

export type Entry = z.input<typeof entrySchema>;
type EntryOf<Event extends Entry["event"]> = Extract<
  z.output<typeof entrySchema>,
  { event: Event }
>;
export type Course = z.output<typeof courseSchema>;

/** Appends a line and returns once it is on disk. Several processes may append to one journal. */
export function append(file: string, entry: Entry): void {
  const handle = openSync(file, "a", 0o600);
  try {
    // One write, so that lines of several processes do not mix (POSIX: O_APPEND).
    writeSync(handle, `${JSON.stringify(entry)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

export const endedEntry = (
  stack: string,
  fingerprint: string,
  { result, changes, causes, mayHoldLock, losses = [] }: Outcome,
  seconds: number,
): Entry => ({
  event: "ended",
  stack,
  fingerprint,
  result,
  changes: { ...changes },
  causes: [...causes],
  mayHoldLock,
  seconds,
  losses: losses.length,
  at: new Date().toISOString(),
});

export interface Journal {
  readonly plan: EntryOf<"planned">;
  /** The last end of each stack that has one and was not started again since. */
  readonly ended: ReadonlyMap<string, EntryOf<"ended">>;
  /** Stacks that were started and have no end: at work still, or interrupted. */
  readonly open: readonly string[];
  /** Stacks that were cut short, and did not succeed since: they may hold a lock. */
  readonly interrupted: readonly string[];
  /** Waves after which the next may begin. */
  readonly passed: readonly string[];
}

/** @returns `undefined` for a file that is no journal of this version. */
export function readJournal(file: string): Journal | undefined {
  let plan: EntryOf<"planned"> | undefined;
  const ended = new Map<string, EntryOf<"ended">>();
  const open = new Set<string>();
  const interrupted = new Set<string>();
  const passed = new Set<string>();
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const entry = parse(line);
    if (entry?.event === "planned") plan = entry;
    if (entry?.event === "passed") passed.add(entry.wave);
    if (entry?.event === "started") {
      if (open.has(entry.stack)) interrupted.add(entry.stack);
      open.add(entry.stack);
      ended.delete(entry.stack);
    }
    if (entry?.event === "ended") {
      open.delete(entry.stack);
      if (entry.mayHoldLock) interrupted.add(entry.stack);
      if (entry.result === "succeeded") interrupted.delete(entry.stack);
      ended.set(entry.stack, entry);
    }
  }
  if (!plan) return undefined;
  return {
    plan,
    ended,
    open: [...open],
    interrupted: [...new Set([...interrupted, ...open])],
    passed: [...passed],
  };
}

/** The last line may be cut off where the machine went down. */
function parse(line: string): z.output<typeof entrySchema> | undefined {
  try {
    return entrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** A line that a crash cut off must not swallow the next one. */
export function mend(file: string): void {
  if (!readFileSync(file, "utf8").endsWith("\n")) appendFileSync(file, "\n");
}

/** Names of the runs whose journals are there, newest first. */
export const runsIn = (folder: string): string[] =>
  readdirSync(folder)
    .flatMap((name) => /^(.+)\.jsonl$/.exec(name)?.[1] ?? [])
    .sort()
    .reverse();
