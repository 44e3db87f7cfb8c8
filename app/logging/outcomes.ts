/** How requests end: as asked, refused with a 4xx, failed with a 5xx. */
export const outcomes = ["ok", "refused", "failed"] as const;
export type Outcome = (typeof outcomes)[number];
