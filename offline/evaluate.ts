/**
 * Runs a Pulumi program in this process, without the CLI, and records every resource as the engine
 * would have been asked to create it. The unmodified program that `pulumi up` runs is what is
 * evaluated; who answers its registrations is a `Provider`: offline a fake one, on a laptop one that
 * creates the resources on embedded AWS.
 */
import * as pulumi from "@pulumi/pulumi";
import { leakedPromises } from "@pulumi/pulumi/runtime/debuggable.js";
import { setStackResource } from "@pulumi/pulumi/runtime/state.js";
import { FakeProvider } from "./fake-provider.ts";
import { type Provider, RecordingMonitor } from "./monitor.ts";
import type { ResourceRecord } from "./record.ts";

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
  /** Seconds without any progress after which the run fails. Default 10. */
  readonly idleSeconds?: number;
}

export interface Evaluation {
  readonly project: string;
  readonly stack: string;
  /** In order of registration; the stack itself is the first. */
  readonly records: readonly ResourceRecord[];
  /** Stack outputs, resolved. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The program failed, or left something behind that would have made a real run fail. */
export class EvaluationError extends Error {
  readonly causes: readonly string[];

  constructor(stack: string, causes: readonly string[]) {
    super(`stack "${stack}" could not be evaluated:\n${causes.map(bullet).join("\n")}`);
    this.name = "EvaluationError";
    this.causes = causes;
  }
}

const bullet = (cause: string): string => `  - ${cause.replaceAll("\n", "\n    ")}`;

/** The runtime's state is per process, so evaluations take turns. */
let turn: Promise<unknown> = Promise.resolve();

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
  const run = turn.then(() => evaluateNow(program, options));
  turn = run.catch(() => undefined);
  return run;
}

async function evaluateNow(
  program: () => unknown,
  { project = "chatstack", stack = "test", preview = false, ...options }: EvaluateOptions,
): Promise<Evaluation> {
  const monitor = new RecordingMonitor(project, stack, options.provider ?? new FakeProvider());
  await pulumi.runtime.setMocks(unusedMocks, project, stack, preview);
  Object.assign(pulumi.runtime.getMonitor() ?? {}, monitor.handlers());
  pulumi.runtime.setAllConfig({ ...options.config }, [...(options.secretConfigKeys ?? [])]);

  const rejections = collectUnhandledRejections();
  const failures: string[] = [];
  const stackTraceLimit = Error.stackTraceLimit;
  // Pulumi captures a stack per resource; without them an evaluation takes half the time.
  Error.stackTraceLimit = 0;
  try {
    const settled = pulumi.runtime
      .runInPulumiStack(async () => program())
      .then(() => pulumi.runtime.disconnect());
    await Promise.race([settled, monitor.stalled(options.idleSeconds ?? 10)]);
  } catch (error) {
    failures.push(...describe(error));
  } finally {
    monitor.close();
    await macrotask();
    // The SDK keeps the stack, and with it every resource: a megabyte a tenant.
    setStackResource(undefined);
    Error.stackTraceLimit = stackTraceLimit;
    failures.push(...monitor.failures, ...rejections.stop().flatMap(describe));
  }
  const [leaked] = leakedPromises();
  if (leaked.size > 0 && failures.length === 0) {
    failures.push(`${leaked.size} outputs never settled`);
  }
  if (pulumi.log.hasErrors() && failures.length === 0) {
    failures.push("the program logged an error");
  }
  if (failures.length > 0) throw new EvaluationError(stack, distinct(failures));
  return { project, stack, records: monitor.records(), outputs: monitor.stackOutputs() };
}

/** `setMocks` turns the SDK's features on; every call is answered by the recording monitor. */
const unusedMocks: pulumi.runtime.Mocks = {
  newResource: () => ({ id: undefined, state: {} }),
  call: () => ({}),
};

/**
 * A failing `apply` surfaces only as an unhandled rejection while the run resolves with fewer
 * resources. Other listeners (a test runner's) are set aside meanwhile: the rejection is ours.
 */
function collectUnhandledRejections(): { stop(): unknown[] } {
  const others = process.listeners("unhandledRejection");
  const caught: unknown[] = [];
  const listener = (reason: unknown) => caught.push(reason);
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", listener);
  return {
    stop() {
      process.off("unhandledRejection", listener);
      for (const other of others) process.on("unhandledRejection", other);
      return caught;
    },
  };
}

/** Node reports unhandled rejections after the microtasks of a turn have run. */
const macrotask = () => new Promise((resolve) => setImmediate(resolve));

/** One failure surfaces several times: bare, and wrapped by the SDK in a sentence. Keep one of each. */
const distinct = (failures: readonly string[]): string[] =>
  [...new Set(failures)].filter(
    (failure) => failure && !failures.some((other) => other !== failure && other.includes(failure)),
  );

/** Programs list what they refuse in one `RunError`, each fault on a line that is not indented. */
function describe(error: unknown): string[] {
  if (pulumi.RunError.isInstance(error)) return error.message.split(/\n(?=\S)/);
  return [error instanceof Error ? error.message : String(error)];
}
