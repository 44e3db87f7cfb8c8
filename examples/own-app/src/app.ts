/** Notes of each user: what the app is about is up to you. */
import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import type { AppBindings } from "chatstack/components";
import { Hono } from "hono";

const TableName = process.env.TABLE_NAME;
const Limit = Number(process.env.NOTES_PER_PAGE);
const dynamodb = new DynamoDBClient({});

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

export default app;
