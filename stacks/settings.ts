/**
 * What may be chosen per tenant, in a tier or in the stack's config. Each section is a subset of a
 * component's arguments, in the component's own words; the components hold the defaults.
 */
import { z } from "zod";
import { arns } from "../components/arn.ts";
import { guardrailPatterns, modelIdPattern } from "../components/chat-api/models.ts";
import { logRetentions } from "../components/log-retention.ts";
import { retainSettings } from "../components/retain.ts";
import { companionSettings } from "./companion-settings.ts";
import {
  apiOptions,
  arnOf,
  authOptions,
  documentOptions,
  signInFlows,
  tableOptions,
  tokens,
} from "./option-settings.ts";

const units = z.strictObject({
  min: z.int().min(1),
  max: z.int().min(1),
  targetUtilization: z.int().min(20).max(90).optional(),
});

const retentionBounds = {
  minRetentionDays: z.int().min(1).max(36500).optional(),
  maxRetentionDays: z.int().min(1).max(36500).optional(),
};

const capacity = z.discriminatedUnion("mode", [
  z.strictObject({
    mode: z.literal("on-demand"),
    maxReadUnits: z.int().min(1).optional(),
    maxWriteUnits: z.int().min(1).optional(),
  }),
  z.strictObject({ mode: z.literal("provisioned"), read: units, write: units }),
]);

const backups = z.union([
  z.literal("off"),
  z.strictObject({
    schedule: z
      .templateLiteral(["cron(", z.string(), ")"], 'e.g. "cron(0 5 ? * SUN *)"')
      .optional(),
    startWindowMinutes: z.int().min(60).optional(),
    completionWindowMinutes: z.int().min(120).optional(),
    retentionDays: z.int().min(1).max(36500).optional(),
    restoreTest: z.enum(["off", "daily", "weekly", "monthly"]).optional(),
    vaultLock: z
      .union([
        z.literal("off"),
        z.discriminatedUnion("mode", [
          z.strictObject({ mode: z.literal("governance"), ...retentionBounds }),
          z.strictObject({
            mode: z.literal("compliance"),
            changeableForDays: z.int().min(3).max(36500),
            state: z.enum(["changeable", "closed"]).optional(),
            ...retentionBounds,
          }),
        ]),
      ])
      .optional(),
  }),
]);

/** `"tenant-key"` makes the tenant a KMS key of its own: $1 a month, more once it has rotated. */
const encryption = z.union([
  z.literal(["aws-owned", "tenant-key"]),
  z.strictObject({ kmsKeyArn: arnOf(arns.kmsKey) }),
]);

const modelIds = "ids of Amazon Bedrock's models or inference profiles";

export const settings = z.strictObject({
  retain: z.enum(retainSettings).optional(),
  encryption: encryption.optional(),
  table: z
    .strictObject({
      recoveryDays: z.union([z.int().min(1).max(35), z.literal("off")]).optional(),
      capacity: capacity.optional(),
      backups: backups.optional(),
      stream: z
        .enum(["off", "keys-only", "new-image", "old-image", "new-and-old-images"])
        .optional(),
      ...tableOptions,
    })
    .optional(),
  documents: z
    .strictObject({
      versioning: z.enum(["on", "off"]).optional(),
      noncurrentVersionDays: z.int().min(1).optional(),
      abandonedUploadDays: z.int().min(1).optional(),
      accessLogs: z.enum(["off", "on"]).optional(),
      accessLogDays: z.int().min(1).optional(),
      ...documentOptions,
    })
    .optional(),
  auth: z
    .strictObject({
      featurePlan: z.enum(["lite", "essentials", "plus"]).optional(),
      threatProtection: z.enum(["off", "audit", "enforced"]).optional(),
      mfa: z.enum(["required", "optional", "off"]).optional(),
      signUp: z.enum(["invite-only", "self-service"]).optional(),
      password: z
        .strictObject({
          minimumLength: z.int().min(8).max(99).optional(),
          temporaryPasswordDays: z.int().min(1).max(365).optional(),
        })
        .optional(),
      groups: z.array(z.string().regex(/^[\w-]{1,128}$/, "letters, digits, _ and -")).optional(),
      signInFlows,
      tokens,
      ...authOptions,
    })
    .optional(),
  api: z
    .strictObject({
      memorySize: z.int().min(128).max(10_240).optional(),
      timeoutSeconds: z.int().min(1).max(900).optional(),
      logRetentionDays: z.literal(logRetentions).optional(),
      addresses: z.enum(["ipv4", "dualstack"]).optional(),
      firewall: z.enum(["off", "on"]).optional(),
      requestsPerAddress: z.int().min(10).max(2_000_000_000).optional(),
      reservedConcurrency: z
        .union([z.int().min(1).max(10_000), z.literal("unreserved")])
        .optional(),
      failedEvents: z.enum(["drop", "queue"]).optional(),
      models: z
        .union([z.literal("embedded"), z.array(z.string().regex(modelIdPattern, modelIds)).min(1)])
        .optional(),
      modelProfiles: z.enum(["tagged", "off"]).optional(),
      modelLimits: z
        .record(
          z.string().regex(modelIdPattern, modelIds),
          z.strictObject({
            contextTokens: z.int().min(1_024).optional(),
            maxOutputTokens: z.int().min(1).optional(),
          }),
        )
        .optional(),
      guardrails: z
        .record(
          z.string().regex(guardrailPatterns.name),
          z.strictObject({
            id: z.string().regex(guardrailPatterns.id),
            version: z.string().regex(guardrailPatterns.version),
          }),
        )
        .optional(),
      tokensPerDay: z.int().min(1).optional(),
      tokensPerMonth: z.int().min(1).optional(),
      reference: z.enum(["signed-in", "public"]).optional(),
      throttle: z
        .strictObject({
          requestsPerSecond: z.int().min(1).max(10_000),
          burst: z.int().min(1).max(5_000),
        })
        .optional(),
      ...apiOptions,
    })
    .optional(),
  /** Where conversations are kept; see `ChatApi`. Changing it moves nothing. */
  history: z.enum(["dynamodb", "s3"]).optional(),
  ...companionSettings,
});

export type Settings = z.infer<typeof settings>;
