/** How much a tenant is used in a month, and what that is where nobody says. */
import { z } from "zod";

const count = z.number().int().min(0);
const amount = z.number().min(0);

/** Each field for one tenant and month. */
export const usageFields = {
  users: count.default(100).describe("people who sign in or stay signed in"),
  federatedUsers: count.default(0).describe("those of the users who come from a directory"),
  conversations: count.default(400).describe("conversations begun"),
  chats: count.default(4_000).describe("questions that a model answers; each saves two messages"),
  messages: count.default(0).describe("messages saved without a model"),
  messageKB: amount.max(32).default(1).describe("KB of a message, on average"),
  readsPerMessage: amount
    .default(1.95)
    .describe("readings for each message saved: half are syncs, a quarter lists, a quarter opens"),
  inputTokensPerChat: count.default(1_500).describe("tokens that a model is told"),
  outputTokensPerChat: count.default(300).describe("tokens that it answers"),
  model: z
    .string()
    .optional()
    .describe("id of the model; else the first that the function may call"),
  chatSeconds: amount.max(900).default(6).describe("seconds that an answer takes to stream"),
  requestSeconds: amount.max(900).default(0.05).describe("seconds that any other request takes"),
  responseKB: amount.default(4).describe("KB sent to the client for each request, on average"),
  storedGB: amount.default(1).describe("GB of conversations in store, at the month's end"),
  conversationKB: amount.default(50).describe("KB of a conversation, for history in S3"),
  documentsGB: amount.default(1).describe("GB of documents in store, at the month's end"),
  documentKB: amount.default(500).describe("KB of a document, on average"),
  documentUploads: count.default(100).describe("documents uploaded"),
  documentReads: count.default(400).describe("documents read"),
  noncurrentPercent: amount.default(10).describe("replaced and deleted versions, in percent"),
  logKBPerRequest: amount.default(2).describe("KB that a request leaves in logs"),
  activeHours: amount.max(730).default(730).describe("hours in which anybody calls the API"),
  machineTokens: count.default(0).describe("tokens issued to machines"),
  failedEvents: count.default(0).describe("events that end in the queue for failures"),
  queriedGB: amount.default(0).describe("GB of the archive that queries read"),
  /** What CloudWatch measured, instead of what follows from the above. */
  requests: count.optional().describe("measured: requests to the API"),
  writeUnits: amount.optional().describe("measured: ConsumedWriteCapacityUnits, with indexes"),
  readUnits: amount.optional().describe("measured: ConsumedReadCapacityUnits, with indexes"),
  functionSeconds: amount.optional().describe("measured: Lambda's billed duration"),
} as const;

export const usageSchema = z.strictObject(usageFields);
export type Usage = Readonly<z.infer<typeof usageSchema>>;

/** Only what is said; the rest is somebody else's, or the default. */
export type UsageSettings = Partial<Usage>;

export const defaultUsage: Usage = usageSchema.parse({});

/** Usage of each tenant: the built-in defaults, `default`, the tier's, the tenant's own, and `over` on top. */
export interface UsageProfile {
  readonly default?: UsageSettings;
  readonly tiers?: Readonly<Record<string, UsageSettings>>;
  readonly tenants?: Readonly<Record<string, UsageSettings>>;
  /** From the command line. */
  readonly over?: UsageSettings;
}

export const usageOf = (
  { default: base, tiers, tenants, over }: UsageProfile,
  tenant: string,
  tier: string | undefined,
): Usage => ({
  ...defaultUsage,
  ...base,
  ...(tier === undefined ? undefined : tiers?.[tier]),
  ...tenants?.[tenant],
  ...over,
});

/** What a tenant costs while nobody uses it. */
export const noUsage: UsageSettings = Object.fromEntries(
  Object.entries(defaultUsage).flatMap(([field, value]) =>
    typeof value === "number" ? [[field, 0]] : [],
  ),
);
