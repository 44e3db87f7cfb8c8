/** Limits that AWS applies to the account. */
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetServiceQuotaCommand, ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import type { Concurrency, Read } from "../../offline/doctor/facts.ts";
import { quotas } from "../../policies/quotas/table.ts";
import { type Connection, reading } from "./reading.ts";

/** Lambda itself: what it applies to a new account is less than Service Quotas tells as the default. */
export async function readConcurrency(place: Connection): Promise<Read<Concurrency>> {
  const client = new LambdaClient(place);
  try {
    return await reading("lambda:GetAccountSettings", async () => {
      const { AccountLimit: limits } = await client.send(new GetAccountSettingsCommand({}));
      const { ConcurrentExecutions: limit, UnreservedConcurrentExecutions: unreserved } =
        limits ?? {};
      if (limit === undefined || unreserved === undefined)
        throw new Error("AWS returned no limits");
      return { limit, unreserved };
    });
  } finally {
    client.destroy();
  }
}

/** Service Quotas takes ten calls a second; quotas that it does not know are left out. */
export async function readLimits(place: Connection): Promise<Map<string, number>> {
  const limits = new Map<string, number>();
  const here = new ServiceQuotasClient(place);
  const anywhere = new ServiceQuotasClient({ ...place, region: place.globalRegion });
  const asked = quotas.filter(({ code, scope }) => code.startsWith("L-") && scope !== "resource");
  for (const { code, service, unit } of asked) {
    const client = service === "iam" ? anywhere : here;
    const read = await reading("servicequotas:GetServiceQuota", async () => {
      const { Quota } = await client.send(
        new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code }),
      );
      return Quota;
    });
    if ("refused" in read || read.value?.Value === undefined) continue;
    const { Value, Unit } = read.value;
    limits.set(code, unit === "MB" && Unit === "Gigabytes" ? Value * 1_024 : Value);
  }
  here.destroy();
  anywhere.destroy();
  return limits;
}
