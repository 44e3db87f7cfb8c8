/**
 * Runs a Pulumi program in this process, without the CLI, and records every resource as the engine
 * would have been asked to create it. The unmodified program that `pulumi up` runs is what is
 * evaluated; who answers its registrations is a `Provider`: offline a fake one, on a laptop one that
 * creates the resources on embedded AWS.
 */
import * as pulumi from "@pulumi/pulumi";
import { leakedPromises } from "@pulumi/pulumi/runtime/debuggable.js";
import { getStore, setStackResource } from "@pulumi/pulumi/runtime/state.js";
import { FakeProvider } from "./fake-provider.ts";
import { distinct, type Evaluation, EvaluationError } from "./host/evaluation.ts";
import { guard, Halted } from "./host/guard.ts";
import { adaptSdk } from "./host/sdk.ts";
import { neverSettled, placeIn } from "./host/stack-text.ts";
import { inTurn } from "./host/turn.ts";
import { type Provider, RecordingMonitor, Stalled } from "./monitor.ts";
import { leanSdk } from "./sdk/sdk.ts";

export { type Evaluation, EvaluationError };

export interface EvaluateOptions {
  /** Pulumi project name. Default `"chatstack"`. */
  readonly project?: string;
  /** Stack name. Default `"test"`. */
  readonly stack?: string;
  /** Namespaced config, values as the engine hands them over: strings, objects as JSON. */
  readonly config?: Readonly<Record<string, string>>;
  /** Keys of `config` whose values are secrets. */
  readonly secretConfigKeys?: readonly string[];
  /** Answers registrations. Default: a fake that returns plausible outputs and touches nothing. */
  readonly provider?: Provider;
  /** True makes `pulumi.runtime.isDryRun()` true. Default false. */
  readonly preview?: boolean;
  /** How the SDK works: `"lean"` does less for every property, `"as-is"` is for comparing. Default `"lean"`. */
  readonly sdk?: "lean" | "as-is";
  /** Whether records say where the program makes them, which costs a stack trace a resource. Default true. */
  readonly sourcePositions?: boolean;
  /** Seconds without any progress after which the run fails. Default 10. */
  readonly idleSeconds?: number;
  /** Seconds of letting nothing else run, as in an endless loop, after which it fails. Default 120. */
  readonly stuckSeconds?: number;
  /** Folder to which places in messages are relative. Default: the working directory. */
  readonly root?: string;
}

/**
 * Evaluates `program`, which may return the stack's outputs.
 *
 * @throws EvaluationError when the program throws, an output rejects or never settles, an error is
 *   logged, a URN is registered twice, or a feature is used that cannot be evaluated offline.
 */
export function evaluate(
  program: () => unknown,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  return inTurn(() => evaluateTraced(program, options));
}

/**
 * The SDK keeps a trace of each of its promises: with them an evaluation takes twice as long. Only a program
 * that failed, and that touches nothing, runs again with them, to say where.
 */
async function evaluateTraced(
  program: () => unknown,
  options: EvaluateOptions,
): Promise<Evaluation> {
  const { provider = new FakeProvider() } = options;
  const run = new RunState();
  const attempt = (more: EvaluateOptions, traces: number) =>
    evaluateNow(program, { ...options, provider, ...more }, traces, run);
  try {
    const evaluation = await attempt({}, 0);
    if (!run.hasUnknowns || options.preview || !provider.touchesNothing) return evaluation;
  } catch (error) {
    if (!provider.touchesNothing || !(error instanceof EvaluationError)) throw error;
    if (error.isHalted) throw error;
    if (!run.hasUnknowns || options.preview) {
      await attempt({}, 20);
      throw error;
    }
  }
  // What is unknown is that in a preview alone; in an update it would be absent.
  return attempt({ preview: true }, 20);
}

/** What one run leaves for the next. */
class RunState {
  hasUnknowns = false;
}

async function evaluateNow(
  program: () => unknown,
  { project = "chatstack", stack = "test", preview = false, ...options }: EvaluateOptions,
  traces: number,
  state: RunState,
): Promise<Evaluation> {
  const { provider = new FakeProvider(), root = process.cwd(), idleSeconds = 10 } = options;
  const { sdk = "lean", sourcePositions = true } = options;
  const guarded = guard(root, options.stuckSeconds ?? 120);
  const monitor = new RecordingMonitor(project, stack, provider, {
    preview,
    onProgress: guarded.progress,
  });
  adaptSdk(pulumi);
  await pulumi.runtime.setMocks(unusedMocks, project, stack, preview);
  Object.assign(pulumi.runtime.getMonitor() ?? {}, monitor.handlers());
  pulumi.runtime.setAllConfig({ ...options.config }, [...(options.secretConfigKeys ?? [])]);

  const described = (error: unknown) => describe(error, root);
  // The SDK's own traces say where a program failed.
  const undo = sdk === "as-is" || traces > 0 ? () => {} : leanSdk(monitor, { sourcePositions });
  const failures: string[] = [];
  let isHalted = false;
  const stackTraceLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = traces;
  try {
    const settled = pulumi.runtime
      .runInPulumiStack(async () => {
        // A resource that is a value is sent as its id or URN: to read a reference would make the resource anew.
        getStore().supportsResourceReferences = false;
        return program();
      })
      .then(() => pulumi.runtime.disconnect());
    await Promise.race([settled, monitor.stalled(idleSeconds, pending), guarded.halted]);
  } catch (error) {
    isHalted = error instanceof Halted || error instanceof Stalled;
    failures.push(...described(error));
  } finally {
    monitor.close();
    await macrotask();
    // The SDK keeps the stack, and with it every resource: a megabyte a tenant.
    setStackResource(undefined);
    Error.stackTraceLimit = stackTraceLimit;
    undo();
    failures.push(...monitor.failures, ...guarded.end().flatMap(described));
    state.hasUnknowns = monitor.hasUnknowns;
  }
  const [leaked] = leakedPromises();
  if (leaked.size > 0 && failures.length === 0) {
    failures.push(`${leaked.size} outputs never settled`);
  }
  if (pulumi.log.hasErrors() && failures.length === 0) {
    failures.push("the program logged an error");
  }
  if (failures.length > 0) throw new EvaluationError(stack, distinct(failures), isHalted);
  return { project, stack, ...monitor.result() };
}

/** The resources that wait for what never comes. */
const pending = (): readonly string[] => neverSettled(leakedPromises()[1]);

/** `setMocks` turns the SDK's features on; every call is answered by the recording monitor. */
const unusedMocks: pulumi.runtime.Mocks = {
  newResource: () => ({ id: undefined, state: {} }),
  call: () => ({}),
};

/** Node reports unhandled rejections after the microtasks of a turn have run. */
const macrotask = () => new Promise((resolve) => setImmediate(resolve));

/** Programs list what they refuse in one `RunError`, each fault on a line that is not indented. */
function describe(error: unknown, root: string): string[] {
  if (pulumi.RunError.isInstance(error)) return error.message.split(/\n(?=\S)/);
  if (!(error instanceof Error)) return [String(error)];
  const place = error instanceof Halted ? undefined : placeIn(error.stack ?? "", root);
  return [place === undefined ? error.message : `${place}: ${error.message}`];
}
