/** What `chatstack usage` does with its flags. */
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { stringify } from "yaml";
import { projectRoot } from "../../offline/files/project-root.ts";
import { exportedState } from "../../offline/plan/against/state.ts";
import { counted } from "../../offline/text.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { clientConfig } from "../../operations/aws/client-config.ts";
import { type Measured, measure } from "../../operations/usage/measure.ts";
import { meteredOf } from "../../operations/usage/metered.ts";
import { startProgress } from "../terminal/progress.ts";

export interface UsageFlags {
  readonly root?: string;
  readonly stack: string;
  /** File that `pulumi stack export` wrote; `-` reads stdin. */
  readonly state: string;
  /** `2026-10`. Default: the month before the current one, in UTC. */
  readonly month?: string;
  readonly json?: true;
}

/** @throws UsageError for wrong flags or files, and where CloudWatch refuses a metric. */
export async function usageText(flags: UsageFlags, now = new Date()): Promise<string> {
  const { root = projectRoot(), stack, state, month = monthBefore(now) } = flags;
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month) || month > now.toISOString().slice(0, 7)) {
    throw new UsageError(
      `--month: found ${JSON.stringify(month)}; allowed: a month that has begun, e.g. 2026-10`,
    );
  }
  const tenants = meteredOf((await exportedState(state)).records);
  if (tenants.length === 0) throw new UsageError(`${state}: has no tenants`);
  const config = await clientConfig(root, stack);
  const clients = {
    cloudwatch: new CloudWatchClient(config),
    dynamodb: new DynamoDBClient(config),
  };
  const progress = startProgress(process.stderr, `measuring ${stack}`);
  try {
    const measured = await measure(tenants, month, now, clients, progress.update);
    return flags.json
      ? JSON.stringify({ version: 1, stack, ...measured }, undefined, 2)
      : usageFile(stack, measured, now);
  } finally {
    progress.end();
    for (const client of Object.values(clients)) client.destroy();
  }
}

/** As `chatstack cost --usage` reads it. */
function usageFile(
  stack: string,
  { month, isOver, tenants, metrics }: Measured,
  now: Date,
): string {
  const sofar = isOver ? "" : `, up to ${now.toISOString().slice(0, 10)}: the month is not over`;
  const lines = [
    `# ${month}${sofar}: what CloudWatch and the tables of stack ${stack} say (${counted(metrics, "metric", "metrics")}).`,
    "# storedGB is the tables' size today. Fields that are missing have their default.",
  ];
  const usages = Object.fromEntries(tenants.map(({ tenant, usage }) => [tenant, usage]));
  return `${lines.join("\n")}\n${stringify({ tenants: usages }).trimEnd()}`;
}

function monthBefore(now: Date): string {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1));
  return first.toISOString().slice(0, 7);
}
