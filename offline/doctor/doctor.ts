/**
 * `offline/doctor/`: what an account or a machine lacks before the first `pulumi up`, judged from the records of a stack
 * and from what the account says of itself, where it was read.
 */
import { accountQuotas, type CountedStack } from "../quotas/stacks.ts";
import { capacityChecks } from "./capacity.ts";
import type { AccountFacts } from "./facts.ts";
import { identityChecks } from "./identity.ts";
import type { Needs } from "./needs.ts";
import { partitionChecks } from "./partitions.ts";
import type { StackReport } from "./report.ts";
import { serviceChecks } from "./services.ts";

/**
 * @param facts absent: the records alone are judged.
 * @throws UsageError for quotas in the config that cannot be read.
 */
export function examine(
  counted: CountedStack,
  needs: Needs,
  facts: AccountFacts | undefined,
): StackReport {
  const { stack, region, partition } = needs;
  return {
    stack,
    region,
    partition,
    ...(facts && { account: facts.account }),
    checks: [
      ...partitionChecks(needs),
      ...capacityOf(counted, facts),
      ...identityChecks(needs, facts),
      ...serviceChecks(needs, facts),
    ],
  };
}

function capacityOf(counted: CountedStack, facts: AccountFacts | undefined) {
  const told = facts && { limits: facts.limits, unlisted: [], refuseOtherPlaces: () => undefined };
  return accountQuotas([counted], told).flatMap((quotas) => capacityChecks(quotas, facts));
}
