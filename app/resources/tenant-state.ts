/**
 * Where a tenant is in its life. The stack's config sets the state, the app refuses what the state forbids,
 * and the role of its function lacks the permissions.
 *
 * - `"active"`: everything.
 * - `"suspended"`: the API refuses everything but `/health`; the data stays as it is.
 * - `"off-boarding"`: users may read, export and erase their data, and write nothing.
 */
export type TenantState = (typeof tenantStates)[number];

export const tenantStates = ["active", "suspended", "off-boarding"] as const;
