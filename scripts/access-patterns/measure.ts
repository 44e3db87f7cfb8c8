import { documentClient } from "../../app/store/dynamodb/table/client.ts";
import { startDynamoDB } from "../../local/dynamodb.ts";
import { Stores, today } from "../../testing/app/samples.ts";
import { Meter } from "../../testing/aws/meter.ts";
import { createChatTable, engineConfig } from "../../testing/aws/table.ts";
import { type AccessPattern, patterns, type Units } from "./patterns.ts";

export interface Measured extends Units {
  readonly pattern: AccessPattern;
  /** In the order in which they were sent. */
  readonly requests: readonly string[];
}

/** Runs every pattern on the embedded engine, each on a table of its own in a process that knows nothing. */
export async function measurePatterns(): Promise<Measured[]> {
  const engine = await startDynamoDB();
  try {
    const measured: Measured[] = [];
    for (const pattern of patterns) measured.push(await measure(pattern, engine.endpoint));
    return measured;
  } finally {
    await engine.stop();
  }
}

async function measure(pattern: AccessPattern, endpoint: string): Promise<Measured> {
  const client = documentClient(engineConfig(endpoint));
  const meter = new Meter(client);
  // A clock that stands still but for a millisecond a reading: sizes and months are the same every time.
  let time = Date.parse(`${today}T09:30:00.000Z`);
  const now = () => new Date(time++);
  const stores = new Stores({ client, tableName: await createChatTable(endpoint), now });
  await pattern.prepare?.(stores);
  meter.take();
  await pattern.run(stores);
  const { requests, reads, writes } = meter.take();
  client.destroy();
  return { pattern, requests, reads: total(reads), writes: total(writes) };
}

function total(units: Readonly<Record<string, number>>): number {
  return Object.values(units).reduce((sum, each) => sum + each, 0);
}
