/** Notes of each user, in the tenant's table: below a partition of the user's, as the function's role allows. */
import {
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { chatTool, defaultHook, type RouteEnv } from "chatstack/app";

const TableName = process.env.TABLE_NAME;
const Limit = Number(process.env.NOTES_PER_PAGE);
const dynamodb = new DynamoDBClient({});

const partition = (user: string) => `USER#${user}#NOTES`;

const note = z.object({ id: z.string(), text: z.string() }).openapi("Note");

const addNote = createRoute({
  method: "post",
  path: "/notes",
  operationId: "addNote",
  summary: "Add a note",
  tags: ["notes"],
  request: {
    body: {
      required: true,
      content: { "application/json": { schema: z.object({ text: z.string().min(1).max(1_000) }) } },
    },
  },
  responses: {
    201: { description: "Added.", content: { "application/json": { schema: note } } },
  },
});

const listNotes = createRoute({
  method: "get",
  path: "/notes",
  operationId: "listNotes",
  summary: "List the caller's notes",
  tags: ["notes"],
  responses: {
    200: {
      description: "The first of them.",
      content: { "application/json": { schema: z.object({ items: z.array(note) }) } },
    },
  },
});

export const notes = new OpenAPIHono<RouteEnv>({ defaultHook })
  .openapi(addNote, async (c) => {
    const { text } = c.req.valid("json");
    const id = crypto.randomUUID();
    const pk = { S: partition(c.get("user").id) };
    const Item = { pk, sk: { S: id }, text: { S: text } };
    await dynamodb.send(new PutItemCommand({ TableName, Item }));
    return c.json({ id, text }, 201);
  })
  .openapi(listNotes, async (c) => {
    const items = await keysAndTexts(c.get("user").id);
    return c.json(
      { items: items.map(({ sk, text }) => ({ id: sk?.S ?? "", text: text?.S ?? "" })) },
      200,
    );
  });

/** What the model may call. Whose notes it searches is verified: nothing that a model writes can change it. */
export const findNotes = chatTool({
  name: "find_notes",
  description: "Finds the user's own notes that contain a text.",
  input: z.object({ text: z.string().min(1).max(100) }),
  execute: async ({ text: sought }, { user }) => {
    const texts = (await keysAndTexts(user)).map(({ text }) => text?.S ?? "");
    return texts.filter((text) => text.toLowerCase().includes(sought.toLowerCase()));
  },
});

/** Of a user who was erased: the app erases what it knows of, and this is not among it. */
export async function eraseNotes(user: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const items = await keysAndTexts(user);
    if (items.length === 0) return;
    for (const { pk, sk } of items) {
      signal.throwIfAborted();
      if (pk && sk) await dynamodb.send(new DeleteItemCommand({ TableName, Key: { pk, sk } }));
    }
  }
}

async function keysAndTexts(user: string) {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName,
      Limit,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: partition(user) } },
    }),
  );
  return Items;
}
