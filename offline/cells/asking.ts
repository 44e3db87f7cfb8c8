/**
 * `offline/cells/`: which tenant belongs where, and when the next account or region is needed.
 *
 * What each tenant asks of an account's quotas. Tenants with alike settings ask for the same, and are counted once.
 */
import type { AccountValues } from "../../policies/quotas/account-values.ts";
import type { Quota } from "../../policies/quotas/quota.ts";
import { quotas } from "../../policies/quotas/table.ts";
import { availableOf, type Usage, usageOf } from "../../policies/quotas/usage.ts";
import { isSection } from "../../stacks/reading/merge.ts";
import { EvaluationError } from "../evaluate.ts";
import { evaluateTenants, type StackFile } from "../project.ts";
import { stackOf, valuesOf } from "../quotas/stacks.ts";
import { UsageError } from "../usage-error.ts";

/** Quotas that cells are counted against; amounts stand in this order. */
export const countedQuotas: readonly Quota[] = quotas.filter(({ scope }) => scope !== "resource");

export interface Asking {
  readonly tenant: string;
  readonly tier: string;
  readonly residency: readonly string[] | undefined;
  /** Off-boarding: it counts where it is, and goes nowhere else. */
  readonly isLeaving: boolean;
  /** By quota, in the order of `countedQuotas`. */
  readonly amounts: readonly number[];
}

/** What a cell has for its tenants. */
export interface Room {
  /** By quota, as AWS or the account's own raised values have it, without the spare part and what is used elsewhere. */
  readonly available: readonly number[];
  /** What the cell asks for beside its tenants. */
  readonly shared: readonly number[];
}

/** A tenant's entry in a stack's config, as far as it is looked at. */
interface Entry {
  readonly id: string;
  readonly tier: string;
  readonly residency: readonly string[] | undefined;
  readonly isLeaving: boolean;
  readonly settings: unknown;
}

/** Counts tenants of stacks, each kind of tenant once. */
export class Counting {
  readonly #root: string;
  readonly #project: string;
  readonly #known = new Map<string, Promise<readonly Usage[]>>();

  constructor(root: string, project: string) {
    this.#root = root;
    this.#project = project;
  }

  /** How many kinds of tenants were evaluated. */
  get evaluated(): number {
    return this.#known.size;
  }

  /** @throws UsageError where the program refuses a tenant. */
  async tenants(file: StackFile): Promise<Asking[]> {
    const asked: Asking[] = [];
    for (const entry of this.#entries(file)) {
      const usages = await this.#usages(file, entry);
      const { id, settings: _, ...rest } = entry;
      const amounts = this.#of(usages, ({ tenants }) => tenants[0]?.amount ?? 0);
      asked.push({ ...rest, tenant: id, amounts });
    }
    return asked;
  }

  /** @throws UsageError as `tenants` does, and for quotas in the config that are none. */
  async room(file: StackFile): Promise<Room> {
    const [first] = this.#entries(file);
    const usages = first ? await this.#usages(file, first) : [];
    return {
      available: availableIn(valuesOf(file)),
      shared: this.#of(usages, ({ shared }) => shared),
    };
  }

  #of(usages: readonly Usage[], amount: (usage: Usage) => number): number[] {
    const byCode = new Map(usages.map((usage) => [usage.quota.code, amount(usage)]));
    return countedQuotas.map(({ code }) => byCode.get(code) ?? 0);
  }

  #entries({ config, path }: StackFile): readonly Entry[] {
    const listed: unknown = JSON.parse(config[`${this.#project}:tenants`] ?? "[]");
    if (!Array.isArray(listed))
      throw new UsageError(`${path}: ${this.#project}:tenants is not a list`);
    return listed.map((one: unknown, at) => {
      const { id, tier, residency, servedBy, ...settings } = isSection(one) ? one : {};
      if (typeof id === "string") {
        const places = Array.isArray(residency) ? residency.map(String) : undefined;
        const isLeaving = settings.state === "off-boarding" || servedBy !== undefined;
        return { id, tier: String(tier), residency: places, isLeaving, settings };
      }
      throw new UsageError(
        `${path}: ${this.#project}:tenants[${at}].id: found ${JSON.stringify(id)}; allowed: the tenant's id`,
      );
    });
  }

  /** Of a stack with this tenant alone. */
  #usages(file: StackFile, { id, tier, settings }: Entry): Promise<readonly Usage[]> {
    const { [`${this.#project}:tenants`]: _, ...rest } = file.config;
    const kind = JSON.stringify([kindOf(rest), tier, kindOf(settings)]);
    const known = this.#known.get(kind);
    if (known) return known;
    const found = this.#evaluated(file, id);
    this.#known.set(kind, found);
    return found;
  }

  async #evaluated(file: StackFile, id: string): Promise<readonly Usage[]> {
    try {
      const evaluation = await evaluateTenants(file, [id], { root: this.#root, preview: true });
      return usageOf([stackOf({ file, evaluation })], valuesOf(file));
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      throw new UsageError(error.message);
    }
  }
}

export const availableIn = (values: AccountValues): number[] =>
  countedQuotas.map((quota) => availableOf(quota, values));

/** Words of settings, such as `enterprise` or `new-image`; other texts are names, addresses and ARNs. */
const word = /^[a-z][a-z-]*$/;

/** Settings without what only names something: two of a kind make as many resources of each type. */
function kindOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kindOf);
  if (isSection(value)) {
    const kept = Object.entries(value).filter(([key]) => !key.startsWith("$"));
    return Object.fromEntries(kept.map(([key, one]) => [key, kindOf(one)]));
  }
  return typeof value === "string" && !word.test(value) ? "" : value;
}
