/** Stacks of one account and region, counted together: they share its quotas. */
import { indexStack } from "../../policies/judge.ts";
import type { AccountValues } from "../../policies/quotas/account-values.ts";
import { readStackConfig } from "../../policies/reading/stack-config.ts";
import type { Stack } from "../../policies/rule.ts";
import { withProviders } from "../check/pack/providers.ts";
import { viewOf } from "../check/pack/view.ts";
import { byPlace, type Place, placeOf, sharedGatewayRoles } from "../engine-config/place.ts";
import type { Evaluation } from "../evaluate.ts";
import type { StackFile } from "../project.ts";
import { UsageError } from "../usage-error.ts";
import { type QuotaReport, quotaReport } from "./quotas.ts";
import type { ServiceQuotas } from "./service-quotas.ts";

export interface CountedStack {
  readonly file: StackFile;
  readonly evaluation: Evaluation;
}

/** What one stack asks for, whose resources were looked at already. Entries that cannot be read are left out. */
export const stackQuotas = (file: StackFile, stack: Stack): QuotaReport =>
  quotaReport([{ name: file.stack, stack }], stack.config.quotas, placeOf(file));

/** What one stack asks for. */
export const evaluatedQuotas = (counted: CountedStack): QuotaReport =>
  stackQuotas(counted.file, stackOf(counted));

/**
 * A report for each account and region.
 *
 * @param told what files of AWS's say of the account.
 * @throws UsageError for config that cannot be read, or stacks of one account that say different things of it.
 */
export function accountQuotas(
  stacks: readonly CountedStack[],
  told: ServiceQuotas | undefined,
): QuotaReport[] {
  return byPlace(stacks, ({ file }) => file).flatMap((group) => {
    const [first] = group;
    return first ? [reportOf(group, placeOf(first.file), told)] : [];
  });
}

function reportOf(
  group: readonly CountedStack[],
  place: Place,
  told: ServiceQuotas | undefined,
): QuotaReport {
  told?.refuseOtherPlaces(place);
  const values = group.map(({ file }) => ({ file, values: valuesOf(file) }));
  const own = values.reduce((one, other) => merged(one, other));
  const { limits, used, codes, faults } = own.values;
  const counted: AccountValues = {
    limits: new Map([...limits, ...(told?.limits ?? [])]),
    used,
    codes: [...new Set([...codes, ...(told?.unlisted ?? [])])],
    faults,
  };
  const account = told?.account ?? place.account;
  const report = quotaReport(
    group.map((one) => ({ name: one.file.stack, stack: stackOf(one) })),
    counted,
    { region: place.region, ...(account !== undefined && { account }) },
  );
  const project = group[0]?.evaluation.project ?? "";
  const [gatewayRole] = sharedGatewayRoles(
    group.map(({ file }) => file),
    project,
  );
  return { ...report, ...(gatewayRole && { gatewayRole }) };
}

/** The stack as the policy pack would see it. */
export function stackOf({ file, evaluation }: CountedStack): Stack {
  const { records, project, stack } = evaluation;
  const provided = withProviders(records, project, stack, file.config);
  return indexStack(viewOf(provided, "outputs"), packConfig(file));
}

/** What the pack makes of the stack's config. */
const packConfig = ({ config }: StackFile) =>
  readStackConfig({ PULUMI_CONFIG: JSON.stringify(config) }, new Date());

/**
 * What the stack's config says of its account's quotas.
 *
 * @throws UsageError naming the file and the entry.
 */
export function valuesOf(file: StackFile): AccountValues {
  const { quotas } = packConfig(file);
  const [fault] = quotas.faults;
  if (fault === undefined) return quotas;
  throw new UsageError(
    `${file.path}: chatstack:quotas${fault.startsWith("[") ? "" : ": "}${fault}`,
  );
}

interface FileValues {
  readonly file: StackFile;
  readonly values: AccountValues;
}

function merged(one: FileValues, other: FileValues): FileValues {
  for (const kind of ["limits", "used"] as const) {
    for (const [code, value] of other.values[kind]) {
      const before = one.values[kind].get(code);
      if (before === undefined || before === value) continue;
      throw new UsageError(
        `${other.file.path}: chatstack:quotas["${code}"]: found ${value}; allowed: ${before}, as ` +
          `${one.file.path} says of the same account and region`,
      );
    }
  }
  const both = (kind: "limits" | "used") => new Map([...one.values[kind], ...other.values[kind]]);
  const codes = [...new Set([...one.values.codes, ...other.values.codes])];
  return { ...one, values: { limits: both("limits"), used: both("used"), codes, faults: [] } };
}
