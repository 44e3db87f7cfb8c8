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
  if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined) {
    return undefined;
  }
  const item = unmarshall(error.Item);
  const isOurs = Object.entries(written).every(
    ([name, value]) =>
      value === undefined || value === null || isDeepStrictEqual(item[name], value),
  );
  return isOurs ? item : undefined;
}
