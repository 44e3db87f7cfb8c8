/**
 * Capacity units of each access, table and indexes together, as measured on the embedded engine for
 * items of at most 1 KB. Written by `npm run docs` from scripts/access-patterns/; a test fails when it
 * is stale.
 */
export const measuredUnits = {
  "create a conversation": { writes: 3, reads: 0 },
  "append a message": { writes: 6, reads: 0 },
  "append a message with an idempotency key": { writes: 8, reads: 0 },
  "save a question and its answer together": { writes: 8, reads: 0 },
  "get a conversation's header": { writes: 0, reads: 0.5 },
  "open a conversation: header and newest 20 messages": { writes: 0, reads: 3 },
  "read the last 50 messages": { writes: 0, reads: 7 },
  "read what a model is told: header and last 50 messages": { writes: 0, reads: 7.5 },
  "get one message": { writes: 0, reads: 1 },
  "list 50 conversations by `by-recency`": { writes: 0, reads: 2 },
  "list 3 conversations among 150 that are archived": { writes: 0, reads: 0.5 },
  "list 20 of 60 that are archived": { writes: 0, reads: 1.5 },
  "clear a conversation of 50 messages": { writes: 55, reads: 0 },
  "sync when nothing is new": { writes: 0, reads: 0.5 },
  "rename a conversation": { writes: 3, reads: 0 },
  "mark as read": { writes: 1, reads: 0 },
  "archive, trash or restore a conversation": { writes: 3, reads: 0 },
  "delete a conversation with 50 messages for good": { writes: 56, reads: 0 },
  "get a profile": { writes: 0, reads: 0.5 },
  "put a profile": { writes: 1, reads: 0 },
  "get a session or a piece of state": { writes: 0, reads: 1 },
  "put a session or a piece of state again": { writes: 1, reads: 0 },
  "issue a one-time token": { writes: 1, reads: 0 },
  "redeem a one-time token": { writes: 1, reads: 0 },
  "import 25 messages of a conversation": { writes: 54, reads: 1 },
  "erase a user with a conversation of 50 messages": { writes: 58, reads: 17 },
  "count the tokens of a turn": { writes: 1, reads: 0 },
  "look at a quota": { writes: 0, reads: 0.5 },
  "conversations of a day by `by-creation`, for administrators": { writes: 0, reads: 4 },
  "write an entry of the audit log": { writes: 1, reads: 0 },
} as const;
