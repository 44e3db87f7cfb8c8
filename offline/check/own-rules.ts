/** Rules that no pack can have: they ask what recordings say and the engine does not show to policies. */
import type { StackRule } from "../../policies/rule.ts";
import type { ResourceRecord } from "../record.ts";
import { retainOnDelete } from "./retain-on-delete.ts";
import { secretEnvironment } from "./secret-environment.ts";

/** @param records what the judged resources were recorded as; none where the rules are only to be described. */
export const ownRules = (records: readonly ResourceRecord[] = []): readonly StackRule[] => [
  retainOnDelete(records),
  secretEnvironment(records),
];
