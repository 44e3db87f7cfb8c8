/** Writing single items of a table. */
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type Item, keyOf } from "../../../app/sql/items.ts";
import type { TableAccess } from "../../../app/store/dynamodb/table/table-access.ts";

export async function putItem({ client, tableName }: TableAccess, Item: Item): Promise<void> {
  await client.send(new PutCommand({ TableName: tableName, Item: { ...Item } }));
}

export async function deleteItem({ client, tableName }: TableAccess, item: Item): Promise<void> {
  await client.send(new DeleteCommand({ TableName: tableName, Key: { ...keyOf(item) } }));
}
