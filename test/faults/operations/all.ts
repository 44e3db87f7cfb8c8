import { ofConversations, ofLargeMessages } from "./conversations.ts";
import type { Operation } from "./operation.ts";
import { ofAdministrators, ofDocuments, ofUsers } from "./others.ts";

/** By where conversations are kept; what the bucket does not change is tried once. */
export const operations: Readonly<Record<"dynamodb" | "s3", readonly Operation[]>> = {
  dynamodb: [ofConversations, ofLargeMessages, ofUsers, ofDocuments, ofAdministrators].flat(),
  s3: ofConversations,
};
