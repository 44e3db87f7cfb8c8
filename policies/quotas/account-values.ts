/**
 * What the stack's config says of its account in `chatstack:quotas`: limits that AWS raised, and what the account has beside
 * the stack.
 *
 *     chatstack:quotas:
 *       L-B99A9384: 5000
 *       L-FE177D64: { limit: 2000, used: 310 }
 */
import { isObject } from "../reading/read.ts";

export interface AccountValues {
  /** Limits of the account by code, where they are not AWS's defaults. */
  readonly limits: ReadonlyMap<string, number>;
  /** What the account has beside the stack, by code. */
  readonly used: ReadonlyMap<string, number>;
  /** Every code that the config names, whether there is such a quota or not. */
  readonly codes: readonly string[];
  /** Entries that could not be used: `["L-B99A9384"]: found "many"; allowed: …` */
  readonly faults: readonly string[];
}

export const defaultValues: AccountValues = {
  limits: new Map(),
  used: new Map(),
  codes: [],
  faults: [],
};

/** @param given the parsed value of `chatstack:quotas`; `undefined` where the config has none. */
export function accountValues(given: unknown): AccountValues {
  if (given === undefined || given === null) return defaultValues;
  if (!isObject(given) || Array.isArray(given)) {
    return { ...defaultValues, faults: [fault("", given, "quota codes with their limits")] };
  }
  const limits = new Map<string, number>();
  const used = new Map<string, number>();
  const faults: string[] = [];
  const take = (path: string, value: unknown, into: Map<string, number>, code: string) => {
    if (isCount(value)) into.set(code, value);
    else faults.push(fault(path, value, "a whole number from 0 on"));
  };
  for (const [code, entry] of Object.entries(given)) {
    const path = `["${code}"]`;
    if (!isObject(entry) || Array.isArray(entry)) {
      take(path, entry, limits, code);
      continue;
    }
    for (const [key, value] of Object.entries(entry)) {
      if (key === "limit") take(`${path}.limit`, value, limits, code);
      else if (key === "used") take(`${path}.used`, value, used, code);
      else faults.push(fault(path, key, "limit, used"));
    }
  }
  return { limits, used, codes: Object.keys(given), faults };
}

const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0;

const fault = (path: string, found: unknown, allowed: string): string =>
  `${path}: found ${JSON.stringify(found)}; allowed: ${allowed}`.replace(/^: /, "");
