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
/** Longer than any one step takes. */
const searchingMs = 60_000;
const pendingAtOnce = 25;

/**
 * Begins the erasure of a user, or finds the one under way, and goes on with it. Each part ends only
 * when a consistent read finds nothing left, so that "complete" is what was seen and not what was
 * hoped; whoever dies in between has left nothing that the next call does not find.
 */
export async function eraseUser(parts: ErasureParts, user: string, until: Date): Promise<Erasure> {
  return carryOn(parts, user, await parts.erasures.begin(user), until);
}

/**
 * Goes on with the last erasure. One that is complete is looked at again while late writes, begun
 * before it, may still have come in.
 */
export async function continueErasure(
  parts: ErasureParts,
  user: string,
  id: string,
  now: Date,
  until: Date,
): Promise<Erasure> {
  const erasure = await parts.erasures.last(user);
  if (erasure?.id !== id) throw new StoreError("not-found");
  // A search must have ended when the user may write again: it would find what is new.
  const searchesUntil = new Date(now.getTime() + searchingMs).toISOString();
  const isSettled = erasure.writableAt !== null && erasure.writableAt <= searchesUntil;
  return isSettled ? erasure : carryOn(parts, user, erasure, until);
}

/** Goes on with erasures that nobody looks at any more. Answers how many it completed. */
export async function continuePending(parts: ErasureParts, until: Date): Promise<number> {
  let completed = 0;
  for (const user of await parts.erasures.pending(pendingAtOnce)) {
    const erasure = await parts.erasures.last(user);
    // Completed by its user since the index was read: never begun anew.
    if (erasure === undefined || erasure.completedAt !== null) continue;
    const { completedAt } = await carryOn(parts, user, erasure, until);
    if (completedAt === null) return completed;
    completed++;
  }
  return completed;
}

async function carryOn(
  { erasures, transfers, library }: ErasureParts,
  user: string,
  erasure: Erasure,
  until: Date,
): Promise<Erasure> {
  for (let round = 0; round < rounds; round++) {
    if (!(await transfers.erase(user, until))) return erasure;
    await library.erase(user);
    if (await erasures.eraseRest(user, until)) {
      return erasure.completedAt === null ? erasures.complete(user, erasure.id) : erasure;
    }
  }
  return erasure;
}

/** Whether the user may write: not while being erased, nor until late writes have ended. */
export function isWritable(erasure: Erasure | undefined, now: Date): boolean {
  if (erasure === undefined) return true;
  return erasure.writableAt !== null && erasure.writableAt <= now.toISOString();
}
