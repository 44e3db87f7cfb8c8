/** What the rules of weaker settings share. */
import type { DataLoss } from "../upgrade/data-loss.ts";

/** A loss before it is known whose. */
export type Weakening = Omit<DataLoss, "urn"> & { readonly property: string };

/** @param says what becomes of the setting, what is lost and from when. */
export const weakened = (property: string, says: string): Weakening => ({
  property,
  reason: `${property} ${says}`,
});

/** `30 days`; what never ends is `no end`. */
export const days = (count: number): string => {
  if (!Number.isFinite(count)) return "no end";
  return count === 1 ? "1 day" : `${count} days`;
};
