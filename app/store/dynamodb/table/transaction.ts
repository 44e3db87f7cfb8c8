import { TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { LostRace } from "../../contention.ts";
import { StoreError } from "../../store-error.ts";
import type { TableAccess } from "./table-access.ts";

export type TransactItems = NonNullable<TransactWriteCommandInput["TransactItems"]>;

/** Why one write of a cancelled transaction was refused: `item` is what stood in the way. */
export interface Refusal {
  readonly item: Record<string, unknown> | undefined;
}

/**
 * Writes all or nothing. Undefined means written; otherwise one entry per write, undefined for
 * those whose condition held. Throws `LostRace` when another transaction was in the way.
 *
 * The SDK gives each call a client request token, so its own retries cannot write twice.
 */
export async function transact(
  table: TableAccess,
  items: TransactItems,
): Promise<readonly (Refusal | undefined)[] | undefined> {
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems: items }));
    return undefined;
  } catch (error) {
    if (!(error instanceof TransactionCanceledException)) throw error;
    const reasons = error.CancellationReasons ?? [];
    const codes = reasons.map(({ Code }) => Code ?? "None");
    if (codes.includes("ConditionalCheckFailed")) {
      return reasons.map(({ Code, Item }) =>
        Code === "ConditionalCheckFailed"
          ? { item: Item === undefined ? undefined : unmarshall(Item) }
          : undefined,
      );
    }
    if (codes.includes("TransactionConflict")) throw new LostRace();
    if (codes.some((code) => /Throttling|ProvisionedThroughputExceeded/.test(code))) {
      throw new StoreError("busy", { cause: error });
    }
    throw error;
  }
}
