/** The engine and the accounts of a project's stacks, as a move needs them. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CognitoIdentityProviderClient } from "@aws-sdk/client-cognito-identity-provider";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { readState } from "../../offline/plan/against/state.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { tenantsByUrn } from "../../offline/tenancy.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { type ClientConfig, clientConfig } from "../aws/client-config.ts";
import { automationEngine } from "../fleet/engine/automation.ts";
import type { Job, Outcome } from "../fleet/engine/engine.ts";
import { placesOf } from "../fleet/places.ts";
import type { MoveStacks, TenantData } from "./stacks.ts";

export interface CellsOptions {
  readonly root: string;
  readonly policyPack: string;
}

const execute = promisify(execFile);

/** @throws Error where there is no `pulumi` on PATH. */
export async function cellsOf({ root, policyPack }: CellsOptions): Promise<MoveStacks> {
  const engine = await automationEngine(root);
  const backendOf = (stack: string) => placesOf(root, [stack]).get(stack)?.backend;
  const pulumi = async (stack: string, ...args: readonly string[]): Promise<string> => {
    const backend = backendOf(stack);
    const env = { ...process.env, ...(backend !== undefined && { PULUMI_BACKEND_URL: backend }) };
    const options = { cwd: root, env, maxBuffer: 2 ** 30 };
    const { stdout } = await execute("pulumi", [...args, "--non-interactive"], options);
    return stdout;
  };
  const tenantRecords = async (stack: string, tenant: string) => {
    const text = await pulumi(stack, "stack", "export", "--stack", stack);
    const { records } = readState(text, stack);
    const owners = tenantsByUrn(records);
    return records.filter(({ urn }) => owners.get(urn) === tenant);
  };
  const run = async (job: Job): Promise<Outcome> => {
    const outcome = await engine.run(job, () => {}, new AbortController().signal);
    if (outcome.result === "succeeded") return outcome;
    const did = job.dryRun ? "the preview of" : "the update of";
    throw new UsageError([`${did} ${job.stack} failed:`, ...outcome.causes].join("\n  "));
  };

  return {
    async up(stack, tenant, most) {
      const backend = backendOf(stack);
      const job: Job = {
        ...{ operation: "up", stack, policyPack, create: false, refresh: false, dryRun: true },
        ...(backend !== undefined && { backend }),
      };
      refuseMore(await run(job), { stack, tenant, most });
      await run({ ...job, dryRun: false });
    },
    async urnOf(stack, tenant) {
      const found = await tenantRecords(stack, tenant);
      return found.find(({ type }) => type === "chatstack:index:TenantStack")?.urn;
    },
    async moveState(from, to, urn) {
      await pulumi(from, "state", "move", "--source", from, "--dest", to, "--yes", urn);
    },
    async forget(stack, urn) {
      const flags = ["--force", "--target-dependents", "--yes"];
      await pulumi(stack, "state", "delete", urn, ...flags, "--stack", stack);
    },
    async dataOf(stack, tenant) {
      return connected(await clientConfig(root, stack), await tenantRecords(stack, tenant), stack);
    },
  };
}

/** @throws UsageError naming what the preview shows beside what the move is about. */
function refuseMore(
  { losses = [], tenants = [], changes }: Outcome,
  { stack, tenant, most }: { stack: string; tenant: string; most: "tenant" | "updates" },
): void {
  const others = tenants.filter((one) => one.tenant !== tenant).map((one) => one.tenant);
  const { create, replace, delete: removed } = changes;
  const faults = [
    ...losses.map(({ resource, reason }) => `${resource} ${reason}`),
    ...(others.length > 0 ? [`it changes ${others.join(", ")} too: deploy that first`] : []),
    ...(most === "updates" && create + replace + removed > 0
      ? [
          `it would create ${create}, replace ${replace} and delete ${removed} resources: none may be`,
        ]
      : []),
  ];
  if (faults.length === 0) return;
  throw new UsageError([`the preview of ${stack} stops the move:`, ...faults].join("\n  "));
}

/** The state has the ids of what holds data. */
function connected(
  config: ClientConfig,
  records: readonly ResourceRecord[],
  stack: string,
): TenantData {
  const idOf = (within: string) => {
    const id = records.find(({ urn }) => urn.includes(within))?.id;
    if (id !== undefined) return id;
    throw new UsageError(`${stack}: its state has no ${within.split("::")[0]} of the tenant`);
  };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(config), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return {
    table: { client, tableName: idOf("chatstack:index:ChatTable$aws:dynamodb/table:Table::") },
    bucket: {
      client: new S3Client(config),
      name: idOf("chatstack:index:DocumentBucket$aws:s3/bucket:Bucket::"),
    },
    pool: {
      client: new CognitoIdentityProviderClient(config),
      id: idOf("chatstack:index:AuthPool$aws:cognito/userPool:UserPool::"),
    },
  };
}
