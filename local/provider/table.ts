import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { createTableInput, tableSchema } from "../../offline/table-input.ts";
import { isMissing } from "./clients.ts";
import { provision } from "./resource.ts";

/** `aws:dynamodb/table:Table` */
export const provisionTable = provision(tableSchema, async (args, request) => {
  const { physicalName, clients, optional } = request;
  const { dynamodb } = clients;
  const wanted = createTableInput(physicalName, args);
  const existing = await describe(dynamodb, physicalName);
  if (!existing && request.adopts !== undefined) {
    throw new Error(`there is no table "${request.adopts}" to adopt.`);
  }
  if (existing) requireSameKeys(existing, wanted);
  else await create(dynamodb, wanted);

  const { ttl, pointInTimeRecovery: recovery } = args;
  if (ttl?.enabled) await enableTimeToLive(dynamodb, physicalName, ttl.attributeName);
  if (recovery !== undefined) {
    await optional("UpdateContinuousBackups", () =>
      dynamodb.send(
        new UpdateContinuousBackupsCommand({
          TableName: physicalName,
          PointInTimeRecoverySpecification: {
            PointInTimeRecoveryEnabled: recovery.enabled,
            RecoveryPeriodInDays: recovery.recoveryPeriodInDays,
          },
        }),
      ),
    );
  }
  const table = existing ?? (await describe(dynamodb, physicalName));
  return {
    id: physicalName,
    action: existing ? "adopted" : "created",
    outputs: {
      name: physicalName,
      arn: table?.TableArn,
      streamArn: table?.LatestStreamArn ?? "",
      streamLabel: table?.LatestStreamLabel ?? "",
    },
  };
});

async function create(dynamodb: DynamoDBClient, input: CreateTableCommandInput): Promise<void> {
  await dynamodb.send(new CreateTableCommand(input));
  // The SDK's default delay is 20 s; emulators are done at once.
  const wait = { client: dynamodb, maxWaitTime: 60, minDelay: 0.05, maxDelay: 1 };
  await waitUntilTableExists(wait, { TableName: input.TableName });
}

async function describe(
  dynamodb: DynamoDBClient,
  TableName: string,
): Promise<TableDescription | undefined> {
  try {
    return (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Keys are the one thing that no update can change (API reference, UpdateTable). */
function requireSameKeys(existing: TableDescription, wanted: CreateTableCommandInput): void {
  const found = keysOf(existing);
  const asked = keysOf(wanted);
  if (found === asked) return;
  throw new Error(
    `Table "${wanted.TableName}" exists with other keys: found ${found}; the program asks for ` +
      `${asked}. Start with --reset, or with another --data-dir.`,
  );
}

type Keyed = Pick<TableDescription, "KeySchema" | "GlobalSecondaryIndexes">;

function keysOf({ KeySchema, GlobalSecondaryIndexes = [] }: Keyed | CreateTableCommandInput) {
  const describeKeys = (keys: readonly KeySchemaElement[] = []) =>
    keys.map((key) => `${key.AttributeName} ${key.KeyType}`).join(", ");
  const indexes = GlobalSecondaryIndexes.map(
    (index) => `${index.IndexName} (${describeKeys(index.KeySchema)})`,
  );
  return [`(${describeKeys(KeySchema)})`, ...indexes.sort()].join(", ");
}

/** Enabling what is enabled is an error (API reference, UpdateTimeToLive). */
async function enableTimeToLive(
  dynamodb: DynamoDBClient,
  TableName: string,
  AttributeName: string,
): Promise<void> {
  const { TimeToLiveDescription: current } = await dynamodb.send(
    new DescribeTimeToLiveCommand({ TableName }),
  );
  if (current?.TimeToLiveStatus?.startsWith("ENABL")) return;
  const TimeToLiveSpecification = { Enabled: true, AttributeName };
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}
