/** How much a tenant is used in a month, and what that is where nobody says. */
import { z } from "zod";

const count = z.number().int().min(0);
const amount = z.number().min(0);

/** Whatever is said of one tenant and month; the rest is somebody else's, or the default. */
export const usageSettings = z
  .strictObject({
    users: count.describe("people who sign in or stay signed in"),
    federatedUsers: count.describe("those of the users who come from a directory"),
    conversations: count.describe("conversations begun"),
    chats: count.describe("questions that a model answers; each saves two messages"),
    messages: count.describe("messages saved without a model"),
    messageKB: amount.max(32).describe("KB of a message"),
    readsPerMessage: amount.describe(
      "readings for each message saved: half syncs that find nothing, a quarter lists, a quarter opens",
    ),
    inputTokensPerChat: count.describe("tokens that the model is told"),
    cachedTokensPerChat: count.describe(
      "those of them that its cache has, where it caches prompts",
    ),
    outputTokensPerChat: count.describe("tokens that it answers"),
    chatSeconds: amount.max(900).describe("seconds that an answer streams"),
    requestSeconds: amount.max(900).describe("seconds that any other request takes"),
    responseKB: amount.describe("KB sent to the client for each request"),
    storedGB: amount.describe("GB of conversations in store at the month's end"),
    conversationKB: amount.describe("KB of a conversation, for history in S3"),
    documentsGB: amount.describe("GB of documents in store at the month's end"),
    documentKB: amount.describe("KB of a document"),
    documentUploads: count.describe("documents uploaded"),
    documentReads: count.describe("documents read"),
    noncurrentPercent: amount.describe("replaced and deleted versions of documents, in percent"),
    logKBPerRequest: amount.describe("KB that a request leaves in logs"),
    activeHours: amount.max(730).describe("hours in which anybody calls the API"),
    machineTokens: count.describe("tokens issued to machines"),
    failedEvents: count.describe("events that end in the queue for failures"),
    queriedGB: amount.describe("GB of the archive that queries read"),
    model: z.string().min(1).describe("id of the model; else the first that the tenant may use"),
    requests: count.describe("measured instead: requests to the API"),
    writeUnits: amount.describe("measured instead: ConsumedWriteCapacityUnits, with indexes"),
    readUnits: amount.describe("measured instead: ConsumedReadCapacityUnits, with indexes"),
    functionSeconds: amount.describe("measured instead: seconds that Lambda billed"),
  })
  .partial();

export type UsageSettings = Readonly<z.infer<typeof usageSettings>>;

/** A small tenant: a hundred people who ask two questions a workday each. */
export const defaultUsage = {
  users: 100,
  federatedUsers: 0,
  conversations: 400,
  chats: 4_000,
  messages: 0,
  messageKB: 1,
  readsPerMessage: 1.95,
  inputTokensPerChat: 1_500,
  cachedTokensPerChat: 0,
  outputTokensPerChat: 300,
  chatSeconds: 6,
  requestSeconds: 0.05,
  responseKB: 4,
  storedGB: 1,
  conversationKB: 50,
  documentsGB: 1,
  documentKB: 500,
  documentUploads: 100,
  documentReads: 400,
  noncurrentPercent: 10,
  logKBPerRequest: 2,
  activeHours: 730,
  machineTokens: 0,
  failedEvents: 0,
  queriedGB: 0,
} as const satisfies UsageSettings;

type Counted = keyof typeof defaultUsage;
export type Usage = Readonly<Record<Counted, number>> & Omit<UsageSettings, Counted>;

/** What a tenant costs while nobody uses it. */
export const noUsage: UsageSettings = Object.fromEntries(
  Object.keys(defaultUsage).map((field) => [field, 0]),
);

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
