/** Settings of what a tenant may have beyond the usual: fields of the sections in `settings.ts`. */
import { z } from "zod";
import { type ArnKind, arns } from "../components/arn.ts";
import { tableNamePattern } from "../components/chat-table/table-args.ts";
import { exactOrigins, isExactOrigin } from "../components/origins.ts";
import { allowedRegion, isRegion } from "../components/region.ts";

/** Text of a setting that names something by its ARN. */
export const arnOf = ({ pattern, what }: ArnKind) => z.string().regex(pattern, what);

const region = z.string().refine(isRegion, allowedRegion);
const kmsKeyArn = arnOf(arns.kmsKey).optional();
const origins = z.array(z.string().refine(isExactOrigin, exactOrigins)).min(1);
const topic = { topicArn: arnOf(arns.topic) };
const name = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, "lower-case letters, digits and hyphens");

const offOr = <Schema extends z.ZodType>(schema: Schema) => z.union([z.literal("off"), schema]);

export const tableOptions = {
  warmThroughput: z
    .strictObject({ readUnits: z.int().min(12_000), writeUnits: z.int().min(4_000) })
    .optional(),
  tableClass: z.enum(["standard", "standard-infrequent-access"]).optional(),
  replicas: z.array(z.strictObject({ region, kmsKeyArn })).optional(),
  /** Was a setting; a file that still has it is told what to write instead. */
  restoreFrom: z
    .custom<never>(
      () => false,
      "nothing: restore with `chatstack restore`, then name the new table in table.adopt; " +
        "a table that restoreFrom made is kept by naming it there",
    )
    .optional(),
  adopt: z.string().regex(tableNamePattern, "a table's name").optional(),
  alarms: offOr(z.strictObject(topic)).optional(),
};

export const documentOptions = {
  objectLock: offOr(
    z.strictObject({
      mode: z.enum(["governance", "compliance"]),
      days: z.int().min(1).max(36500),
    }),
  ).optional(),
  replication: offOr(
    z.strictObject({
      bucketArn: arnOf(arns.bucket),
      region,
      kmsKeyArn,
      storageClass: z
        .enum(["standard", "standard-infrequent-access", "glacier-instant-retrieval"])
        .optional(),
      deletions: z.enum(["keep", "repeat"]).optional(),
    }),
  ).optional(),
  /** Beside `api.corsOrigins`, whose pages may upload as well: of pages that call no API. */
  corsOrigins: origins.optional(),
};

const redirects = offOr(
  z.strictObject({
    callbackUrls: z.array(z.url()).min(1),
    logoutUrls: z.array(z.url()).optional(),
  }),
).optional();

export const signInFlows = z
  .array(z.enum(["user-srp", "refresh-token", "admin-user-password", "user-password", "user-auth"]))
  .min(1)
  .optional();

export const tokens = z
  .strictObject({
    accessTokenMinutes: z.int().min(5).max(1440).optional(),
    idTokenMinutes: z.int().min(5).max(1440).optional(),
    refreshTokenDays: z.int().min(1).max(3650).optional(),
  })
  .optional();

export const authOptions = {
  passkeys: offOr(
    z.strictObject({
      relyingPartyId: z.string(),
      userVerification: z.enum(["required", "preferred"]).optional(),
    }),
  ).optional(),
  email: z
    .union([
      z.literal("cognito"),
      z.strictObject({
        from: z.string(),
        sesIdentityArn: arnOf(arns.sesIdentity),
        replyTo: z.string().optional(),
      }),
    ])
    .optional(),
  webAclArn: arnOf(arns.webAcl).optional(),
  refreshRotation: offOr(z.strictObject({ graceSeconds: z.int().min(0).max(60) })).optional(),
  managedLogin: offOr(
    z.strictObject({
      domain: z.union([
        z.strictObject({ prefix: z.string() }),
        z.strictObject({ name: z.string(), certificateArn: arnOf(arns.certificate) }),
      ]),
      redirects,
    }),
  ).optional(),
  clients: z.record(name, z.strictObject({ signInFlows, tokens, redirects })).optional(),
  machineClients: z.array(name).optional(),
  identityProviders: z
    .record(
      z.string(),
      z.discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("oidc"),
          issuer: z.string(),
          clientId: z.string(),
          /** Key of the stack's config that holds the secret: `pulumi config set --secret <key>`. */
          clientSecretKey: z.string().regex(/^\w+$/, "a key of the stack's config"),
          scopes: z.array(z.string()).optional(),
        }),
        z.strictObject({ kind: z.literal("saml"), metadataUrl: z.string() }),
      ]),
    )
    .optional(),
};

export const apiOptions = {
  quota: z
    .union([
      z.literal("unlimited"),
      z.strictObject({ requests: z.int().min(1), per: z.enum(["day", "week", "month"]) }),
    ])
    .optional(),
  corsOrigins: origins.optional(),
  domain: offOr(
    z.strictObject({
      name: z.string(),
      hostedZoneId: z.string().optional(),
      certificateArn: arnOf(arns.certificate).optional(),
    }),
  ).optional(),
  minimumTls: z.enum(["1.2", "1.3"]).optional(),
  release: z
    .union([
      z.literal(["latest", "versions"]),
      z.strictObject({ stableVersion: z.string(), newestPercent: z.int().min(1).max(99) }),
    ])
    .optional(),
  maintenance: offOr(z.enum(["quarter-hourly", "hourly", "daily"])).optional(),
  provisionedConcurrency: offOr(z.int().min(1).max(10_000)).optional(),
  alarms: offOr(
    z.strictObject({ ...topic, latencySeconds: z.int().min(1).max(900).optional() }),
  ).optional(),
};
