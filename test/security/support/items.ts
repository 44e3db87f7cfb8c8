import { ScanCommand } from "@aws-sdk/lib-dynamodb";
import { documentClient } from "../../../app/store/dynamodb/client.ts";
import type { TestApi } from "../../support/api.ts";
import { engineConfig } from "../../support/table.ts";

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
