import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { documentClient } from "../../../app/store/dynamodb/table/client.ts";
import type { TestApi } from "../../../testing/app/api.ts";
import { engineConfig } from "../../../testing/aws/table.ts";

/** Everything that the table holds. */
export async function itemsOf({ engine, table }: TestApi) {
  const TableName = table.tableName;
  const client = documentClient(engineConfig(engine.endpoint));
  const items = [];
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const page = await client.send(new ScanCommand({ TableName, ExclusiveStartKey }));
    items.push(...(page.Items ?? []));
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey !== undefined);
  client.destroy();
  return items;
}
