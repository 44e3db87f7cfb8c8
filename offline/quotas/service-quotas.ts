/**
 * The account's own limits, as AWS tells them: files that `aws service-quotas list-service-quotas --service-code lambda`
 * wrote, or `list-aws-default-service-quotas`, as they are.
 */
import { z } from "zod";
import { quotaOf } from "../../policies/quotas/table.ts";
import type { Place } from "../engine-config/place.ts";
import { jsonIn } from "../fields.ts";
import { readText } from "../files/files.ts";
import { UsageError } from "../usage-error.ts";

export interface ServiceQuotas {
  /** Limits of quotas that stacks are counted against, by code. */
  readonly limits: ReadonlyMap<string, number>;
  /** Codes of the files that no quota of ours has. */
  readonly unlisted: readonly string[];
  readonly account?: string;
  /** @throws UsageError where the files are of another account or region. */
  refuseOtherPlaces(place: Place): void;
}

const file = z.object({
  Quotas: z.array(
    z.looseObject({
      QuotaCode: z.string(),
      Value: z.number().nonnegative(),
      QuotaArn: z.string().optional(),
      GlobalQuota: z.boolean().optional(),
    }),
  ),
  NextToken: z.null("no token: the whole list, not one page of it").optional(),
});

type Entry = z.infer<typeof file>["Quotas"][number];

/**
 * Reads the files. What AWS applies to the account goes over its defaults, whichever file comes first.
 *
 * @throws UsageError naming file, path, what was found and what is allowed.
 */
export function readServiceQuotas(paths: readonly string[]): ServiceQuotas {
  const entries = paths.flatMap((path) =>
    readEntries(path).map((entry) => ({ path, entry, of: ownerOf(entry) })),
  );
  const defaultsFirst = entries.toSorted(
    (a, b) => Number(a.of.account !== undefined) - Number(b.of.account !== undefined),
  );
  const limits = new Map<string, number>();
  const unlisted = new Set<string>();
  for (const { entry } of defaultsFirst) {
    if (entry.QuotaAppliedAtLevel === "RESOURCE") continue;
    if (quotaOf(entry.QuotaCode)) limits.set(entry.QuotaCode, limitOf(entry));
    else unlisted.add(entry.QuotaCode);
  }
  const account = entries.find(({ of }) => of.account !== undefined)?.of.account;
  return {
    limits,
    unlisted: [...unlisted],
    ...(account !== undefined && { account }),
    refuseOtherPlaces(place) {
      for (const { path, entry, of } of entries) {
        const where = `${path}: ${entry.QuotaCode}`;
        if (!entry.GlobalQuota && of.region !== undefined && of.region !== place.region) {
          throw new UsageError(`${where}: found region ${of.region}; allowed: ${place.region}`);
        }
        const expected = /^\d{12}$/.test(place.account ?? "") ? place.account : account;
        if (of.account !== undefined && of.account !== expected) {
          throw new UsageError(`${where}: found account ${of.account}; allowed: ${expected}`);
        }
      }
    },
  };
}

/** Service Quotas counts storage in gigabytes; ours is counted in the unit of the table. */
function limitOf({ QuotaCode, Value, ...entry }: Entry): number {
  const isGigabytes = quotaOf(QuotaCode)?.unit === "MB" && entry.Unit === "Gigabytes";
  return isGigabytes ? Value * 1_024 : Value;
}

/** `arn:aws:servicequotas:us-east-1:123456789012:lambda/L-B99A9384`; defaults have no account. */
function ownerOf({ QuotaArn = "" }: Entry): Place | { region?: string; account?: string } {
  const [, , , region = "", account = ""] = QuotaArn.split(":");
  return { ...(region && { region }), ...(account && { account }) };
}

function readEntries(path: string): readonly Entry[] {
  const allowed = "what `aws service-quotas list-service-quotas --service-code <code>` prints";
  const content = jsonIn(readText(path));
  if (content === undefined) {
    throw new UsageError(`${path}: found text that is not JSON; allowed: ${allowed}`);
  }
  const parsed = file.safeParse(content, { reportInput: true });
  if (parsed.success) return parsed.data.Quotas;
  const [issue] = parsed.error.issues;
  const keys = issue?.path.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`));
  const found = issue?.input === undefined ? "nothing" : JSON.stringify(issue.input)?.slice(0, 80);
  throw new UsageError(
    `${path}: ${keys?.join("").replace(/^\./, "") || "the file"}: found ${found}; allowed: ${issue?.message}; ` +
      `the file must be ${allowed}`,
  );
}
