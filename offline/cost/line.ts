/** What pricing a record takes and gives. */
import type { ResourceRecord } from "../record.ts";
import type { PriceId, PriceTable } from "./prices/prices.ts";
import type { Quantity } from "./quantity.ts";
import type { Usage } from "./usage.ts";
import type { Workload } from "./workload.ts";

export interface LineDraft {
  /** What is paid for, e.g. `writes`. */
  readonly what: string;
  /** `fixed` costs by being there, used or not. */
  readonly kind: "fixed" | "use";
  readonly quantity: Quantity;
  readonly price: PriceId;
  /** What the figure takes for granted. */
  readonly note?: string;
}

/** Something that may cost and has no figure here, with the reason. */
export interface Unpriced {
  readonly what: string;
  readonly because: string;
  /** True where somebody has to decide: a type or a model that nobody knows. */
  readonly isUnknown: boolean;
}

export interface PricingContext {
  readonly usage: Usage;
  readonly workload: Workload;
  readonly region: string;
  readonly prices: PriceTable["prices"];
  /** Records of a type that belong to the same tenant. */
  readonly siblings: (type: string) => readonly ResourceRecord[];
  /** Types of the components around a record, the nearest first. */
  readonly componentsAround: (record: ResourceRecord) => readonly string[];
}

export interface Priced {
  readonly lines?: readonly LineDraft[];
  readonly unpriced?: readonly Unpriced[];
}

export type Pricer = (record: ResourceRecord, context: PricingContext) => Priced;

/** What costs by being there. */
export const fixed = (
  what: string,
  quantity: Quantity,
  price: PriceId,
  note?: string,
): LineDraft => ({
  what,
  kind: "fixed",
  quantity,
  price,
  ...(note !== undefined && { note }),
});

export const byUse = (
  what: string,
  quantity: Quantity,
  price: PriceId,
  note?: string,
): LineDraft => ({
  ...fixed(what, quantity, price, note),
  kind: "use",
});

/** Value at a path of a record's inputs, `undefined` where there is nothing. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (here, part) =>
      typeof here === "object" && here !== null ? Reflect.get(here, part) : undefined,
    value,
  );
}

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const number = (value: unknown, otherwise = 0): number =>
  typeof value === "number" ? value : otherwise;
