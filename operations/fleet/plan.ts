/** What a fleet command is to do: to which stacks, with what, and what of it is done already. */
import { delimiter, relative, resolve } from "node:path";
import { defaultPolicyPack, isPolicyPack } from "../../offline/check/pack/policy-pack.ts";
import { matching, selectStacks } from "../../offline/engine-config/select-stacks.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { lockState } from "./engine/backend-lock.ts";
import type { FleetJob, FleetOperation } from "./engine/engine.ts";
import type { FleetHome } from "./home.ts";
import type { Course } from "./journal.ts";
import { placesOf, type StackPlace } from "./places.ts";
import type { StackResult } from "./report.ts";
import { resume } from "./resume.ts";
import { mostFailures, partOf, wavesOf } from "./waves.ts";

export interface FleetFlags {
  readonly stack?: readonly string[];
  readonly environment?: string;
  readonly canary?: readonly string[];
  readonly parallel: number;
  readonly tries: number;
  readonly retrySeconds: number;
  readonly pulumiPath?: string;
  readonly policyPack?: string;
  readonly policyPackConfig?: string;
  readonly create?: true;
  readonly refresh?: true;
  readonly yes?: true;
  /** Stacks that may lose data. */
  readonly allowDataLoss?: readonly string[];
  /** `5` or `10%` */
  readonly maxFailures?: string;
  /** `1,10%,50%,100%` */
  readonly waves?: string;
  /** Only this of the waves, from 1. */
  readonly wave?: number;
  /** `2/8` */
  readonly shard?: string;
  /** Operations at the same time in one account and region. */
  readonly perPlace: number;
  /** Seconds between waves. */
  readonly bake?: number;
  /** Command between waves. */
  readonly checkBetween?: string;
  /** A text names the run. */
  readonly resume?: string | true;
  readonly cancelInterrupted?: true;
  readonly json?: true;
  /** File to append events of tenants to. */
  readonly events?: string;
  /** ARN of an event bus to send them to. */
  readonly eventBus?: string;
}

export interface Plan {
  readonly run: string;
  readonly course: Course;
  /** Failures after which nothing new is begun. */
  readonly mostFailures: number;
  /** Waves after which the time and the check were over, in the run that is resumed. */
  readonly passed: readonly string[];
  readonly left: readonly FleetJob[];
  /** Where the stacks of those left are. */
  readonly places: ReadonlyMap<string, StackPlace>;
  /** What succeeded before, in the run that is resumed. */
  readonly done: readonly StackResult[];
  /** Of those left, what was begun and never ended. */
  readonly interrupted: readonly string[];
  readonly isResumed: boolean;
}

export interface Planning {
  readonly root: string;
  readonly home: FleetHome;
  readonly operation: FleetOperation;
  readonly flags: FleetFlags;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** @throws UsageError when the flags do not say what to do, or say what cannot be. */
export async function planOf(planning: Planning, run: string): Promise<Plan> {
  const { operation, flags } = planning;
  if (flags.cancelInterrupted && !flags.resume) {
    throw new UsageError(
      "--cancel-interrupted goes with --resume, which knows what was interrupted",
    );
  }
  if (operation === "destroy" && !flags.yes) {
    throw new UsageError("destroy deletes data: say --yes, and name the stacks with --stack");
  }
  const plan = flags.resume ? await resumedPlan(planning, flags.resume) : newPlan(planning, run);
  refuseUnknownLosers(
    flags.allowDataLoss,
    plan.course.waves.flatMap(({ stacks }) => stacks),
  );
  return plan;
}

function newPlan({ root, operation, flags }: Planning, run: string): Plan {
  if (operation === "destroy") refuseUnnamed(flags);
  const stacks = selectStacks(root, { stacks: flags.stack, environment: flags.environment });
  const pack = resolve(root, flags.policyPack ?? defaultPolicyPack(root));
  if (!isPolicyPack(pack)) {
    throw new UsageError(`--policy-pack ${pack}: no PulumiPolicy.yaml there`);
  }
  // Another machine, with the project elsewhere, may resume the run.
  const fromRoot = (path: string) => relative(root, resolve(root, path)) || ".";
  const job = {
    operation,
    policyPack: fromRoot(pack),
    ...(flags.policyPackConfig && { policyPackConfig: fromRoot(flags.policyPackConfig) }),
    create: flags.create ?? false,
    refresh: flags.refresh ?? false,
    dryRun: false,
  };
  const canary = (flags.canary ?? []).flatMap((name) => matching(stacks, name));
  const waves = partOf(wavesOf(stacks, [...new Set(canary)], flags.waves), flags);
  const own = new Set(waves.flatMap((wave) => wave.stacks));
  const left = stacks.filter((stack) => own.has(stack));
  const places = placesOf(root, left);
  return {
    run,
    course: {
      waves,
      bakeSeconds: flags.bake ?? 0,
      ...(flags.checkBetween !== undefined && { check: flags.checkBetween }),
      ...(flags.maxFailures !== undefined && { maxFailures: flags.maxFailures }),
    },
    mostFailures: mostOf(operation, flags.maxFailures, left),
    passed: [],
    left: left.map((stack) => inBackend({ ...job, stack }, places)),
    places,
    done: [],
    interrupted: [],
    isResumed: false,
  };
}

/** A preview touches nothing: unless told otherwise, it shows what is wrong everywhere. */
const mostOf = (
  operation: FleetOperation,
  text: string | undefined,
  stacks: readonly string[],
): number =>
  operation === "preview" && text === undefined
    ? Number.POSITIVE_INFINITY
    : mostFailures(text, stacks.length);

/**
 * Data is given up stack by stack: a pattern that fits one stack more than was meant is how data goes.
 *
 * @throws UsageError for a name that is none of the run's stacks.
 */
function refuseUnknownLosers(names: readonly string[] = [], stacks: readonly string[]): void {
  const unknown = names.filter((name) => !stacks.includes(name));
  if (unknown.length === 0) return;
  throw new UsageError(
    `--allow-data-loss ${unknown.join(" ")}: takes full names of this run's stacks, which are ${stacks.join(", ")}`,
  );
}

function refuseUnnamed({ stack, environment }: FleetFlags): void {
  if (!stack || environment !== undefined || stack.some((name) => /[*?]/.test(name))) {
    throw new UsageError("destroy wants each stack by its full name: --stack cell-7 cell-8");
  }
}

async function resumedPlan(
  { root, home, operation, flags, signal, say }: Planning,
  named: string | true,
): Promise<Plan> {
  const { run, journal, done, left, interrupted } = await resume(
    home,
    root,
    operation,
    named === true ? undefined : named,
    {
      onWait: (stacks) => say(`waiting for what the killed run left at work: ${stacks.join(", ")}`),
      signal,
    },
  );
  say(`resuming ${run}: ${done.length} of ${journal.plan.stacks.length} succeeded before`);
  if (!flags.cancelInterrupted) {
    for (const stack of interrupted) {
      const lock = { locked: "holds a lock", free: "", unknown: "may hold a lock" }[
        lockState(root, stack)
      ];
      if (lock) {
        say(
          `${stack} was interrupted and ${lock}. If no update of it runs anywhere: ` +
            `pulumi cancel --stack ${stack}, or --resume --cancel-interrupted`,
        );
      }
    }
  }
  const { stacks, canary } = journal.plan;
  const course: Course = journal.plan.course ?? { waves: wavesOf(stacks, canary), bakeSeconds: 0 };
  const mostFailures = mostOf(operation, flags.maxFailures ?? course.maxFailures, stacks);
  const { passed } = journal;
  const places = placesOf(
    root,
    left.map(({ stack }) => stack),
  );
  return {
    run,
    course,
    mostFailures,
    passed,
    left: left.map((job) => inBackend(job, places)),
    places,
    done,
    interrupted,
    isResumed: true,
  };
}

function inBackend(job: FleetJob, places: ReadonlyMap<string, StackPlace>): FleetJob {
  const backend = places.get(job.stack)?.backend;
  return backend === undefined ? job : { ...job, backend };
}

/** Puts a `pulumi` of the user's choice first on the PATH, plugins of the same installation with it. */
export function preferPulumi(folder: string | undefined): void {
  if (folder === undefined) return;
  process.env.PATH = [resolve(folder), process.env.PATH].join(delimiter);
}
