/** What `chatstack drift` does with its flags. */

import { defaultPolicyPack } from "../../offline/check/pack/policy-pack.ts";
import { selectStacks } from "../../offline/engine-config/select-stacks.ts";
import { projectRoot } from "../../offline/files/project-root.ts";
import { driftExitCodes, driftReport } from "../../operations/drift/report.ts";
import { driftText } from "../../operations/drift/text.ts";
import { runAll } from "../../operations/fleet/attempts.ts";
import type { Job } from "../../operations/fleet/engine/engine.ts";
import { onInterruption } from "../../operations/fleet/engine/interruption.ts";
import { Slots } from "../../operations/fleet/engine/slots.ts";
import { FleetHome } from "../../operations/fleet/home.ts";
import { placesOf } from "../../operations/fleet/places.ts";
import { preferPulumi } from "../../operations/fleet/plan.ts";
import { Live } from "../terminal/live.ts";
import { stdoutText } from "../terminal/stdout.ts";

export interface DriftFlags {
  readonly stack?: readonly string[];
  readonly environment?: string;
  readonly parallel: number;
  readonly tries: number;
  readonly retrySeconds: number;
  readonly pulumiPath?: string;
  readonly json?: true;
}

/**
 * Resolves to the exit code. Takes no part in the lock of `fleet`, since it changes nothing; a stack that
 * an operation is working on cannot be told.
 *
 * @throws UsageError or ProjectError when it cannot start.
 */
export async function runDrift(flags: DriftFlags): Promise<number> {
  const root = projectRoot();
  const stacks = selectStacks(root, { stacks: flags.stack, environment: flags.environment });
  const places = placesOf(root, stacks);
  preferPulumi(flags.pulumiPath);
  let slots: Slots | undefined;
  const { signal, release } = onInterruption(
    () => process.stderr.write("stopping; Ctrl-C again kills what runs\n"),
    () => slots?.kill(),
  );
  try {
    slots = await Slots.open({
      root,
      log: new FleetHome(root).log("drift"),
      record: () => ({ fingerprint: "" }),
    });
    const live = new Live(process.stderr, "drift", stacks.length);
    const job = {
      operation: "drift",
      policyPack: defaultPolicyPack(root),
      create: false,
      refresh: false,
      dryRun: true,
    } as const;
    const results = await runAll(
      {
        engine: slots,
        parallel: flags.parallel,
        retries: { tries: flags.tries, baseSeconds: flags.retrySeconds },
        signal,
        onState: (stack, state) => live.update(stack, state),
      },
      stacks.map((stack): Job => {
        const backend = places.get(stack)?.backend;
        return { ...job, stack, ...(backend !== undefined && { backend }) };
      }),
    );
    live.end();
    const report = driftReport(results);
    const text = flags.json
      ? JSON.stringify(report, undefined, 2)
      : driftText(report, stdoutText());
    process.stdout.write(`${text}\n`);
    return driftExitCodes[report.outcome];
  } finally {
    slots?.close();
    release();
  }
}
