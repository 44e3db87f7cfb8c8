import { DeleteCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { partitions } from "../../../resources/table.ts";
import { dueKey, dueRange, type Key } from "../table/keys.ts";
import type { TableAccess } from "../table/table-access.ts";
import { namesIn } from "../table/update.ts";

const dueAtOnce = 100;
const keyOnly = z.object({ pk: z.string(), sk: z.string() });

/** Notes that a conversation comes due, for one write unit; `at` is a time as in `purgeAt`. */
export async function remind(
  table: TableAccess,
  at: string,
  user: string,
  id: string,
): Promise<void> {
  await table.client.send(
    new PutCommand({ TableName: table.tableName, Item: dueKey(at, user, id) }),
  );
}

/** Takes back a note, once what it was about is done. */
export async function forget(table: TableAccess, due: Key): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.tableName, Key: due }));
}

/** Notes of what is due by now, the oldest first: half a read unit when there is none. */
export async function* dueNow(table: TableAccess): AsyncIterable<Key> {
  const range = dueRange(table.now().toISOString());
  for await (const item of notesIn(table, range, dueAtOnce)) yield keyOnly.parse(item);
}

/** The tenant's own items between two sort keys, both included, in their order: so many to a request. */
export async function* notesIn(
  table: TableAccess,
  [first, last]: readonly [first: string, last: string],
  atOnce: number,
): AsyncIterable<Record<string, unknown>> {
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.tableName,
        KeyConditionExpression: "#pk = :partition AND #sk BETWEEN :first AND :last",
        ExpressionAttributeNames: namesIn("#pk #sk"),
        ExpressionAttributeValues: {
          ":partition": partitions.tenant,
          ":first": first,
          ":last": last,
        },
        Limit: atOnce,
        ExclusiveStartKey,
      }),
    );
    yield* Items;
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
}
