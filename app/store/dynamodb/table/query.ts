import { QueryCommand, type QueryCommandInput } from "@aws-sdk/lib-dynamodb";
import { chatTable, type IndexDescription } from "../../../resources/table.ts";
import type { TableAccess } from "./table-access.ts";
import { namesIn } from "./update.ts";

type Item = Record<string, unknown>;

export interface Query {
  /** Name of the index to read. Default: the table itself. */
  readonly index?: string | undefined;
  /** Key condition. As in `filter` and `projection`, attribute names stand behind `#`. */
  readonly condition: string;
  readonly values: Readonly<Item>;
  readonly filter?: string;
  /** Attributes to return. Default: all that the table or the index has. */
  readonly projection?: string;
  /** Items that one request reads. Default: as many as 1 MB holds. */
  readonly limit?: number;
  /** Default: `asc`, by sort key. */
  readonly order?: "asc" | "desc";
  /** Default: `eventual`. */
  readonly consistency?: "eventual" | "strong";
  /** Key of the item to go on behind. */
  readonly after?: QueryCommandInput["ExclusiveStartKey"];
}

/** One request. `last` is the key to go on behind; it is absent at the end. */
export async function query(
  table: TableAccess,
  { index, condition, values, filter, projection, limit, order, consistency, after }: Query,
): Promise<{ readonly items: readonly Item[]; readonly last: Item | undefined }> {
  const { Items = [], LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.tableName,
      IndexName: index,
      KeyConditionExpression: condition,
      FilterExpression: filter,
      ProjectionExpression: projection,
      ExpressionAttributeNames: namesIn([condition, filter, projection].join(" ")),
      ExpressionAttributeValues: values,
      Limit: limit,
      ScanIndexForward: order !== "desc",
      ConsistentRead: consistency === "strong",
      ExclusiveStartKey: after,
    }),
  );
  return { items: Items, last: LastEvaluatedKey };
}

/** Every item, request after request: a reader who stops early sends no further one. */
export async function* queryAll(table: TableAccess, first: Query): AsyncIterable<Item> {
  let { after } = first;
  do {
    const { items, last } = await query(table, { ...first, after });
    yield* items;
    after = last;
  } while (after !== undefined);
}

type Keys = Pick<Query, "index" | "condition" | "values">;
const { partitionKey, sortKey } = chatTable;

/** All items of a partition. @param index Default: the table itself. */
export function whole(partition: string, index?: IndexDescription): Keys {
  return {
    index: index?.name,
    condition: `#${index?.partitionKey ?? partitionKey} = :partition`,
    values: { ":partition": partition },
  };
}

/** Items of a partition of the table whose sort keys begin alike. */
export function beginsWith(partition: string, prefix: string): Keys {
  return {
    condition: `#${partitionKey} = :partition AND begins_with(#${sortKey}, :prefix)`,
    values: { ":partition": partition, ":prefix": prefix },
  };
}

/** Items of a partition of the table between two sort keys, both included. */
export function between(partition: string, first: string, last: string): Keys {
  return {
    condition: `#${partitionKey} = :partition AND #${sortKey} BETWEEN :first AND :last`,
    values: { ":partition": partition, ":first": first, ":last": last },
  };
}
