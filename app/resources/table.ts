/**
 * The one description of a tenant's table. `ChatTable` creates what it says, the DynamoDB store
 * addresses what it says, and documents and cost figures are read from it.
 */
export interface TableDescription {
  readonly partitionKey: string;
  readonly sortKey: string;
  /** Attribute that holds the expiry in epoch seconds. DynamoDB deletes within a few days of it. */
  readonly timeToLive: string;
  readonly indexes: readonly IndexDescription[];
}

export interface IndexDescription {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /**
   * `"keys-only"`, or the attributes copied into the index beside the keys. Every write that changes
   * a projected attribute writes the index too, so each attribute here is a decision about cost.
   */
  readonly projection: "keys-only" | readonly string[];
}

/**
 * A user's conversations by when they last changed, in every state: what a sync reads is one range.
 * Tombstones of deleted conversations stand among them.
 */
export const recencyIndex = {
  name: "by-recency",
  partitionKey: "recencyKey",
  sortKey: "updatedAt",
  projection: [
    "title",
    "modelId",
    "createdAt",
    "messageCount",
    "lastMessage",
    "state",
    "purgeAt",
    "version",
  ],
} as const satisfies IndexDescription;

/** Conversations by creation, one partition per month and shard, for administrators' reports. */
export const creationIndex = {
  name: "by-creation",
  partitionKey: "creationKey",
  sortKey: "createdAt",
  projection: "keys-only",
} as const satisfies IndexDescription;

/** How the table's partition keys begin: what is whose, for keys and for grants. */
export const partitions = {
  /** What the tenant's processes share. No user can reach it. */
  tenant: "TENANT",
  /** What users own. */
  user: "USER#",
  /** Receipts of erasures, which outlive what lies under the user. */
  erasure: "ERASURE#",
  /** What administrators looked at, by month. */
  audit: "AUDIT#",
} as const;

/** Every key is a string (`S`). */
export const chatTable = {
  partitionKey: "pk",
  sortKey: "sk",
  timeToLive: "expiresAt",
  indexes: [recencyIndex, creationIndex],
} as const satisfies TableDescription;
