/** What every answer carries: no cache keeps it, and no browser takes it for another type. */
export const commonHeaders = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
} as const;
