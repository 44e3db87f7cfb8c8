/** What the commands that watch over tables share. */
import {
  DescribeTableCommand,
  type DynamoDBClient,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import { isNotImplemented } from "../../offline/not-implemented.ts";
import { UsageError } from "../../offline/usage-error.ts";

/** Told what is waited for, e.g. `acme-chat-1a2b3c4: CREATING`. */
export type OnProgress = (text: string) => void;

/** Undefined where there is no table by that name. */
export async function describeTable(
  client: DynamoDBClient,
  TableName: string,
): Promise<TableDescription | undefined> {
  try {
    return (await client.send(new DescribeTableCommand({ TableName }))).Table;
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

/** @throws Error when the table is gone, or is not going to be there. */
export async function waitUntilActive(
  client: DynamoDBClient,
  name: string,
  onProgress: OnProgress,
): Promise<TableDescription> {
  for (let looks = 0; ; looks++) {
    const table = await describeTable(client, name);
    if (table?.TableStatus === "ACTIVE") return table;
    if (table?.TableStatus !== "CREATING" && table?.TableStatus !== "UPDATING") {
      throw new Error(`Table ${name} is not going to be ACTIVE: ${table?.TableStatus ?? "gone"}.`);
    }
    onProgress(`${name}: ${table.TableStatus}`);
    await pause(looks);
  }
}

/** Between two looks: at once on this machine, every 5 s where it takes AWS minutes. */
export const pause = (looks: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(5000, 100 * 2 ** looks)));

/**
 * Makes a call that engines on laptops do not know.
 *
 * @param what the ability, e.g. "on-demand backups".
 * @throws UsageError that says so.
 */
export async function orNotPossibleHere<T>(what: string, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isNotImplemented(error)) throw error;
    throw new UsageError(
      `Not possible here: this engine has no ${what}. On AWS (--region) and on emulators that have them it is.`,
    );
  }
}
