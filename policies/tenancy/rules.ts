/** Rules about tenants: tags, ownership, and that no tenant reaches another. */
import type { AnyRule } from "../rule.ts";
import { tenantBudget, tenantRegion, tenantSingle } from "./isolation.ts";
import { due, retainUntil } from "./life-cycle.ts";
import { ownIgnoreChanges, ownParent, ownRetain } from "./ownership.ts";
import { tenantTags } from "./tags.ts";

export const tenancyRules: readonly AnyRule[] = [
  tenantTags,
  tenantSingle,
  tenantRegion,
  tenantBudget,
  retainUntil,
  due,
  ownParent,
  ownRetain,
  ownIgnoreChanges,
];
