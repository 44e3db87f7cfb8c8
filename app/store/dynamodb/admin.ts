/**
 * `app/store/dynamodb/`: the stores on one DynamoDB table, a file for each port; folders for what
 * takes more than a file.
 */
import { randomBytes } from "node:crypto";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import type {
  AdminStore,
  AuditDraft,
  AuditEntry,
  CreatedConversation,
  DayRange,
  Sweep,
} from "../admin-store.ts";
import type { Page, PageRequest } from "../conversation-store.ts";
import { readPosition } from "../versions/position.ts";
import { readOr } from "../versions/unreadable.ts";
import { conversationsCreated } from "./conversations/created.ts";
import { endBegun } from "./erasing/clear.ts";
import { removeOrphans } from "./erasing/orphans.ts";
import { auditEntryOf, auditKey, auditPartition, keyItem } from "./table/keys.ts";
import { ownWrite } from "./table/own-write.ts";
import { query, whole } from "./table/query.ts";
import type { TableAccess } from "./table/table-access.ts";
import { namesIn } from "./table/update.ts";

const auditPosition = z.string().regex(/^\d{4}-\d\d-[\w:.-]+$/);

const auditItem = z.object({
  pk: z.string(),
  sk: z.string(),
  timestamp: z.string(),
  admin: z.string(),
  action: z.string(),
  target: z.string(),
  requestId: z.string().nullable(),
});

export class DynamoDBAdminStore implements AdminStore {
  readonly #table: TableAccess;

  constructor(table: TableAccess) {
    this.#table = table;
  }

  created(days: DayRange, page: PageRequest): Promise<Page<CreatedConversation>> {
    return conversationsCreated(this.#table, days, page);
  }

  async sweep(days: DayRange, page: PageRequest): Promise<Sweep> {
    const { items, next } = await this.created(days, page);
    const purged = await Promise.all(items.map(({ user, id }) => endBegun(this.#table, user, id)));
    const { objects } = this.#table;
    const isLast = next === undefined && objects !== undefined;
    return {
      examined: items.length,
      purged: purged.filter(Boolean).length,
      orphans: isLast ? await removeOrphans(this.#table, objects) : 0,
      ...(next === undefined ? {} : { next }),
    };
  }

  async record(draft: AuditDraft): Promise<void> {
    const timestamp = this.#table.now().toISOString();
    const id = `${timestamp}-${randomBytes(6).toString("hex")}`;
    const item = { ...auditKey(id), timestamp, ...draft };
    try {
      await this.#table.client.send(
        new PutCommand({
          TableName: this.#table.tableName,
          Item: item,
          ConditionExpression: "attribute_not_exists(#pk)",
          ExpressionAttributeNames: namesIn("#pk"),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      );
    } catch (error) {
      if (ownWrite(error, item) === undefined) throw error;
    }
  }

  async audit(month: string, { limit, after }: PageRequest): Promise<Page<AuditEntry>> {
    const { items: found, last } = await query(this.#table, {
      ...whole(auditPartition(month)),
      order: "desc",
      limit,
      after: after === undefined ? undefined : auditKey(readPosition(auditPosition, after)),
    });
    const items = found.flatMap((item) => {
      const read = () => {
        const { timestamp, admin, action, target, requestId, ...key } = auditItem.parse(item);
        return { id: auditEntryOf(key), timestamp, admin, action, target, requestId };
      };
      return readOr(read, { kind: "audit", id: String(item.sk) }, this.#table.report) ?? [];
    });
    return last === undefined ? { items } : { items, next: auditEntryOf(keyItem.parse(last)) };
  }
}
