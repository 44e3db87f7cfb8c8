import * as z from "zod";
import {
  type Conversation,
  type ConversationChanges,
  type ConversationDetails,
  noDetails,
} from "../../conversation-store.ts";
import { type Header, toConversation } from "../table/header.ts";
import { conversationOf, detailsKey } from "../table/keys.ts";
import { getItem, type TableAccess } from "../table/table-access.ts";
import { updateExpression } from "../table/update.ts";

/**
 * Settings, metadata and tags stand in an item beside the header, which every message writes again and which must stay
 * within 1 KB. The header says whether there is one: who has none pays for none.
 */
const detailsItem = z.object({
  instructions: z.string().optional(),
  temperature: z.number().optional(),
  maxOutputTokens: z.number().optional(),
  guardrail: z.string().optional(),
  tools: z.array(z.string()).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  tags: z.array(z.string()).optional(),
});

export async function readDetails(
  table: TableAccess,
  user: string,
  id: string,
  consistency: "eventual" | "strong",
): Promise<ConversationDetails> {
  const key = detailsKey(user, id);
  const item =
    (await getItem(table, key, consistency)) ??
    // The header says that it is there: the cheap read lags behind.
    (consistency === "eventual" ? await getItem(table, key, "strong") : undefined);
  const { metadata = {}, tags = [], ...settings } = detailsItem.parse(item ?? {});
  return { settings: { ...noDetails.settings, ...settings }, metadata, tags };
}

/** The conversation in full: one read more where its header says that there is more. */
export async function inFull(
  table: TableAccess,
  user: string,
  header: Header,
  consistency: "eventual" | "strong" = "eventual",
): Promise<Conversation> {
  if (header.detailsAt === undefined) return toConversation(header);
  const details = await readDetails(table, user, conversationOf(header), consistency);
  return { ...toConversation(header), ...details };
}

/**
 * The least that DynamoDB keeps of a number, apart from 0. It refuses what is nearer to 0, which JSON can say
 * (Amazon DynamoDB Developer Guide, "Supported data types": 1E-130).
 */
const leastNumber = 1e-130;

export type DetailChanges = Pick<ConversationChanges, "settings" | "metadata" | "tags">;

/** What stands in the item: null for what is as by default, undefined for what stays as it is. */
export function detailAttributes({ settings = {}, metadata, tags }: DetailChanges) {
  const { temperature } = settings;
  return {
    ...settings,
    ...(temperature && { temperature: temperature < leastNumber ? 0 : temperature }),
    metadata: metadata && (Object.keys(metadata).length > 0 ? metadata : null),
    tags: tags && (tags.length > 0 ? tags : null),
  };
}

/** Leaves what a later version keeps there. */
export function updateDetails(
  table: TableAccess,
  user: string,
  id: string,
  changes: DetailChanges,
) {
  return {
    Update: {
      TableName: table.tableName,
      Key: detailsKey(user, id),
      ...updateExpression({ set: detailAttributes(changes) }),
    },
  };
}
