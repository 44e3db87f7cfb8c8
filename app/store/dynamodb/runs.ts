import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";
import type { Spoken } from "../../models/chat-model.ts";
import { messageParts } from "../../parts/parts.ts";
import type { NewRun, Run, RunStore } from "../conversation-store.ts";
import { epochSeconds, isoOfSeconds } from "../expiry.ts";
import { runKey } from "./table/keys.ts";
import { isCarriedOut } from "./table/own-write.ts";
import { getItem, type TableAccess } from "./table/table-access.ts";
import { namesIn, updateExpression } from "./table/update.ts";

/** JSON of a question that is kept whole; of a longer one, so many characters. */
const wholeBytes = 16 * 1024;
const cutCharacters = 1_000;

const runItem = z.object({
  id: z.string(),
  question: z.string(),
  isCut: z.boolean().optional(),
  startedAt: z.string(),
  isStopped: z.boolean().optional(),
  expiresAt: z.number(),
});
const spoken = z.object({ content: z.string(), parts: messageParts.optional() });

/** One item a conversation, under the user: one write unit when an answer begins, one when it has ended. */
export class DynamoDBRunStore implements RunStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  async begin(user: string, conversation: string, run: NewRun, alone: boolean) {
    const { tableName, client, now } = this.#table;
    const time = now();
    const ConditionExpression = "attribute_not_exists(#pk) OR #expiresAt <= :now";
    try {
      await client.send(
        new PutCommand({
          TableName: tableName,
          Item: {
            ...runKey(user, conversation),
            id: run.id,
            ...keptQuestion(run.question),
            startedAt: time.toISOString(),
            expiresAt: endOf(time, run.lifeMs),
          },
          ...(alone && {
            ConditionExpression,
            ExpressionAttributeNames: namesIn(ConditionExpression),
            ExpressionAttributeValues: { ":now": epochSeconds(time) },
            ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const,
          }),
        }),
      );
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException) || error.Item === undefined)
        throw error;
      const found = runItem.parse(unmarshall(error.Item));
      // The SDK may put it twice: its own write is no other's.
      return found.id === run.id ? undefined : toRun(found);
    }
  }

  async find(user: string, conversation: string): Promise<Run | undefined> {
    const item = await getItem(this.#table, runKey(user, conversation), "eventual");
    const found = runItem.safeParse(item).data;
    if (found === undefined || found.expiresAt <= epochSeconds(this.#table.now())) return undefined;
    return toRun(found);
  }

  async keep(user: string, conversation: string, id: string, lifeMs: number): Promise<boolean> {
    const { tableName, client, now } = this.#table;
    const Key = runKey(user, conversation);
    const found = runItem.safeParse(await getItem(this.#table, Key, "eventual")).data;
    if (found?.id !== id) return false;
    const time = now();
    if (found.expiresAt < endOf(time, lifeMs / 2)) {
      await isCarriedOut(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key,
            ...updateExpression({
              set: { expiresAt: endOf(time, lifeMs) },
              condition: "#id = :id",
              values: { ":id": id },
            }),
          }),
        ),
      );
    }
    return found.isStopped === true;
  }

  async stop(user: string, conversation: string): Promise<boolean> {
    const { tableName, client, now } = this.#table;
    return isCarriedOut(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: runKey(user, conversation),
          ...updateExpression({
            set: { isStopped: true },
            condition: "attribute_exists(#pk) AND #expiresAt > :now",
            values: { ":now": epochSeconds(now()) },
          }),
        }),
      ),
    );
  }

  async end(user: string, conversation: string, id: string): Promise<void> {
    const ConditionExpression = "#id = :id";
    await isCarriedOut(
      this.#table.client.send(
        new DeleteCommand({
          TableName: this.#table.tableName,
          Key: runKey(user, conversation),
          ConditionExpression,
          ExpressionAttributeNames: namesIn(ConditionExpression),
          ExpressionAttributeValues: { ":id": id },
        }),
      ),
    );
  }
}

function endOf(time: Date, lifeMs: number): number {
  return epochSeconds(time) + Math.ceil(lifeMs / 1000);
}

function keptQuestion({ content, parts }: Spoken) {
  const whole = JSON.stringify({ content, parts });
  if (Buffer.byteLength(whole) <= wholeBytes) return { question: whole };
  const cut = content.slice(0, cutCharacters).toWellFormed();
  return { question: JSON.stringify({ content: cut }), isCut: true };
}

function toRun({
  id,
  question,
  isCut = false,
  startedAt,
  isStopped = false,
  expiresAt,
}: z.infer<typeof runItem>): Run {
  const endsBy = isoOfSeconds(expiresAt);
  const asked = spoken.parse(JSON.parse(question));
  return { id, question: asked, isCut, startedAt, endsBy, isStopped };
}
