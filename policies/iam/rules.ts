/** Rules about roles and policies: exact grants, within one tenant. */
import type { AnyRule } from "../rule.ts";
import { credentials } from "./actions/credentials.ts";
import { escalation } from "./actions/escalation.ts";
import { inline, managed, users } from "./attachments.ts";
import { noAdmin, noScan, starAction, starResource } from "./grants.ts";
import { boundary, trust } from "./roles.ts";
import { serviceActions, serviceSource } from "./service-principals.ts";
import { tenantScope } from "./tenant-scope.ts";
import { trustSource } from "./trust-source.ts";

export const iamRules: readonly AnyRule[] = [
  noAdmin,
  starAction,
  starResource,
  managed,
  inline,
  users,
  trust,
  boundary,
  serviceSource,
  serviceActions,
  trustSource,
  escalation,
  credentials,
  noScan,
  tenantScope,
];
