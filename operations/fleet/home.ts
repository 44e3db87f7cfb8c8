/** Where a project's fleet runs leave their journals, and the locks that keep two from working at once. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { tryLock } from "../../offline/files/lock.ts";
import { UsageError } from "../../offline/usage-error.ts";

export class FleetHome {
  readonly path: string;

  /** @param root folder of `Pulumi.yaml`. */
  constructor(root: string) {
    this.path = join(root, ".chatstack", "fleet");
    mkdirSync(join(this.path, "stacks"), { recursive: true });
  }

  journal = (run: string): string => join(this.path, `${run}.jsonl`);

  /** What the processes that do the work could tell nobody else, e.g. why Node.js gave up. */
  log = (run: string): string => join(this.path, `${run}.log`);

  /**
   * Makes this process the project's only fleet run until it ends, however that comes.
   *
   * @throws UsageError naming the process that is.
   */
  claim(run: string): DatabaseSync {
    const lock = tryLock(join(this.path, "lock.sqlite"), 0);
    const holder = join(this.path, "running.json");
    if (!lock) {
      throw new UsageError(
        `another fleet run works on this project: ${readHolder(holder)}. Wait for it, or stop it with Ctrl-C`,
      );
    }
    writeFileSync(holder, JSON.stringify({ pid: process.pid, run }));
    return lock;
  }

  /** Held by the process that works on the stack: it outlives a fleet that was killed. */
  claimStack = (stack: string): DatabaseSync | undefined =>
    tryLock(join(this.path, "stacks", `${encodeURIComponent(stack)}.sqlite`), 0);

  isBusy(stack: string): boolean {
    const lock = this.claimStack(stack);
    lock?.close();
    return lock === undefined;
  }
}

function readHolder(file: string): string {
  try {
    const { pid, run }: { pid?: number; run?: string } = JSON.parse(readFileSync(file, "utf8"));
    return `run ${run}, process ${pid}`;
  } catch {
    return "it has just begun";
  }
}
