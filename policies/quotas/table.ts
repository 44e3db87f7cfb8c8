/** Every quota that a stack is counted against, in the order in which documents and reports list them. */
import { computeQuotas } from "./compute.ts";
import { observationQuotas } from "./observation.ts";
import type { Quota } from "./quota.ts";
import { storageQuotas } from "./storage.ts";

export const quotas: readonly Quota[] = [...computeQuotas, ...storageQuotas, ...observationQuotas];

export const quotaOf = (code: string): Quota | undefined =>
  quotas.find((quota) => quota.code === code);
