/** Days that CloudWatch Logs can keep entries (API reference, PutRetentionPolicy). */
export const logRetentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

export type LogRetentionDays = (typeof logRetentions)[number];

export const isLogRetention = (days: number): days is LogRetentionDays =>
  logRetentions.some((allowed) => allowed === days);
