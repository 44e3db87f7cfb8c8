/** Operations by Pulumi's Automation API, which runs the installed CLI. */
import { resolve } from "node:path";
import {
  ConcurrentUpdateError,
  type EngineEvent,
  LocalWorkspace,
  PulumiCommand,
  Stack,
  StackAlreadyExistsError,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import { writtenCauses } from "./causes.ts";
import {
  type Engine,
  failed,
  isHarmless,
  type Job,
  type Operation,
  type Outcome,
} from "./engine.ts";
import { Tally } from "./tally.ts";
import { TenantTally } from "./tenant-tally.ts";

/**
 * @param root folder of `Pulumi.yaml`.
 * @throws Error when there is no `pulumi` on PATH, or one that is too old.
 */
export async function automationEngine(root: string): Promise<Engine> {
  const command = await PulumiCommand.get();
  return {
    run: async (job, onProgress, signal) => {
      const stack = await openStack(root, command, job);
      const { policyPack, policyPackConfig } = job;
      const packs = {
        policyPack: resolve(root, policyPack),
        ...(policyPackConfig && { policyPackConfig: resolve(root, policyPackConfig) }),
      };
      return operate(stack, { ...job, ...packs }, onProgress, signal);
    },
  };
}

/**
 * Without the commands that the Automation API runs around each operation: `stack select`, which would
 * change what the user's shell has selected, and two `stack output` and a `stack history`, which read the
 * stack's secrets in clear, for results that nobody here asks for. What is left is one command an operation.
 */
async function openStack(
  root: string,
  pulumiCommand: PulumiCommand,
  { stack: name, backend }: Job,
): Promise<Stack> {
  const workspace = await LocalWorkspace.create({
    workDir: root,
    pulumiCommand,
    ...(backend !== undefined && { envVars: { PULUMI_BACKEND_URL: backend } }),
  });
  workspace.selectStack = async () => {};
  workspace.stackOutputs = async () => ({});
  const stack = await Stack.select(name, workspace);
  stack.info = async () => undefined;
  return stack;
}

async function operate(
  stack: Stack,
  job: Job,
  onProgress: Parameters<Engine["run"]>[1],
  signal: AbortSignal,
): Promise<Outcome> {
  const tally = new Tally();
  const tenants = new TenantTally();
  const drift = job.operation === "drift" ? await driftFinder() : undefined;
  const losses = findsLosses(job) ? await lossFinder() : undefined;
  let stderr = "";
  // The API hears an abort only while the CLI runs.
  if (signal.aborted) return tally.failed("", "stopped before it began", { result: "interrupted" });
  try {
    if (job.create) await createStack(stack);
    await commands[job.operation](stack, job, {
      color: "never",
      suppressOutputs: true,
      signal,
      onError: (text) => {
        stderr = (stderr + text).slice(-8000);
      },
      onEvent: (event) => {
        tally.add(event);
        tenants.add(event);
        drift?.add(event);
        losses?.add(event);
        onProgress(tally.progress);
      },
    });
    return {
      ...tally.succeeded(),
      tenants: tenants.outcomes(),
      ...(drift && { differences: drift.differences() }),
      ...(losses && { losses: losses.losses() }),
    };
  } catch (error) {
    if (error instanceof ConcurrentUpdateError) return failed(lockedCause(stderr, job.stack));
    if (error instanceof StackNotFoundError) return failed(unknownCause(job.stack));
    const message = error instanceof Error ? error.message : String(error);
    const killed = /was killed with (SIG\w+)/.exec(message)?.[1];
    return tally.failed(stderr, lastWords(stderr, message), {
      result: signal.aborted ? "interrupted" : "failed",
      mayHoldLock: killed !== undefined && !isHarmless(job),
      tenants: tenants.outcomes(),
      ...(losses && { losses: losses.losses() }),
    });
  }
}

/** With the policy pack's rules, which no other operation needs. */
async function driftFinder() {
  const { DriftFinder } = await import("../../drift/find.ts");
  return new DriftFinder();
}

/** A preview says what would be lost; a refresh changes the state alone. */
const findsLosses = ({ operation, dryRun }: Job): boolean =>
  operation === "preview" || (dryRun && (operation === "up" || operation === "destroy"));

async function lossFinder() {
  const { LossFinder } = await import("../losses.ts");
  return new LossFinder();
}

interface CommandOptions {
  readonly color: "never";
  readonly suppressOutputs: boolean;
  readonly signal: AbortSignal;
  readonly onError: (text: string) => void;
  readonly onEvent: (event: EngineEvent) => void;
}

const commands: Readonly<
  Record<Operation, (stack: Stack, job: Job, options: CommandOptions) => Promise<unknown>>
> = {
  preview: (stack, job, options) => stack.preview({ ...options, ...withPack(job) }),
  up: (stack, job, options) =>
    job.dryRun
      ? stack.preview({ ...options, ...withPack(job) })
      : stack.up({ ...options, ...withPack(job), showSecrets: false }),
  refresh: (stack, { dryRun }, options) =>
    dryRun ? stack.previewRefresh(options) : stack.refresh({ ...options, showSecrets: false }),
  // Not `destroy({ previewOnly })`: an SDK that does not know the option would destroy.
  destroy: (stack, { refresh, dryRun }, options) =>
    dryRun
      ? stack.previewDestroy({ ...options, refresh })
      : stack.destroy({ ...options, refresh, showSecrets: false }),
  drift: (stack, _, options) => stack.previewRefresh(options),
  cancel: (stack) => stack.cancel(),
};

const withPack = ({ policyPack, policyPackConfig, refresh }: Job) => ({
  refresh,
  policyPacks: [policyPack],
  ...(policyPackConfig && { policyPackConfigs: [policyPackConfig] }),
});

async function createStack(stack: Stack): Promise<void> {
  try {
    await stack.workspace.createStack(stack.name);
  } catch (error) {
    if (!(error instanceof StackAlreadyExistsError)) throw error;
  }
}

const lockedCause = (stderr: string, stack: string): string => {
  const [said = "another update holds its lock"] = writtenCauses(stderr);
  return `${said} If no update of it runs anywhere: pulumi cancel --stack ${stack}`;
};

const unknownCause = (stack: string): string =>
  `the backend has no stack "${stack}"; --create makes it, as \`pulumi stack init ${stack}\` does`;

/** How the CLI ended, for when neither an event nor an `error:` line says why; execa words the message. */
function lastWords(stderr: string, message: string): string {
  const ended = /Command (?:was killed with|failed with exit code) \w+/.exec(message)?.[0];
  const said = stderr.trim().split("\n").at(-1);
  return [ended?.replace("Command", "pulumi") ?? message.trim(), said].filter(Boolean).join(": ");
}
