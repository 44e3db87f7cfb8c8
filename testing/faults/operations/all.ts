import { ofAdministrators } from "./administrators.ts";
import { ofConversations } from "./conversations.ts";
import { ofDocuments } from "./documents.ts";
import { ofEvents } from "./events.ts";
import { ofLargeMessages } from "./large-messages.ts";
import type { Operation } from "./operation.ts";
import { ofTransfers } from "./transfers.ts";
import { ofUsers } from "./users.ts";

const inEither = [...ofConversations, ...ofTransfers, ...ofEvents];
const inTheTable = [ofLargeMessages, ofUsers, ofDocuments, ofAdministrators].flat();

/** By where conversations are kept; what the bucket does not change is tried once. */
export const operations: Readonly<Record<"dynamodb" | "s3", readonly Operation[]>> = {
  dynamodb: [...inEither, ...inTheTable],
  s3: inEither,
};
