/** Settings of what a tenant may have beside table, documents, users and API: sections of `settings.ts`. */
import { z } from "zod";
import { arns } from "../components/arn.ts";
import { arnOf } from "./option-settings.ts";

const offOr = <Schema extends z.ZodType>(schema: Schema) => z.union([z.literal("off"), schema]);
const retentionDays = z.int().min(1).max(36500).optional();

export const companionSettings = {
  /** See `TenantMonitoring`. Default `"off"`; `{}` is a dashboard and the throttled keys. */
  monitoring: offOr(
    z.strictObject({
      notify: z.array(z.email("a mail address")).optional(),
      topicArn: arnOf(arns.topic).optional(),
      monthlyBudget: z.int().min(1).max(10_000_000).optional(),
      hotKeys: z.enum(["off", "throttled", "accessed"]).optional(),
      latencySeconds: z.int().min(1).max(900).optional(),
    }),
  ).optional(),
  /** See `ChatArchive`. Default `"off"`; `{}` archives everything but the words. */
  archive: offOr(
    z.strictObject({ content: z.enum(["omit", "include"]).optional(), retentionDays }),
  ).optional(),
  /** See `PrivateNetwork`, and `EgressNetwork` for `egress: "nat"`. Default `"off"`: the function runs outside any VPC. */
  network: offOr(
    z.strictObject({
      egress: z.enum(["none", "nat"]).optional(),
      natGateways: z.enum(["single", "one-per-zone"]).optional(),
      outbound: z.array(z.strictObject({ cidr: z.string(), port: z.int().optional() })).optional(),
      cidrBlock: z.string().optional(),
      zones: z.union([z.int().min(2).max(3), z.array(z.string()).min(2).max(3)]).optional(),
      interfaceEndpoints: z
        .array(z.string().regex(/^[a-z0-9.-]+$/, "names of AWS services"))
        .optional(),
    }),
  ).optional(),
  /** See `TenantEvents`. Default `"off"`: nobody is told of what happens. */
  events: z.enum(["off", "on"]).optional(),
  /** See `AuditTrail`. Default `"off"`; at most five trails a region. */
  audit: offOr(
    z.strictObject({ events: z.enum(["all", "writes"]).optional(), retentionDays }),
  ).optional(),
};
