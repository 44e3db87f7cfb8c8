/** Notes of each user: what the app is about is up to you. */
import {
  type AttributeValue,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import type { AppBindings, EventContext, ScheduledRun } from "chatstack/components";
import { Hono } from "hono";

const TableName = process.env.TABLE_NAME;
const Limit = Number(process.env.NOTES_PER_PAGE);
const dynamodb = new DynamoDBClient({});
/** Partition of those who have notes. */
const everybody = { S: "USERS" };

const app = new Hono<{ Bindings: AppBindings; Variables: { partition: string } }>();

app.get("/health", (c) => c.json({ status: "ok" }));

// The gateway has verified the token; who it is about comes from there and from nowhere else.
app.use(async (c, next) => {
  const user = c.env.claims?.sub;
  if (user === undefined) return c.json({ error: "no user" }, 401);
  c.set("partition", `USER#${user}#NOTES`);
  return next();
});

app.post("/notes", async (c) => {
  const note = { id: crypto.randomUUID(), text: await c.req.text() };
  const Item = { pk: { S: c.get("partition") }, sk: { S: note.id }, text: { S: note.text } };
  await dynamodb.send(new PutItemCommand({ TableName, Item }));
  const known = { pk: everybody, sk: Item.pk };
  await dynamodb.send(new PutItemCommand({ TableName, Item: known }));
  return c.json(note, 201);
});

app.get("/notes", async (c) => {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName,
      Limit,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: c.get("partition") } },
    }),
  );
  return c.json({ notes: Items.map(({ sk, text }) => ({ id: sk?.S, text: text?.S })) });
});

app.onError((error, c) => c.json({ error: error.name }, 500));

/** Runs as often as the program says: counts who has notes, and says so in the log. */
async function countUsers(_run: ScheduledRun, { signal }: EventContext): Promise<void> {
  let count = 0;
  let page: { ExclusiveStartKey?: Record<string, AttributeValue> } = {};
  do {
    const command = new QueryCommand({
      TableName,
      Select: "COUNT",
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": everybody },
      ...page,
    });
    const { Count = 0, LastEvaluatedKey } = await dynamodb.send(command, { abortSignal: signal });
    count += Count;
    page = LastEvaluatedKey ? { ExclusiveStartKey: LastEvaluatedKey } : {};
  } while (page.ExclusiveStartKey);
  process.stdout.write(`${JSON.stringify({ message: "users with notes", count })}\n`);
}

export default { fetch: app.fetch, schedules: { "count-users": countUsers } };
