/** Rules about whom resources let in, over every type that has a policy, a permission or a grant. */
import type { AnyRule } from "../rule.ts";
import { foreign } from "./foreign.ts";
import { policyOpen } from "./open.ts";
import { sharedWithAll } from "./shared.ts";

export const accessRules: readonly AnyRule[] = [policyOpen, sharedWithAll, foreign];
