import {
  DescribeTableCommand,
  type DynamoDBClient,
  ListTagsOfResourceCommand,
  paginateListTables,
} from "@aws-sdk/client-dynamodb";
import { UsageError } from "../../offline/usage-error.ts";

/** On a table that `chatstack restore` made, until the stack has adopted it: the table it came from. */
export const restoredFromTag = "chatstack:restored-from";

/**
 * The table that carries a tenant's tag; names are Pulumi's and say nothing.
 *
 * @param isCandidate whether a table with these tags may be meant. Default: any.
 * @throws UsageError when there is none, or more than one.
 */
export async function findTable(
  client: DynamoDBClient,
  tenant: string,
  isCandidate: (tags: ReadonlyMap<string, string>) => boolean = () => true,
): Promise<string> {
  const found: string[] = [];
  const tenants = new Set<string>();
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
    for (const TableName of TableNames) {
      const tags = await tagsOf(client, TableName);
      const tag = tags.get("chatstack:tenant");
      if (tag !== undefined) tenants.add(tag);
      if (tag === tenant && isCandidate(tags)) found.push(TableName);
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

export async function tagsOf(
  client: DynamoDBClient,
  TableName: string,
): Promise<ReadonlyMap<string, string>> {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  const { Tags = [] } = await client.send(
    new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn }),
  );
  return new Map(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}
