import { isDeepStrictEqual } from "node:util";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";

/**
 * What stands where a write was refused, if it is that very write. The SDK repeats a request whose
 * answer was lost, and then meets what its first attempt did; times, to the millisecond, are among the
 * attributes, so that it is not taken for somebody else's.
 *
 * @param error of a request for the old item, `ReturnValuesOnConditionCheckFailure: "ALL_OLD"`.
 * @param written the attributes that the write sets; undefined and null ones are not compared.
 */
export function ownWrite(
  error: unknown,
  written: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const item = refusedItem(error)?.item;
  if (item === undefined) return undefined;
  const isOurs = Object.entries(written).every(
    ([name, value]) =>
      value === undefined || value === null || isDeepStrictEqual(item[name], value),
  );
  return isOurs ? item : undefined;
}

/** Whether a write was carried out: false when its condition refused it. */
export async function isCarriedOut(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/** What stood in the way of a refused write, if anything; undefined for any other error. */
export function refusedItem(
  error: unknown,
): { readonly item: Record<string, unknown> | undefined } | undefined {
  if (!(error instanceof ConditionalCheckFailedException)) return undefined;
  return { item: error.Item && unmarshall(error.Item) };
}
