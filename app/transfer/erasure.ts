import type { Library } from "../documents/library.ts";
import type { Erasure, ErasureStore } from "../store/erasure-store.ts";
import { StoreError } from "../store/store-error.ts";
import type { TransferStore } from "../store/transfer-store.ts";

export interface ErasureParts {
  readonly erasures: ErasureStore;
  readonly transfers: Pick<TransferStore, "erase">;
  readonly library: Pick<Library, "erase">;
}

/** How often one step looks again when something was written meanwhile. */
const rounds = 5;
const pendingAtOnce = 25;

/**
 * Begins the erasure of a user, or finds the one under way, and goes on with it. Each part ends only
 * when a consistent read finds nothing left, so that "complete" is what was seen and not what was
 * hoped; whoever dies in between has left nothing that the next call does not find.
 */
export async function eraseUser(parts: ErasureParts, user: string, until: Date): Promise<Erasure> {
  return carryOn(parts, user, await parts.erasures.begin(user), until);
}

/** Goes on with the last erasure, until it is settled: late writes, begun before it, may come in. */
export async function continueErasure(
  parts: ErasureParts,
  user: string,
  id: string,
  now: Date,
  until: Date,
): Promise<Erasure> {
  const erasure = await parts.erasures.last(user);
  if (erasure?.id !== id) throw new StoreError("not-found");
  return carryOn(parts, user, erasure, until, now);
}

/** Goes on with erasures that nobody looks at any more. Answers how many it completed. */
export async function continuePending(
  parts: ErasureParts,
  until: Date,
  now: Date,
): Promise<number> {
  let completed = 0;
  for (const user of await parts.erasures.pending(pendingAtOnce)) {
    const before = await parts.erasures.last(user);
    // Settled since the index was read: never begun anew.
    if (before === undefined || before.isSettled) continue;
    const after = await carryOn(parts, user, before, until, now);
    if (after.completedAt === null) return completed;
    if (before.completedAt === null) completed++;
  }
  return completed;
}

/**
 * Whether the user may write: not while being erased, nor until late writes have ended and a search has
 * taken what they left. Whoever writes first makes that search, if the maintenance has not yet.
 */
export async function mayWrite(
  parts: ErasureParts,
  user: string,
  now: Date,
  until: Date,
): Promise<boolean> {
  const erasure = await parts.erasures.last(user);
  if (erasure === undefined || erasure.isSettled) return true;
  if (!isOver(erasure, now)) return false;
  return (await carryOn(parts, user, erasure, until, now)).isSettled;
}

async function carryOn(
  { erasures, transfers, library }: ErasureParts,
  user: string,
  erasure: Erasure,
  until: Date,
  now?: Date,
): Promise<Erasure> {
  if (erasure.isSettled) return erasure;
  for (let round = 0; round < rounds; round++) {
    if (!(await transfers.erase(user, until))) return erasure;
    await library.erase(user);
    if (!(await erasures.eraseRest(user, until))) continue;
    if (erasure.completedAt === null) return erasures.complete(user, erasure.id);
    return now !== undefined && isOver(erasure, now) ? erasures.settle(user, erasure.id) : erasure;
  }
  return erasure;
}

/** Whether what was under way when the erasure was completed has ended. */
function isOver({ writableAt }: Erasure, now: Date): boolean {
  return writableAt !== null && writableAt <= now.toISOString();
}
