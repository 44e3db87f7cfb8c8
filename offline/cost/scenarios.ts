/** Usages that figures are often quoted for, spelled out, so that the quoted can be compared with what they cost. */
import type { UsageSettings } from "./usage.ts";

export interface Scenario {
  readonly what: string;
  /** In one sentence each, what is taken for granted. */
  readonly assumptions: readonly string[];
  readonly usage: UsageSettings;
  /** What is quoted for it elsewhere, without a source; absent where nothing is. */
  readonly quoted?: string;
  /** What is quoted for servers of one's own, without a source; nothing here computes it. */
  readonly quotedSelfHosted?: string;
}

/** A question every five minutes, four hours a workday, 22 workdays: 1,056 questions a month. */
const chatsAMonth = 12 * 4 * 22;

/** @param count people who chat at the same time. */
const concurrent = (count: number, quoted: string): Scenario => ({
  what: `${count.toLocaleString("en-US")} concurrent users`,
  assumptions: [
    `${count.toLocaleString("en-US")} people chat at any time of four hours on 22 workdays, in turns: four times as many are active in the month`,
    "each asks every five minutes; a conversation is ten questions long",
    "a year of conversations is kept, of 2.5 KB a question with its answer",
  ],
  usage: {
    users: 4 * count,
    chats: chatsAMonth * count,
    conversations: Math.round((chatsAMonth * count) / 10),
    storedGB: Math.round((chatsAMonth * count * 12 * 2.5) / 1_048_576),
    documentsGB: count / 100,
    documentUploads: count,
    documentReads: 4 * count,
    activeHours: 4 * 22,
  },
  quoted,
  quotedSelfHosted: "$400–2,500",
});

/** One request in five is a question; the others read, or begin a conversation. */
const requests = (count: number, quoted: string): Scenario => ({
  what: `${count.toLocaleString("en-US")} requests a month`,
  assumptions: [
    "one request in five is a question; a conversation is ten questions long; the others read",
    "one person in the month for every 1,000 requests",
    "a year of conversations is kept, of 2.5 KB a question with its answer; no documents",
  ],
  usage: {
    users: count / 1_000,
    chats: count / 5,
    conversations: count / 50,
    storedGB: Number((((count / 5) * 12 * 2.5) / 1_048_576).toFixed(2)),
    documentsGB: 0,
    documentUploads: 0,
    documentReads: 0,
  },
  quoted,
});

export const scenarios = {
  "1k-users": concurrent(1_000, "$70"),
  "5k-users": concurrent(5_000, "$200"),
  "10k-users": concurrent(10_000, "$500"),
  "100k-requests": requests(100_000, "$1"),
  "1m-requests": requests(1_000_000, "$2.08"),
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export const scenarioNames = [
  "1k-users",
  "5k-users",
  "10k-users",
  "100k-requests",
  "1m-requests",
] as const satisfies readonly ScenarioName[];
