/** What a fleet command is to do: to which stacks, with what, and what of it is done already. */
import { delimiter, resolve } from "node:path";
import { defaultPolicyPack, isPolicyPack } from "../../offline/check/pack/policy-pack.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { lockState } from "./engine/backend-lock.ts";
import type { FleetJob, FleetOperation } from "./engine/engine.ts";
import type { FleetHome } from "./home.ts";
import type { StackResult } from "./report.ts";
import { resume } from "./resume.ts";
import { matching, selectStacks } from "./select.ts";

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
  readonly yes?: true;
  /** A text names the run. */
  readonly resume?: string | true;
  readonly cancelInterrupted?: true;
  readonly json?: true;
}

export interface Plan {
  readonly run: string;
  /** Stacks that are to succeed before the others. */
  readonly canary: readonly string[];
  readonly left: readonly FleetJob[];
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
  return flags.resume ? resumedPlan(planning, flags.resume) : newPlan(planning, run);
}

function newPlan({ root, operation, flags }: Planning, run: string): Plan {
  if (operation === "destroy") refuseUnnamed(flags);
  const stacks = selectStacks(root, { stacks: flags.stack, environment: flags.environment });
  const policyPack = resolve(root, flags.policyPack ?? defaultPolicyPack(root));
  if (!isPolicyPack(policyPack)) {
    throw new UsageError(`--policy-pack ${policyPack}: no PulumiPolicy.yaml there`);
  }
  const job = {
    operation,
    policyPack,
    ...(flags.policyPackConfig && { policyPackConfig: resolve(root, flags.policyPackConfig) }),
    create: flags.create ?? false,
  };
  return {
    run,
    canary: (flags.canary ?? []).flatMap((name) => matching(stacks, name)),
    left: stacks.map((stack) => ({ ...job, stack })),
    done: [],
    interrupted: [],
    isResumed: false,
  };
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
  return { run, canary: journal.plan.canary, left, done, interrupted, isResumed: true };
}

/** Puts a `pulumi` of the user's choice first on the PATH, plugins of the same installation with it. */
export function preferPulumi(folder: string | undefined): void {
  if (folder === undefined) return;
  process.env.PATH = [resolve(folder), process.env.PATH].join(delimiter);
}
