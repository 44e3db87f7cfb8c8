/**
 * Where a tenant is in its life: the stack's config says it, the app answers by it, and the role of its
 * function holds no more than it needs for that.
 *
 * - `"active"`: everything.
 * - `"suspended"`: the API refuses everything but `/health`; the data stays as it is.
 * - `"off-boarding"`: users may read, export and erase what is theirs; nothing is written any more.
 */
export type TenantState = (typeof tenantStates)[number];

export const tenantStates = ["active", "suspended", "off-boarding"] as const;
