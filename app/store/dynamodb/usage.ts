import { randomBytes } from "node:crypto";
import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as z from "zod";
import { LostRace, untilWon } from "../contention.ts";
import type { PageRequest } from "../conversation-store.ts";
import { epochSeconds } from "../expiry.ts";
import type { TokenUsage } from "../message.ts";
import type {
  Hold,
  HoldRequest,
  PeriodUsage,
  Refused,
  Taken,
  Totals,
  Usage,
  UsageStore,
} from "../usage-store.ts";
import { usageKey, usageKeys } from "./table/keys.ts";
import { getItem, type TableAccess } from "./table/table-access.ts";
import { namesIn } from "./table/update.ts";
import { totalsOf } from "./totals.ts";

const keptDays = 400;

const counter = z.number().default(0);

const holdPrefix = "hold_";

/** Holds that one update counts and removes: an expression has 4 KB at most (DynamoDB Developer Guide, "Quotas"). */
const mostDead = 50;

const holdAttribute = z.object({
  day: z.string(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  until: z.number(),
});

/**
 * One item per user and month, with two numbers for the month and three for each day. An item of 31 days is
 * smaller than 1 KB, so counting costs one write unit and reading half a read unit. Only one user writes a
 * counter, so it cannot become hot. The first update of a month costs one unit more, because it writes the
 * index entry; later updates do not change the entry.
 *
 * With a quota the item also has each answer under way (`hold_…`), and the sums of used and held tokens:
 * `all` for the month, and `dayAll` for the day `allDay`. A condition can compare attributes but not add
 * them, so the sums are stored. They are computed again when a day begins, when a quota seems to be
 * reached, and after `add`, which does not update them.
 */
export class DynamoDBUsageStore implements UsageStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  async add(user: string, usage: TokenUsage): Promise<void> {
    const { day } = calendar(this.#table.now());
    await this.#update({ user, day }, { count: usage, remove: ["all"] });
  }

  async reserve(user: string, request: HoldRequest): Promise<Hold | Refused> {
    const now = this.#table.now();
    const { day } = calendar(now);
    const { tokens, perDay, perMonth } = request;
    const hold = {
      user,
      day,
      id: randomBytes(12).toString("hex"),
      tokens,
      until: epochSeconds(new Date(now.getTime() + request.lifeMs)),
    };
    return untilWon(async () => {
      try {
        const sums = await this.#update(hold, {
          set: { [`${holdPrefix}${hold.id}`]: { ...tokens, day, until: hold.until } },
          sums: total(tokens),
          condition: "#allDay = :allDay AND #all < :perMonth AND #dayAll < :perDay",
          values: { ":allDay": day, ":perMonth": perMonth, ":perDay": perDay },
        });
        return { ...hold, taken: this.#takenOf(sums) };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const item = error.Item === undefined ? {} : unmarshall(error.Item);
        // The SDK repeats a request whose answer was lost.
        if (item[`${holdPrefix}${hold.id}`] !== undefined) {
          return { ...hold, taken: this.#takenOf(item) };
        }
        if (!(await this.#sumUp(hold, item))) {
          return { refused: this.#usageOf(item), taken: this.#takenOf(item) };
        }
        throw new LostRace();
      }
    });
  }

  async settle(hold: Hold, usage: TokenUsage): Promise<void> {
    const name = `${holdPrefix}${hold.id}`;
    const settled = { count: usage, remove: [name] };
    const sums = total(usage) - total(hold.tokens);
    try {
      await this.#update(hold, {
        ...settled,
        sums,
        condition: `attribute_exists(#${name}) AND #allDay = :allDay`,
        values: { ":allDay": hold.day },
      });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const item = error.Item === undefined ? undefined : unmarshall(error.Item);
      // Erased with its user, who must not come back by it.
      if (item === undefined) return;
      const isHeld = item[name] !== undefined;
      // Settled by an attempt whose answer was lost.
      if (!isHeld && hold.until > epochSeconds(this.#table.now())) return;
      // Another day began, or the hold is over and what was sent is counted: the sums are made anew.
      const { inputTokens, outputTokens } = usage;
      const sent = isHeld ? 0 : hold.tokens.inputTokens;
      await this.#update(hold, {
        count: { inputTokens: inputTokens - sent, outputTokens },
        remove: [name, "all"],
        condition: `attribute_exists(#pk)${isHeld ? ` AND attribute_exists(#${name})` : ""}`,
      });
    }
  }

  async get(user: string): Promise<Usage> {
    const { month } = calendar(this.#table.now());
    const item = await getItem(this.#table, usageKey(user, month), "eventual");
    return this.#usageOf(item ?? {});
  }

  totals(month: string, page: PageRequest): Promise<Totals> {
    return totalsOf(this.#table, month, page);
  }

  /** Makes the sums as the counters have it, and counts what was sent for answers that never came. */
  async #sumUp(hold: Pick<Hold, "user" | "day">, item: Item): Promise<boolean> {
    const { day } = hold;
    const { dead, alive } = this.#holdsOf(item);
    const usage = this.#usageOf(item);
    const held = (holds: readonly Held[]) => holds.reduce((sum, one) => sum + total(one), 0);
    const all = total(usage.month) + held(alive);
    const dayAll = total(usage.day) + held(alive.filter((one) => one.day === day));
    const isRight = item.all === all && item.dayAll === dayAll && item.allDay === day;
    if (isRight && dead.length === 0) return false;
    const sent: Record<string, number> = {};
    const counted = dead.slice(0, mostDead);
    for (const { inputTokens, day: of } of counted) {
      for (const name of ["in", `in${of.slice(-2)}`]) {
        sent[name] = (sent[name] ?? 0) + inputTokens;
      }
    }
    const seen = (name: string) => {
      const isThere = item[name] !== undefined;
      return isThere ? `#${name} = :seen_${name}` : `attribute_not_exists(#${name})`;
    };
    const names = ["all", "dayAll", "in", "out"];
    const conditions = [
      ...names.map(seen),
      ...counted.map(({ name }) => `attribute_exists(#${name})`),
    ];
    const values = names.filter((name) => item[name] !== undefined);
    try {
      await this.#update(hold, {
        set: { all, dayAll, allDay: day },
        add: sent,
        remove: counted.map(({ name }) => name),
        condition: conditions.join(" AND "),
        values: Object.fromEntries(values.map((name) => [`:seen_${name}`, item[name]])),
      });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    return true;
  }

  async #update(
    { user, day }: Pick<Hold, "user" | "day">,
    { count, sums = 0, set = {}, add = {}, remove = [], condition, values = {} }: Change,
  ): Promise<Item> {
    const date = day.slice(-2);
    const added: Record<string, number> = {
      ...add,
      ...(count && {
        in: count.inputTokens,
        out: count.outputTokens,
        [`in${date}`]: count.inputTokens,
        [`out${date}`]: count.outputTokens,
        [`n${date}`]: 1,
      }),
      ...(sums !== 0 && { all: sums, dayAll: sums }),
    };
    const all = {
      ...set,
      ...usageKeys(user, day.slice(0, 7)),
      expiresAt: epochSeconds(endOfMonth(day)) + keptDays * 24 * 60 * 60,
    };
    const UpdateExpression = [
      `SET ${Object.keys(all).map((name) => `#${name} = :set_${name}`)}`,
      entriesOf(
        "REMOVE",
        remove.map((name) => `#${name}`),
      ),
      entriesOf(
        "ADD",
        Object.keys(added).map((name) => `#${name} :add_${name}`),
      ),
    ].join(" ");
    const { Attributes = {} } = await this.#table.client.send(
      new UpdateCommand({
        TableName: this.#table.tableName,
        Key: usageKey(user, day.slice(0, 7)),
        UpdateExpression,
        ConditionExpression: condition,
        ExpressionAttributeNames: namesIn(`${UpdateExpression} ${condition ?? ""}`),
        ExpressionAttributeValues: {
          ...values,
          ...Object.fromEntries(Object.entries(all).map(([name, of]) => [`:set_${name}`, of])),
          ...Object.fromEntries(Object.entries(added).map(([name, by]) => [`:add_${name}`, by])),
        },
        ReturnValues: "UPDATED_NEW",
        ReturnValuesOnConditionCheckFailure: condition === undefined ? undefined : "ALL_OLD",
      }),
    );
    return Attributes;
  }

  #usageOf(item: Item): Usage {
    const now = this.#table.now();
    const { day, month, dayEnd } = calendar(now);
    const { dead } = this.#holdsOf(item);
    const of = (period: string, end: Date, suffix: string) => ({
      period,
      endsAt: end.toISOString(),
      secondsLeft: Math.ceil((end.getTime() - now.getTime()) / 1000),
      inputTokens: dead
        .filter((hold) => hold.day.startsWith(period))
        .reduce((sum, hold) => sum + hold.inputTokens, counter.parse(item[`in${suffix}`])),
      outputTokens: counter.parse(item[`out${suffix}`]),
    });
    return {
      day: of(day, dayEnd, day.slice(-2)),
      month: of(month, endOfMonth(day), ""),
    };
  }

  #takenOf({ all, dayAll }: Item): Taken {
    const { day, month } = this.#usageOf({});
    const of = ({ period, secondsLeft }: PeriodUsage, tokens: unknown) => ({
      period,
      secondsLeft,
      tokens: counter.parse(tokens),
    });
    return { day: of(day, dayAll), month: of(month, all) };
  }

  /** Answers under way, and those whose process has ended without settling. */
  #holdsOf(item: Item) {
    const now = epochSeconds(this.#table.now());
    const holds = Object.keys(item)
      .filter((name) => name.startsWith(holdPrefix))
      .flatMap((name): Held[] => {
        const { data } = holdAttribute.safeParse(item[name]);
        return data === undefined ? [] : [{ ...data, name }];
      });
    return {
      dead: holds.filter(({ until }) => until <= now),
      alive: holds.filter(({ until }) => until > now),
    };
  }
}

type Item = Readonly<Record<string, unknown>>;
type Held = z.infer<typeof holdAttribute> & { readonly name: string };

interface Change {
  /** Tokens that were taken. */
  readonly count?: TokenUsage;
  /** Added to what is used and held. */
  readonly sums?: number;
  readonly set?: Item;
  readonly add?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
  readonly condition?: string;
  readonly values?: Item;
}

const total = ({ inputTokens, outputTokens }: TokenUsage) => inputTokens + outputTokens;

function entriesOf(clause: string, entries: readonly string[]): string {
  return entries.length === 0 ? "" : `${clause} ${entries.join(", ")}`;
}

/** In UTC, whatever the user's clock says: a quota must not depend on where one travels. */
function calendar(now: Date) {
  const [year, month, date] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const day = now.toISOString().slice(0, 10);
  return {
    day,
    month: day.slice(0, 7),
    dayEnd: new Date(Date.UTC(year, month, date + 1)),
  };
}

function endOfMonth(day: string): Date {
  const [year = 0, month = 1] = day.split("-").map(Number);
  return new Date(Date.UTC(year, month, 1));
}
