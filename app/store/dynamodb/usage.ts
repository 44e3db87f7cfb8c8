import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { epochSeconds } from "../expiry.ts";
import type { TokenUsage } from "../message.ts";
import type { Usage, UsageStore } from "../usage-store.ts";
import { usageKey } from "./table/keys.ts";
import { getItem, type TableAccess } from "./table/table-access.ts";

const keptDays = 400;

const counter = z.number().default(0);

/**
 * One item per user and month, with two numbers for the month and two for each of its days: at
 * most 31 days stay below 1 KB, so that counting is one write unit and looking half a read unit.
 * A counter belongs to one user, who cannot write it hot.
 */
export class DynamoDBUsageStore implements UsageStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  async add(user: string, { inputTokens, outputTokens }: TokenUsage): Promise<void> {
    const { day, month, monthEnd } = calendar(this.#table.now());
    await this.#table.client.send(
      new UpdateCommand({
        TableName: this.#table.tableName,
        Key: usageKey(user, month),
        UpdateExpression:
          "SET #expiresAt = :expiresAt ADD #in :in, #out :out, #dayIn :in, #dayOut :out",
        ExpressionAttributeNames: {
          "#expiresAt": "expiresAt",
          "#in": "in",
          "#out": "out",
          "#dayIn": `in${day.slice(-2)}`,
          "#dayOut": `out${day.slice(-2)}`,
        },
        ExpressionAttributeValues: {
          ":in": inputTokens,
          ":out": outputTokens,
          ":expiresAt": epochSeconds(monthEnd) + keptDays * 24 * 60 * 60,
        },
      }),
    );
  }

  async get(user: string): Promise<Usage> {
    const now = this.#table.now();
    const { day, month, dayEnd, monthEnd } = calendar(now);
    const item = (await getItem(this.#table, usageKey(user, month), "eventual")) ?? {};
    const of = (period: string, end: Date, suffix: string) => ({
      period,
      endsAt: end.toISOString(),
      secondsLeft: Math.ceil((end.getTime() - now.getTime()) / 1000),
      inputTokens: counter.parse(item[`in${suffix}`]),
      outputTokens: counter.parse(item[`out${suffix}`]),
    });
    return {
      day: of(day, dayEnd, day.slice(-2)),
      month: of(month, monthEnd, ""),
    };
  }
}

/** In UTC, whatever the user's clock says: a quota must not depend on where one travels. */
function calendar(now: Date) {
  const [year, month, date] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const day = now.toISOString().slice(0, 10);
  return {
    day,
    month: day.slice(0, 7),
    dayEnd: new Date(Date.UTC(year, month, date + 1)),
    monthEnd: new Date(Date.UTC(year, month + 1, 1)),
  };
}
