/** Far from the end of a day and of a month, which counters, indexes and lists go by. */
const begin = Date.parse("2026-11-20T12:00:00.000Z");

/** How far the time of tests is ahead of the machine's. */
export const aheadMs = begin - Date.now();

/** The time of tests: when a file is tested at 23:59 UTC, its day does not end in the midst of a test. */
export const testTime = (): Date => new Date(Date.now() + aheadMs);
