import { setTimeout as sleep } from "node:timers/promises";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { localCredentials } from "../../local/provider/clients.ts";
import { violationsOfTable } from "../../testing/faults/invariants.ts";
import { type Item, scan } from "../../testing/faults/stored.ts";
import type { Verified } from "../../testing/load/soak.ts";
import type { Ledger, Told } from "./ledger.ts";
import type { User } from "./user.ts";

/** Compares what was acknowledged with what is there: through the API, and in the tables themselves. */
export async function verify(
  ledger: Ledger,
  users: readonly User[],
  { dynamodbEndpoint: endpoint, region }: { dynamodbEndpoint: string; region: string },
): Promise<Verified> {
  const lost: string[] = [];
  const twice: string[] = [];
  const violations = [...ledger.contradictions];
  let found = 0;
  await settled(endpoint, region);
  for (const told of ledger.conversations) {
    const user = users.find(({ tenant, name }) => tenant === told.tenant && name === told.user);
    if (user === undefined) throw new Error(`nobody is ${told.user} of ${told.tenant}`);
    const messages = await messagesOf(user, told);
    if (told.isDeleted) {
      if (messages !== undefined) violations.push(`${nameOf(told)} was deleted and is there`);
      continue;
    }
    found += messages?.length ?? 0;
    compare(told, messages ?? [], { lost, twice, violations });
  }
  const items = await itemsOf(endpoint, region);
  // A deletion that was answered with 202 is ended by the maintenance.
  const going = new Set(
    items.filter(({ state }) => state === "deleting").map(({ pk, sk }) => `${pk}#${sk}`),
  );
  const kept = items.filter(({ pk, sk }) => sk.startsWith("MSG#") && !going.has(pk));
  const foundInTables = kept.length;
  if (foundInTables !== found)
    violations.push(`the tables hold ${foundInTables} messages, not ${found}`);
  violations.push(...violationsOfTable(items, []));
  const acknowledged = ledger.conversations
    .filter(({ isDeleted }) => !isDeleted)
    .reduce((sum, told) => sum + told.acknowledged.size, 0);
  const conversations = ledger.conversations.length;
  return { conversations, acknowledged, found, foundInTables, lost, twice, violations };
}

interface Found {
  readonly sequence: number;
  readonly role: string;
  readonly content: string;
}

function compare(
  told: Told,
  messages: readonly Found[],
  into: { lost: string[]; twice: string[]; violations: string[] },
): void {
  const name = nameOf(told);
  if (messages.some(({ sequence }, index) => sequence !== index + 1)) {
    into.violations.push(`${name}: its sequence is not dense`);
  }
  for (const [sequence, content] of told.acknowledged) {
    if (messages[sequence - 1]?.content !== content) into.lost.push(`${name}/${sequence}`);
  }
  // Each content of a user is sent once, and holds a random id.
  const contents = messages.filter(({ role }) => role === "user").map(({ content }) => content);
  const known = new Set([...told.acknowledged.values(), ...told.unanswered]);
  const seen = new Set<string>();
  for (const content of contents) {
    if (seen.has(content)) into.twice.push(`${name}: ${content.slice(0, 50)}`);
    if (!known.has(content)) into.violations.push(`${name}: nobody sent ${content.slice(0, 50)}`);
    seen.add(content);
  }
}

/** Undefined for a conversation that is not there. */
async function messagesOf(user: User, { id }: Told): Promise<Found[] | undefined> {
  const messages: Found[] = [];
  let cursor: string | null = "";
  do {
    const path = `/conversations/${id}/messages?limit=200${cursor && `&cursor=${cursor}`}`;
    const { status, body } = await user.ask("verify", "GET", path);
    if (status === 404) return undefined;
    if (body === undefined) throw new Error(`verification was answered ${status}`);
    messages.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return messages;
}

/** Answers whose readers left are still being made and saved: waits until nothing more comes. */
async function settled(endpoint: string, region: string): Promise<void> {
  for (let before = -1, tries = 0; tries < 30; tries++) {
    const { length } = await itemsOf(endpoint, region);
    if (length === before) return;
    before = length;
    await sleep(5_000);
  }
}

/** Of all tables: they are of this environment alone. */
async function itemsOf(endpoint: string, region: string): Promise<Item[]> {
  const options = { endpoint, region, credentials: localCredentials() };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(options));
  const { TableNames = [] } = await client.send(new ListTablesCommand({}));
  const items: Item[] = [];
  for (const tableName of TableNames) items.push(...(await scan({ client, tableName })));
  client.destroy();
  return items;
}

function nameOf({ tenant, user, id }: Told): string {
  return `${tenant}/${user}/${id}`;
}
