import {
  DescribeTableCommand,
  type DynamoDBClient,
  ListTagsOfResourceCommand,
  paginateListTables,
} from "@aws-sdk/client-dynamodb";
import { UsageError } from "../usage-error.ts";

/** The table that carries a tenant's tag; names are Pulumi's and say nothing. */
export async function findTable(client: DynamoDBClient, tenant: string): Promise<string> {
  const found: string[] = [];
  const tenants = new Set<string>();
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
    for (const TableName of TableNames) {
      const { Table } = await client.send(new DescribeTableCommand({ TableName }));
      const { Tags = [] } = await client.send(
        new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }),
      );
      const tag = Tags.find(({ Key }) => Key === "chatstack:tenant")?.Value;
      if (tag !== undefined) tenants.add(tag);
      if (tag === tenant) found.push(TableName);
    }
  }
  const [table, ...others] = found;
  if (table !== undefined && others.length === 0) return table;
  throw new UsageError(
    table === undefined
      ? `No table is tagged chatstack:tenant=${tenant}; there are ${[...tenants].join(", ") || "no tenants"} here.`
      : `Several tables are tagged chatstack:tenant=${tenant}: name one of ${found.join(", ")} with --table.`,
  );
}
