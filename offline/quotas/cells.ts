/** How many tenants an account and region holds, and how more of them spread over cells. */
import type { Quota } from "../../policies/quotas/quota.ts";
import type { Usage } from "../../policies/quotas/usage.ts";

export interface CellPlan {
  /** In the tenants' order; each cell is a stack in an account and region of its own. */
  readonly cells: readonly Cell[];
  /** Fewest accounts that hold all cells, each of its cells in another region. */
  readonly accounts: number;
  /** Tenants that fit into no account as its limits are. */
  readonly misfits: readonly string[];
}

export interface Cell {
  readonly first: string;
  readonly last: string;
  readonly tenants: number;
}

/** Tenants that fit if more like those that there are came; `Infinity` where they ask for nothing. */
export function holds({ available, shared, asked, tenants }: Usage): number {
  const room = available - shared;
  const each = (asked - shared) / Math.max(1, tenants.length);
  return each > 0 ? Math.max(0, Math.floor(room / each)) : Number.POSITIVE_INFINITY;
}

/** Fills one cell after the other. Every cell has what all tenants share; the first has what the account uses elsewhere. */
export function cellsOf(usages: readonly Usage[]): CellPlan {
  const order = usages[0]?.tenants.map(({ tenant }) => tenant) ?? [];
  const amount = (usage: Usage, place: number) => usage.tenants[place]?.amount ?? 0;
  const fresh = () => usages.map(({ shared }) => shared);
  const cells: { first: string; last: string; tenants: number }[] = [];
  const misfits: string[] = [];
  let used = fresh();
  for (const [place, tenant] of order.entries()) {
    const fits = (taken: readonly number[], isFirst: boolean) =>
      usages.every((usage, at) => {
        const available = usage.available + (isFirst ? 0 : usage.elsewhere);
        return (taken[at] ?? 0) + amount(usage, place) <= available;
      });
    const current = cells.at(-1);
    if (current && fits(used, cells.length === 1)) {
      current.last = tenant;
      current.tenants++;
    } else if (fits(fresh(), cells.length === 0)) {
      cells.push({ first: tenant, last: tenant, tenants: 1 });
      used = fresh();
    } else {
      misfits.push(tenant);
      continue;
    }
    used = used.map((taken, at) => {
      const usage = usages[at];
      return usage ? taken + amount(usage, place) : taken;
    });
  }
  return { cells, accounts: accountsFor(usages, cells.length), misfits };
}

/** What regions do not share, such as roles, bounds how many cells one account can have. */
function accountsFor(usages: readonly Usage[], cells: number): number {
  const needed = usages
    .filter(({ quota }) => isOfAccount(quota))
    .map(({ asked, shared, available }) =>
      Math.ceil((asked + shared * Math.max(0, cells - 1)) / Math.max(1, available)),
    );
  return Math.min(cells, Math.max(1, ...needed));
}

const isOfAccount = ({ scope }: Quota): boolean => scope === "account";
