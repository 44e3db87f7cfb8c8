/** What is known of each tenant: one item of the table. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { z } from "zod";

const TableName = process.env.TABLE_NAME;
const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const keyOf = (id: string) => ({ pk: `TENANT#${id}`, sk: "STATE" });

const item = z.object({
  tenant: z.string(),
  stack: z.string(),
  state: z.string(),
  /** Of the last event. */
  at: z.string().optional(),
  pullRequest: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
  causes: z.array(z.string()).optional(),
});

type Known = z.infer<typeof item>;

export async function tenantOf(id: string): Promise<Known | undefined> {
  const { Item } = await table.send(
    new GetCommand({ TableName, Key: keyOf(id), ConsistentRead: true }),
  );
  return Item && item.parse(Item);
}

/** The change that was asked for last. What fleet said of the tenant before stays. */
export async function requested(id: string, stack: string, pullRequest: string): Promise<Known> {
  const { Attributes } = await table.send(
    new UpdateCommand({
      ...{ TableName, Key: keyOf(id), ReturnValues: "ALL_NEW" },
      UpdateExpression:
        "SET tenant = :tenant, stack = :stack, pullRequest = :pull, #state = if_not_exists(#state, :proposed)",
      ExpressionAttributeNames: { "#state": "state" },
      ExpressionAttributeValues: {
        ...{ ":tenant": id, ":stack": stack, ":pull": pullRequest, ":proposed": "proposed" },
      },
    }),
  );
  return item.parse(Attributes);
}

interface FleetEvent {
  readonly event: string;
  readonly at: string;
  readonly stack: string;
  readonly tenant: string;
  readonly outputs?: Readonly<Record<string, unknown>> | undefined;
  readonly causes?: readonly string[] | undefined;
}

/** Events come more than once, and in any order: an earlier one changes nothing. */
export async function note({
  event,
  at,
  stack,
  tenant,
  outputs,
  causes = [],
}: FleetEvent): Promise<void> {
  try {
    await table.send(
      new UpdateCommand({
        ...{ TableName, Key: keyOf(tenant) },
        UpdateExpression: `SET tenant = :tenant, stack = :stack, #state = :event, #at = :at, causes = :causes${outputs ? ", outputs = :outputs" : ""}`,
        ConditionExpression: "attribute_not_exists(#at) OR #at < :at",
        ExpressionAttributeNames: { "#state": "state", "#at": "at" },
        ExpressionAttributeValues: {
          ...{ ":tenant": tenant, ":stack": stack, ":event": event, ":at": at, ":causes": causes },
          ...(outputs && { ":outputs": outputs }),
        },
      }),
    );
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return;
    throw error;
  }
}
