/** A move to another account or region: data is copied while users go on, then once more while they only read. */
import { setTimeout as sleep } from "node:timers/promises";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { UsageError } from "../../offline/usage-error.ts";
import type { OnProgress } from "../aws/tables.ts";
import { write } from "../tenant/change.ts";
import { withSettings } from "../tenant/stack-text.ts";
import { repeatErasures } from "./data/erasures.ts";
import { type Mirrored, mirrorItems } from "./data/items.ts";
import { mirrorObjects } from "./data/objects.ts";
import { type MovedUsers, moveUsers } from "./data/users.ts";
import type { MoveJournal } from "./journal.ts";
import { entryOf, sourceOf, withTenant } from "./prepare.ts";
import type { MoveStacks, TenantData } from "./stacks.ts";
import type { StepName } from "./steps.ts";

/** One reading of both cells. */
export interface Copied {
  readonly users: Pick<MovedUsers, "created" | "federated" | "unreachable" | "strangers"> & {
    readonly count: number;
  };
  readonly items: Mirrored;
  readonly objects: Mirrored;
  readonly seconds: number;
}

export interface CopyOptions {
  readonly root: string;
  /** Longest time without writes, in seconds, but for the deployments. */
  readonly readOnlyAtMost: number;
  /** How long requests that had begun before may still write. */
  readonly settleSeconds: number;
  readonly onProgress: OnProgress;
  /** Told of each pass. */
  readonly onCopied?: (copied: Copied) => void;
}

/** Passes while users write: each later one has less to do, down to what is written while it runs. */
const passesAtMost = 5;

/** @throws UsageError where the move stopped; the tenant is then served as before, and the next run goes on. */
export async function moveByCopy(
  options: CopyOptions,
  journal: MoveJournal,
  stacks: MoveStacks,
): Promise<Copied | undefined> {
  const { root, onProgress, readOnlyAtMost } = options;
  const { tenant, from, to } = journal.state;
  const step = (name: StepName, work: () => Promise<void>) => journal.step(name, onProgress, work);
  let last: Copied | undefined;
  const pass = async () => {
    last = await copyOnce(options, journal, await pairOf(journal, stacks));
    options.onCopied?.(last);
    return last;
  };

  await step("provision", async () => {
    const [old, next] = [sourceOf(root, from, tenant), sourceOf(root, to, tenant)];
    if (!next.ids.includes(tenant)) {
      write(
        next,
        withTenant(next, { ...entryOf(old, tenant), state: "suspended", servedBy: from }),
      );
    }
    await stacks.up(to, tenant, "tenant");
  });
  await step("copy", async () => {
    for (let passes = 1; passes <= passesAtMost; passes++) {
      const { items, objects, seconds } = await pass();
      if (seconds > readOnlyAtMost) {
        throw new UsageError(
          `Reading both cells takes ${Math.ceil(seconds)} s, and the last reading is made while users cannot write: ` +
            `more than the ${readOnlyAtMost} s of --read-only-at-most. ${tenant} is served as before; run again with more.`,
        );
      }
      if (changesIn(items) + changesIn(objects) < 100) return;
    }
  });
  await step("read-only", async () => {
    journal.note({ readOnlyAt: journal.state.readOnlyAt ?? new Date().toISOString() });
    set(root, from, tenant, { state: "off-boarding" });
    await stacks.up(from, tenant, "tenant");
  });
  await step("catch-up", async () => {
    const begin = performance.now();
    const elapsed = () => (performance.now() - begin) / 1000;
    for (;;) {
      const { users, items, objects, seconds } = await pass();
      const isSame = users.created + changesIn(items) + changesIn(objects) === 0;
      const wait = options.settleSeconds - (elapsed() - seconds);
      if (isSame && wait <= 0) return;
      if (isSame) await sleep(wait * 1000);
      if (elapsed() <= readOnlyAtMost) continue;
      set(root, from, tenant, { state: undefined });
      await stacks.up(from, tenant, "tenant");
      journal.note({
        done: journal.state.done.filter((name) => name !== "read-only" && name !== "copy"),
        readOnlyAt: undefined,
      });
      throw new UsageError(
        `The two cells were not the same after ${readOnlyAtMost} s (--read-only-at-most): ${tenant} takes writes ` +
          `in ${from} again. Run the command again; what is copied stays.`,
      );
    }
  });
  await step("switch-over", async () => {
    // From here on nobody resumes the old copy unawares, wherever this run stops.
    set(root, from, tenant, { servedBy: to });
    set(root, to, tenant, { servedBy: undefined, state: undefined });
    await stacks.up(to, tenant, "tenant");
    journal.note({ writableAt: new Date().toISOString() });
  });
  await step("close", async () => {
    set(root, from, tenant, { state: "suspended" });
    await stacks.up(from, tenant, "tenant");
  });
  await step("erasures", async () => {
    const { from: old, to: next } = await pairOf(journal, stacks);
    const { ids } = await moveUsers(old.pool, next.pool, onProgress);
    await repeatErasures({ from: tableOf(old), to: tableOf(next), ids });
  });
  return last;
}

interface Pair {
  readonly from: TenantData;
  readonly to: TenantData;
}

async function pairOf({ state }: MoveJournal, stacks: MoveStacks): Promise<Pair> {
  const { from, to, tenant } = state;
  return { from: await stacks.dataOf(from, tenant), to: await stacks.dataOf(to, tenant) };
}

async function copyOnce(
  { onProgress }: CopyOptions,
  journal: MoveJournal,
  { from, to }: Pair,
): Promise<Copied> {
  const begun = new Date();
  if (journal.state.since === undefined) journal.note({ since: begun.toISOString() });
  const since = new Date(journal.state.since ?? begun);
  const { ids, ...users } = await moveUsers(from.pool, to.pool, onProgress);
  // Objects first: what an item points to is there when the item comes.
  const objects = await mirrorObjects({ from: from.bucket, to: to.bucket, ids, since }, onProgress);
  const items = await mirrorItems({ from: tableOf(from), to: tableOf(to), ids }, onProgress);
  journal.note({ since: begun.toISOString() });
  const seconds = (Date.now() - begun.getTime()) / 1000;
  return { users: { ...users, count: ids.size }, items, objects, seconds };
}

const changesIn = ({ written, deleted }: Mirrored): number => written + deleted;

const tableOf = ({
  table,
}: TenantData): {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly now: () => Date;
} => ({ ...table, now: () => new Date() });

function set(
  root: string,
  stack: string,
  tenant: string,
  settings: Readonly<Record<string, string | undefined>>,
): void {
  const source = sourceOf(root, stack, tenant);
  const text = withSettings(source, tenant, settings);
  if (text !== source.text) write(source, text);
}
