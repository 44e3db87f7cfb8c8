/** Rules about roles and policies: exact grants, within one tenant. */
import type { AnyRule } from "../rule.ts";
import { inline, managed, users } from "./attachments.ts";
import { noAdmin, noScan, starAction, starResource } from "./grants.ts";
import { boundary, trust } from "./roles.ts";
import { serviceActions, serviceSource } from "./service-principals.ts";
import { tenantScope } from "./tenant-scope.ts";

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
  noScan,
  tenantScope,
];
