/**
 * `app/resources/`: the table, the bucket and the tenant's state, described once for the app and the
 * components.
 */

/**
 * The one description of what lies where in a tenant's bucket: the app writes it, `DocumentBucket`
 * grants it and lets it expire.
 */
export interface BucketFolder {
  /** Ends in `/`; below it comes the user's id. */
  readonly prefix: `${string}/`;
  /** The bucket's life cycle drops objects that are older. */
  readonly expiresAfterDays?: number;
}

export const bucketFolders = {
  /** Uploads on their way: copied to `documents` when they are complete. */
  uploads: { prefix: "uploads/", expiresAfterDays: 1 },
  documents: { prefix: "documents/" },
  /** What was read of each document. */
  passages: { prefix: "passages/" },
  /** Contents of messages that no item of the table can hold. */
  messages: { prefix: "messages/" },
  /** Conversations, where they are kept as S3 JSON. */
  history: { prefix: "history/" },
  /** Idempotency records of their creations, good for a day. */
  historyRequests: { prefix: "history-requests/", expiresAfterDays: 2 },
} as const satisfies Record<string, BucketFolder>;
