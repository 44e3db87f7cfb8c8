import type { ConversationStore } from "../../app/store/conversation-store.ts";
import { DynamoDBAdminStore } from "../../app/store/dynamodb/admin.ts";
import { DynamoDBConversationStore } from "../../app/store/dynamodb/conversations/conversations.ts";
import { DynamoDBDocumentStore } from "../../app/store/dynamodb/documents.ts";
import { DynamoDBErasureStore } from "../../app/store/dynamodb/erasing/erasures.ts";
import { DynamoDBProfileStore } from "../../app/store/dynamodb/profiles.ts";
import { DynamoDBRecordStore } from "../../app/store/dynamodb/records.ts";
import { DynamoDBRunStore } from "../../app/store/dynamodb/runs.ts";
import type { TableAccess } from "../../app/store/dynamodb/table/table-access.ts";
import { DynamoDBTransferStore } from "../../app/store/dynamodb/transfer.ts";
import { DynamoDBUsageStore } from "../../app/store/dynamodb/usage.ts";
import type { MessageDraft } from "../../app/store/message.ts";
import type { Hold } from "../../app/store/usage-store.ts";

/** Stores of a process that has just started, on a table of their own. */
export class Stores {
  readonly conversations: ConversationStore;
  readonly profiles: DynamoDBProfileStore;
  readonly records: DynamoDBRecordStore;
  readonly usage: DynamoDBUsageStore;
  readonly admin: DynamoDBAdminStore;
  readonly transfers: DynamoDBTransferStore;
  readonly erasures: DynamoDBErasureStore;
  readonly documents: DynamoDBDocumentStore;
  readonly runs: DynamoDBRunStore;
  cursor = "";

  constructor(table: TableAccess) {
    this.conversations = new DynamoDBConversationStore(table);
    this.profiles = new DynamoDBProfileStore(table);
    this.records = new DynamoDBRecordStore(table);
    this.usage = new DynamoDBUsageStore(table);
    this.admin = new DynamoDBAdminStore(table);
    this.transfers = new DynamoDBTransferStore(table);
    this.erasures = new DynamoDBErasureStore(table);
    this.documents = new DynamoDBDocumentStore(table);
    this.runs = new DynamoDBRunStore(table);
  }

  /** Holds tokens of a quota, which leaves room for them. */
  async hold(): Promise<Hold> {
    const tokens = { inputTokens: 1_500, outputTokens: 300 };
    const request = { tokens, perDay: 1e6, perMonth: 1e6, lifeMs: 60_000 };
    const held = await this.usage.reserve(user, request);
    if ("refused" in held) throw new Error("the quota is spent");
    return held;
  }

  /** A document that is uploaded, and not read yet. */
  async upload(): Promise<void> {
    const type = "application/pdf" as const;
    const draft = { id: document, name: "Report 2026.pdf", type, size: 1_000_000 };
    const pending = { ...draft, status: "pending" as const, pages: null, passages: null };
    await this.documents.add(user, { ...pending, createdAt: today }, new Date("2999-01-01"));
  }

  /** So many conversations that are not active, each once archived. */
  async archive(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const id = `archived-${index}`;
      await this.begin(0, id);
      await this.conversations.update(user, id, { state: "archived" });
    }
  }

  /** A conversation with so many messages, of at most 1 KB with all that stands beside the content. */
  async begin(messages = 0, id = conversation): Promise<void> {
    await this.conversations.create(user, { id, title: "About this long", modelId: "a-model" });
    for (let index = 0; index < messages; index++) {
      await this.conversations.append(user, id, draft("assistant"));
    }
  }
}

export const user = "00000000-0000-4000-8000-000000000001";
export const conversation = "00000000-0000-4000-8000-000000000002";
export const document = "00000000-0000-4000-8000-000000000003";
export const once = { key: "a-key", bodyHash: "hash" };
export const profile = { name: "Ada", email: "ada@example.org", preferences: {} };
/** As the stores' clock says; see `measure.ts`. */
export const today = "2026-11-20";

export const draft = (role: MessageDraft["role"]): MessageDraft => ({
  role,
  content: "x".repeat(860),
  type: "text",
  modelId: null,
  isError: false,
  errorMessage: null,
  citations: [],
  llmResponseId: null,
});

export const imported = {
  id: conversation,
  title: "About this long",
  modelId: "a-model",
  createdAt: "2026-11-20T12:00:00.000Z",
  state: "active",
  purgeAt: null,
  lastReadSequence: 0,
} as const;
export const importedMessages = Array.from({ length: 25 }, (_, index) => ({
  ...draft("assistant"),
  id: String(index + 1),
  sequence: index + 1,
  timestamp: imported.createdAt,
  stopReason: null,
  usage: null,
  feedback: null,
  editedAt: null,
  documents: [],
}));
