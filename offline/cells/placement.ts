/** Places tenants in cells. Who fits where he is stays there: a move costs more than an uneven fill. */
import { areaOf, regions } from "../../components/region.ts";
import { isResident } from "../../stacks/tenant-entry.ts";
import { type Asking, countedQuotas, type Room } from "./asking.ts";
import type { Cell } from "./file.ts";

export interface CellState extends Room {
  readonly cell: Pick<Cell, "name" | "account" | "region" | "tiers" | "maxTenants">;
  /** That are there today, in their order. */
  readonly tenants: readonly Asking[];
}

export interface Placement {
  /** Those that there are, and after them those that are proposed. */
  readonly cells: readonly PlacedCell[];
  /** Tenants that cannot stay where they are. */
  readonly moves: readonly Move[];
  /** Tenants that are in no cell yet. */
  readonly additions: readonly Addition[];
  /** Tenants that no cell of their own would hold. */
  readonly misfits: readonly Misfit[];
}

export interface PlacedCell {
  readonly name: string;
  /** Absent of a proposed cell: its account is to be a new one, or one that has nothing in the region. */
  readonly account?: string;
  readonly region: string;
  readonly tiers?: Cell["tiers"];
  readonly maxTenants: number;
  /** Why there should be such a cell; absent of those that there are. */
  readonly proposed?: "needed" | "soon";
  readonly before: number;
  readonly after: number;
  /** Of what the cell holds, by that of its limits which is nearest to its end. */
  readonly percent: number;
  /** The limit: a quota's code, or `maxTenants`. */
  readonly limit: string;
  /** How many tenants like these it would hold in all. */
  readonly holds: number;
}

export interface Move {
  readonly tenant: string;
  readonly from: string;
  readonly to: string;
  readonly reason: Reason;
}

export interface Addition {
  readonly tenant: string;
  readonly to: string;
}

export interface Misfit {
  readonly tenant: string;
  readonly reason: Reason;
}

/** `residency`, `tier`, `maxTenants` or the code of a quota. */
export type Reason = string;

/**
 * Fills cells in their order, each up to `fillTo` percent, then whatever is left of them. A cell is proposed where
 * none takes a tenant, and where all cells of a kind are filled up to `fillTo`.
 *
 * @param template what a proposed cell has: the first cell's room, in an account with AWS's defaults.
 */
export function place(
  states: readonly CellState[],
  newcomers: readonly Asking[],
  { fillTo, template }: { readonly fillTo: number; readonly template: Room },
): Placement {
  const accounts = new Accounts();
  const open = states.map((state) => new Filled(state, accounts));
  const leaving: { tenant: Asking; from: Filled; reason: Reason }[] = [];
  for (const one of open) {
    for (const tenant of one.state.tenants) {
      const reason = tenant.isLeaving ? undefined : (one.refusal(tenant) ?? one.lack(tenant, 100));
      if (reason === undefined) one.add(tenant);
      else leaving.push({ tenant, from: one, reason });
    }
  }
  const misfits: Misfit[] = [];
  const home = (tenant: Asking, from?: Filled): Filled | undefined => {
    const takes = (one: Filled, percent: number) =>
      one !== from && one.refusal(tenant) === undefined && one.lack(tenant, percent) === undefined;
    const found =
      open.find((one) => takes(one, fillTo)) ??
      open.find((one) => !one.isProposed && takes(one, 100));
    if (found) return found;
    const next = proposed(open, tenant, { from, template, accounts });
    const lack = next.lack(tenant, 100);
    if (lack !== undefined) {
      misfits.push({ tenant: tenant.tenant, reason: lack });
      return undefined;
    }
    open.push(next);
    return next;
  };
  const moves = leaving.flatMap(({ tenant, from, reason }): Move[] => {
    const to = home(tenant, from);
    to?.add(tenant);
    return to ? [{ tenant: tenant.tenant, from: from.name, to: to.name, reason }] : [];
  });
  const additions = newcomers.flatMap((tenant): Addition[] => {
    const to = home(tenant);
    to?.add(tenant);
    return to ? [{ tenant: tenant.tenant, to: to.name }] : [];
  });
  const soon = [...Map.groupBy(open, (one) => one.kind).values()].flatMap((alike) => {
    const [last] = alike.slice(-1);
    const isFull = alike.every((one) => one.fullest().percent >= fillTo);
    return last && isFull ? [last.next(open, template, accounts, "soon")] : [];
  });
  return {
    cells: [...open, ...soon].map((one) => one.placed()),
    moves,
    additions,
    misfits,
  };
}

/** A cell beside those that the tenant may live in, or where there is none, beside the one that it leaves. */
function proposed(
  open: readonly Filled[],
  tenant: Asking,
  given: {
    readonly from: Filled | undefined;
    readonly template: Room;
    readonly accounts: Accounts;
  },
): Filled {
  const { template, accounts } = given;
  const admitting = open.filter((one) => one.refusal(tenant) === undefined);
  const like = admitting.at(-1) ?? given.from ?? open[0];
  if (!like) throw new Error("there are no cells");
  if (admitting.length > 0) return like.next(open, template, accounts, "needed");
  return like.next(open, template, accounts, "needed", tenant);
}

/** What cells of one account share: quotas of the account in all regions. */
class Accounts {
  readonly #used = new Map<string, number[]>();

  of(account: string): number[] {
    const known = this.#used.get(account);
    if (known) return known;
    const fresh = countedQuotas.map(() => 0);
    this.#used.set(account, fresh);
    return fresh;
  }
}

class Filled {
  readonly state: CellState;
  readonly isProposed: boolean;
  readonly #why: PlacedCell["proposed"];
  readonly #used: number[];
  readonly #ofAccount: number[];
  #count = 0;

  constructor(state: CellState, accounts: Accounts, why?: PlacedCell["proposed"]) {
    this.state = state;
    this.isProposed = why !== undefined;
    this.#why = why;
    this.#used = countedQuotas.map(() => 0);
    this.#ofAccount = accounts.of(state.cell.account || `of ${state.cell.name}`);
    for (const [at, amount] of state.shared.entries()) this.#take(at, amount);
  }

  get name(): string {
    return this.state.cell.name;
  }

  /** Cells of a kind take the same tenants: of the same area and tiers. */
  get kind(): string {
    const { region, tiers } = this.state.cell;
    return JSON.stringify([areaOf(region), tiers?.toSorted()]);
  }

  /** Why the tenant may not be here, however much room there is. */
  refusal({ tier, residency }: Asking): Reason | undefined {
    const { region, tiers } = this.state.cell;
    if (!isResident(region, residency)) return "residency";
    return tiers && !tiers.some((one) => one === tier) ? "tier" : undefined;
  }

  /** The limit that the tenant would exceed. */
  lack({ amounts }: Asking, percent: number): Reason | undefined {
    const { available, cell } = this.state;
    if (this.#count >= Math.max(1, Math.floor((cell.maxTenants * percent) / 100))) {
      return "maxTenants";
    }
    const at = amounts.findIndex(
      (amount, place) =>
        amount > 0 && this.#taken(place) + amount > ((available[place] ?? 0) * percent) / 100,
    );
    return countedQuotas[at]?.code;
  }

  add({ amounts }: Asking): void {
    for (const [at, amount] of amounts.entries()) this.#take(at, amount);
    this.#count++;
  }

  fullest(): { limit: string; percent: number } {
    const { available, cell } = this.state;
    let [limit, part] = ["maxTenants", this.#count / cell.maxTenants];
    for (const [at, quota] of countedQuotas.entries()) {
      const [taken, most] = [this.#taken(at), available[at] ?? 0];
      if (taken > 0 && (most <= 0 || taken / most > part)) {
        [limit, part] = [quota.code, most > 0 ? taken / most : 9.99];
      }
    }
    return { limit, percent: Math.floor(part * 100) };
  }

  /**
   * A cell of the same kind in an account of its own.
   *
   * @param forced a tenant that cells of the kind do not take: the new one does.
   */
  next(
    open: readonly Filled[],
    template: Room,
    accounts: Accounts,
    why: "needed" | "soon",
    forced?: Asking,
  ): Filled {
    const { cell } = this.state;
    const region = forced ? regionFor(forced, cell.region) : cell.region;
    const name = nextName(cell.name, new Set(open.map((one) => one.name)));
    const { tiers, ...rest } = cell;
    const takes = forced ? (tiers?.some((one) => one === forced.tier) ? tiers : undefined) : tiers;
    const next = { ...rest, name, region, account: "", ...(takes && { tiers: takes }) };
    return new Filled({ ...template, cell: next, tenants: [] }, accounts, why);
  }

  placed(): PlacedCell {
    const { cell, tenants } = this.state;
    const { name, account, region, tiers, maxTenants } = cell;
    return {
      name,
      ...(account && { account }),
      region,
      ...(tiers && { tiers }),
      maxTenants,
      ...(this.#why && { proposed: this.#why }),
      before: tenants.length,
      after: this.#count,
      ...this.fullest(),
      holds: this.#holds(),
    };
  }

  /** By what its tenants ask for on average. */
  #holds(): number {
    const { available, shared, cell } = this.state;
    const most = countedQuotas.map((_, at) => {
      const each = ((this.#used[at] ?? 0) - (shared[at] ?? 0)) / Math.max(1, this.#count);
      const elsewhere = this.#taken(at) - (this.#used[at] ?? 0);
      const room = (available[at] ?? 0) - (shared[at] ?? 0) - elsewhere;
      return each > 0 ? Math.max(0, Math.floor(room / each)) : Number.POSITIVE_INFINITY;
    });
    return Math.min(cell.maxTenants, ...most);
  }

  #take(at: number, amount: number): void {
    this.#used[at] = (this.#used[at] ?? 0) + amount;
    this.#ofAccount[at] = (this.#ofAccount[at] ?? 0) + amount;
  }

  #taken(at: number): number {
    const used = countedQuotas[at]?.scope === "account" ? this.#ofAccount : this.#used;
    return used[at] ?? 0;
  }
}

/** One that the tenant may be in: the one given, if it is. */
function regionFor({ residency }: Asking, given: string): string {
  if (isResident(given, residency)) return given;
  const named = residency?.find((place) => regions.includes(place));
  return named ?? regions.toSorted().find((one) => isResident(one, residency)) ?? given;
}

/** `prod-eu-1` is followed by `prod-eu-2`, `prod` by `prod-2`. */
function nextName(name: string, taken: ReadonlySet<string>): string {
  const number = /\d+$/.exec(name)?.[0] ?? "";
  const stem = name.slice(0, name.length - number.length).replace(/-$/, "");
  for (let at = Number(number || 1) + 1; ; at++) {
    const next = `${stem}-${at}`;
    if (!taken.has(next)) return next;
  }
}
