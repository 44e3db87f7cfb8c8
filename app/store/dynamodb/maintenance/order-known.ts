import type { TableAccess } from "../table/table-access.ts";
import { wasClean } from "./rounds.ts";

/** Name of the round that searches conversations. */
export const searchRound = "conversations-in-order";

/**
 * Whether every conversation stands in the half of the index that its state says, see `orderOf`. Versions before
 * the two halves wrote otherwise; the search of the maintenance moves what they left. Half a read
 * unit, until it is known.
 */
export function orderKnown(table: TableAccess): () => Promise<boolean> {
  let isKnown = false;
  return async () => {
    isKnown ||= await wasClean(table, searchRound);
    return isKnown;
  };
}
