/** What a tenant's entry may hold. */
import { z } from "zod";
import { tenantStates } from "../app/resources/tenant-state.ts";
import { reservedForBuckets, tenantPattern } from "../components/component.ts";
import { areaOf, regions } from "../components/region.ts";
import { day } from "./reading/engine-time.ts";
import { settings } from "./settings.ts";
import { tierNames } from "./tiers.ts";

/** @param place a region, or an area of regions. */
const isResidency = (place: string): boolean =>
  regions.some((region) => isResident(region, [place]));

const allowedResidency = 'a region such as "eu-central-1", or an area of regions such as "eu"';

/** @param residency of a tenant; without it any region will do. */
export const isResident = (region: string, residency: readonly string[] | undefined): boolean =>
  residency?.some((place) => region === place || areaOf(region) === place) ?? true;

export const entry = settings
  .extend({
    id: z
      .string()
      .regex(tenantPattern, `a name that matches ${tenantPattern.source}`)
      .refine((id) => !reservedForBuckets.test(`${id}-`), {
        error: "a name that does not begin with xn--, sthree- or amzn-s3-demo-: S3 keeps these",
      }),
    tier: z.enum(tierNames),
    /** Where the tenant is in its life; see `docs/tenants/life-cycle.md`. */
    state: z.enum(tenantStates).default("active"),
    /** Last day until which the data of an off-boarding tenant must be kept. */
    retainUntil: day.optional(),
    /**
     * Stack that serves the tenant's users in place of this one: `chatstack tenant move` sets it, so that no two copies
     * take writes. Default: none.
     */
    servedBy: z
      .string()
      .regex(/^[\w.-]+$/, "the name of a stack")
      .optional(),
    /**
     * Regions in which the tenant's data may be: `eu-central-1`, or `eu` for all of `eu-…`. The stack's region must be one
     * of them. Default: any region.
     */
    residency: z
      .array(z.string().refine(isResidency, { error: allowedResidency }))
      .min(1)
      .optional(),
  })
  .superRefine(({ id, audit }, context) => {
    // As `AuditTrail` names the trail, with the id between hyphens.
    if (typeof audit !== "object" || !/--|-$/.test(id)) return;
    const message =
      "an id without two hyphens in a row or one at its end, or audit off: CloudTrail";
    context.addIssue({
      code: "custom",
      path: ["id"],
      message: `${message} takes no such name of a trail`,
      input: id,
    });
  })
  .superRefine(({ state, retainUntil }, context) => {
    if (retainUntil === undefined || state === "off-boarding") return;
    const message = "nothing, unless the state is off-boarding";
    context.addIssue({ code: "custom", path: ["retainUntil"], message, input: retainUntil });
  })
  .superRefine(({ state, servedBy }, context) => {
    if (servedBy === undefined || state !== "active") return;
    const message = `suspended or off-boarding while servedBy says that ${servedBy} serves the tenant`;
    context.addIssue({ code: "custom", path: ["state"], message, input: state });
  });

/** What a tenant's entry holds, in the stack's file, in a file of its own or from a program. */
export type TenantEntry = z.input<typeof entry>;
