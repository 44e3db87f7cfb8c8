/** Prefix of what users do not see in their list of active conversations. It sorts behind every time. */
const awayPrefix = "away:";

/** Sort keys of `by-recency` below this are those of active conversations, those above it of all others. */
export const awayFrom: string = awayPrefix;

/**
 * Sort key of a conversation's entry in `by-recency`, the attribute `updatedAt`. Active conversations stand in
 * the order of their times. Behind them stand archived, trashed and deleted ones in reverse order, so that
 * the newest of both halves meet: a list of active conversations reads over no other, and what
 * changed since a time, in whatever state, is still one range.
 *
 *     oldest active … newest active | newest away … oldest away
 */
export function orderOf(state: string, time: string): string {
  return state === "active" ? time : `${awayPrefix}${reversed(time)}`;
}

/** The time in a sort key. Earlier versions wrote the time itself, whatever the state. */
export function timeOf(order: string): string {
  return isAway(order) ? reversed(order.slice(awayPrefix.length)) : order;
}

export function isAway(order: string): boolean {
  return order.startsWith(awayPrefix);
}

/** ISO times are as long as each other: the complement of each digit turns their order round. */
function reversed(time: string): string {
  return time.replaceAll(/\d/g, (digit) => String(9 - Number(digit)));
}
