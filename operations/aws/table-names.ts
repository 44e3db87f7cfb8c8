/** Names of tables that were restored: `acme-chat-1a2b3c4-at-20261120T083000Z`. */

/** A table's name without the time that it was restored to, from its name or its ARN. */
export const baseName = (table: string): string =>
  (table.split(":table/").at(-1) ?? table).replace(/-at-\d{8}T\d{6}Z$/, "");

/**
 * Whether Pulumi made a table of this name for the component named so, e.g. `acme-chat`. The exact form
 * matters: `acme-chat-chat-1a2b3c4` is tenant `acme-chat`'s, and not `acme`'s.
 */
export const isNamedAfter = (table: string, logicalName: string): boolean =>
  new RegExp(`^${logicalName}-[0-9a-f]{7}$`).test(baseName(table));
