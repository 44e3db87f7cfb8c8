/** All that a tenant's table and bucket hold, as it stands there. */
import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { ObjectStore } from "../../app/objects/object-store.ts";
import type { TableAccess } from "../../app/store/dynamodb/table/table-access.ts";

export type Item = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

export interface Found {
  readonly key: string;
  readonly body: Uint8Array;
}

export async function scan({ client, tableName }: Pick<TableAccess, "client" | "tableName">) {
  const items: Item[] = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await client.send(
      new ScanCommand({ TableName: tableName, ConsistentRead: true, ExclusiveStartKey }),
    );
    for (const item of page.Items ?? []) {
      items.push({ ...item, pk: String(item.pk), sk: String(item.sk) });
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  return items;
}

export async function readAll(objects: ObjectStore): Promise<Found[]> {
  const listed = await Array.fromAsync(objects.list(""));
  const read = await Promise.all(
    listed.map(async ({ key }) => ({ key, body: (await objects.get(key))?.body })),
  );
  // A step of a refused request may end behind its answer, and delete what was just listed.
  return read.flatMap(({ key, body }) => (body === undefined ? [] : [{ key, body }]));
}
