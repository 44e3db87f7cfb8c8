/**
 * `app/store/dynamodb/maintenance/`: what comes due, and the walks over everything that find it. The
 * table knows what is due and how far each walk has come, whatever the history lies in.
 */
import { Attempts } from "../../../maintenance/attempts.ts";
import {
  type ConversationSearch,
  type MaintenanceStore,
  searchEveryMs,
} from "../../maintenance-store.ts";
import { endBegun } from "../erasing/clear.ts";
import { removeSomeOrphans } from "../erasing/orphans.ts";
import { dueOf } from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";
import { dueNow, forget } from "./due.ts";
import { clearLeftovers } from "./leftovers.ts";
import { searchRound } from "./order-known.ts";
import { goRound } from "./rounds.ts";
import { TableSearch } from "./search.ts";
import { noteStored } from "./stored.ts";

const weekMs = 7 * 24 * 60 * 60 * 1000;
/** Between two positions that are saved. */
const orphanStepMs = 2_000;

export class DynamoDBMaintenanceStore implements MaintenanceStore {
  readonly #table: TableAccess;
  readonly #elsewhere: ConversationSearch | undefined;

  /** @param elsewhere searches conversations that do not lie in the table. */
  constructor(table: TableAccess, elsewhere?: ConversationSearch) {
    this.#table = table;
    this.#elsewhere = elsewhere;
  }

  async purgeDue(until: Date): Promise<number> {
    const attempts = new Attempts();
    let purged = 0;
    for await (const due of dueNow(this.#table)) {
      if (this.#table.now() >= until) break;
      const { user, id } = dueOf(due);
      await attempts.run(async () => {
        if (await endBegun(this.#table, user, id)) purged++;
        await forget(this.#table, due);
      });
    }
    attempts.end();
    return purged;
  }

  clearLeftovers(until: Date): Promise<number> {
    return clearLeftovers(this.#table, until);
  }

  async search(until: Date): Promise<number> {
    const attempts = new Attempts();
    const search = this.#elsewhere ?? new TableSearch(this.#table);
    const isOver = () => this.#table.now() >= until;
    let total = 0;
    await goRound(this.#table, {
      name: searchRound,
      everyMs: searchEveryMs,
      until,
      step: async (position) => {
        const searched = await search.step({ position, isOver, attempts });
        total += searched.purged;
        return { ...searched, hasFailed: attempts.hasFailed };
      },
      whole: (counted) => noteStored(this.#table, counted),
    });
    attempts.end();
    return total;
  }

  async removeOrphans(until: Date): Promise<number> {
    const { objects } = this.#table;
    if (objects === undefined) return 0;
    const attempts = new Attempts();
    let total = 0;
    await goRound(this.#table, {
      name: "objects",
      everyMs: weekMs,
      until,
      step: async (after) => {
        const soon = new Date(this.#table.now().getTime() + orphanStepMs);
        const stepUntil = soon < until ? soon : until;
        const step = { after, until: stepUntil, attempts };
        const { removed, next } = await removeSomeOrphans(this.#table, objects, step);
        total += removed;
        return {
          isComplete: next === undefined,
          position: next,
          hasFailed: attempts.hasFailed,
        };
      },
    });
    attempts.end();
    return total;
  }
}
