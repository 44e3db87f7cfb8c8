/** Evaluates a program in a process of its own, over the protocols of Pulumi's engine. */

import { type Provider, RecordingMonitor } from "../monitor.ts";
import { startEngine } from "./engine.ts";
import { distinct, type Evaluation, EvaluationError } from "./evaluation.ts";
import { runLanguage } from "./language.ts";
import { runNode } from "./node.ts";
import { finish, type HostedProgram } from "./process.ts";

/**
 * As `pulumi preview` would: what is not known stays unknown.
 *
 * @throws EvaluationError when the program fails, ProjectError when what runs it is not installed.
 */
export async function evaluateHosted(
  program: HostedProgram,
  provider: Provider,
): Promise<Evaluation> {
  const { project, stack, runtime } = program;
  const monitor = new RecordingMonitor(project, stack, provider, { preview: true });
  const engine = await startEngine(monitor);
  try {
    const running = (runtime === "nodejs" ? runNode : runLanguage)(program, engine.address);
    const failures = await finish(running, program, monitor, engine);
    if (failures.length > 0) throw new EvaluationError(stack, distinct(failures));
    return { project, stack, ...monitor.result() };
  } finally {
    engine.stop();
  }
}
