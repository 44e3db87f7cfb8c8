/** Idempotency records live this long, and so long the id of a deleted conversation stays taken. */
export const recordLifeSeconds = 24 * 60 * 60;

export function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

export function isoOfSeconds(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
