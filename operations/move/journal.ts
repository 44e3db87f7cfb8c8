/** How far a move has come, on disk before anything goes on, so that a run that was killed is finished by the next. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { tryLock } from "../../offline/files/lock.ts";
import { UsageError } from "../../offline/usage-error.ts";
import type { OnProgress } from "../aws/tables.ts";
import { moveKinds, stepNames } from "./steps.ts";

const entry = z.object({
  version: z.literal(1),
  tenant: z.string(),
  from: z.string(),
  to: z.string(),
  kind: z.enum(moveKinds),
  done: z.array(z.enum(stepNames)),
  /** When the last complete pass over the objects began. */
  since: z.iso.datetime().optional(),
  /** When the old cell was told to take no writes any more, and when the new one took them. */
  readOnlyAt: z.iso.datetime().optional(),
  writableAt: z.iso.datetime().optional(),
});

export type MoveState = z.output<typeof entry>;

export class MoveJournal {
  readonly #path: string;
  #state: MoveState;
  #release: () => void;

  private constructor(path: string, state: MoveState, release: () => void) {
    this.#path = path;
    this.#state = state;
    this.#release = release;
  }

  /** What an earlier run has begun and not finished. */
  static read(root: string, tenant: string): MoveState | undefined {
    try {
      const state = entry.parse(JSON.parse(readFileSync(pathOf(root, tenant), "utf8")));
      return isOver(state) ? undefined : state;
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
      throw new UsageError(
        `${pathOf(root, tenant)}: is not the journal of a move: ${String(error)}`,
      );
    }
  }

  /** @throws UsageError when another process moves the tenant. */
  static open(root: string, begun: Omit<MoveState, "version" | "done">): MoveJournal {
    const path = pathOf(root, begun.tenant);
    mkdirSync(folderOf(root), { recursive: true });
    const lock = tryLock(path.replace(/\.json$/, ".sqlite"), 0);
    if (!lock)
      throw new UsageError(`another process moves ${begun.tenant}: wait for it, or stop it`);
    const known = MoveJournal.read(root, begun.tenant);
    const journal = new MoveJournal(path, known ?? { version: 1, done: [], ...begun }, () =>
      lock.close(),
    );
    journal.note({});
    return journal;
  }

  get state(): MoveState {
    return this.#state;
  }

  /** Does what no run before this one has done. */
  async step(
    name: MoveState["done"][number],
    onProgress: OnProgress,
    work: () => Promise<void> | void,
  ): Promise<void> {
    if (this.#state.done.includes(name)) return;
    onProgress(`step ${name}`);
    await work();
    this.note({ done: [...this.#state.done, name] });
  }

  note(change: Partial<MoveState>): void {
    this.#state = { ...this.#state, ...change };
    const temporary = `${this.#path}.tmp`;
    writeFileSync(temporary, `${JSON.stringify(this.#state, undefined, 2)}\n`, { flush: true });
    renameSync(temporary, this.#path);
  }

  close(): void {
    this.#release();
    this.#release = () => {};
  }
}

const folderOf = (root: string): string => join(root, ".chatstack", "moves");

const pathOf = (root: string, tenant: string): string => join(folderOf(root), `${tenant}.json`);

const isOver = ({ kind, done }: MoveState): boolean =>
  done.includes(kind === "state" ? "deploy" : "erasures");
