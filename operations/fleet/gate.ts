/** What stands between two waves: time in which trouble may show, and a command that looks for it. */
import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { tailOf } from "../../offline/host/process.ts";
import { redacted } from "./engine/causes.ts";
import type { Wave } from "./waves.ts";

export interface Gate {
  readonly bakeSeconds: number;
  /** A command for the shell; an exit code other than 0 stops the run. */
  readonly check?: string;
}

/** The end of what a check writes is told; it is for people. */
const mostCharacters = 4000;

/**
 * Waits, then runs the check.
 *
 * @param wave the wave that is done, which the check gets as environment variables.
 * @returns why the next wave must not begin.
 */
export async function passGate(
  { bakeSeconds, check }: Gate,
  wave: Wave,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (text: string) => void },
): Promise<string | undefined> {
  if (bakeSeconds > 0) {
    say(`${wave.name} is done; the next begins in ${bakeSeconds} s`);
    await sleep(bakeSeconds * 1000, undefined, { signal }).catch(() => {});
  }
  if (signal.aborted) return "stopped before it began";
  if (check === undefined) return undefined;
  say(`after ${wave.name}: ${check}`);
  const { output, end } = await runCheck(check, wave, signal);
  if (output) say(output);
  if (signal.aborted) return "stopped before it began";
  return end && `the check after ${wave.name} ended by ${end}: ${check}`;
}

interface CheckEnd {
  readonly output: string;
  /** `exit code 3`; absent when it succeeded. */
  readonly end?: string;
}

async function runCheck(command: string, wave: Wave, signal: AbortSignal): Promise<CheckEnd> {
  const child = spawn(command, {
    shell: true,
    // A group of its own, so that the shell's children end with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      CHATSTACK_FLEET_WAVE: wave.name,
      CHATSTACK_FLEET_STACKS: wave.stacks.join(" "),
    },
  });
  const output = tailOf([child.stdout, child.stderr], mostCharacters);
  const stop = () => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGTERM");
  };
  signal.addEventListener("abort", stop, { once: true });
  const end = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, killed) =>
      resolve(code === 0 ? undefined : (killed ?? `exit code ${code}`)),
    );
  });
  signal.removeEventListener("abort", stop);
  return { output: redacted(output()), ...(end !== undefined && { end }) };
}
