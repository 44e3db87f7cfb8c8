import { z } from "zod";
import type { ResourceRecord } from "../offline/record.ts";
import type { Api } from "./gateway/api.ts";
import { recordsOf } from "./records.ts";
import type { SeededTenant } from "./seed.ts";

/** A tenant as the records describe it: its API, its users' pool and the client they sign in with. */
export interface TenantRecords extends SeededTenant {
  /** Path of its API on the gateway, e.g. `/acme/v1`. */
  readonly path: string;
  readonly clientId: string;
  /** Addresses that Cognito's own page may lead back to. */
  readonly callbackUrls: readonly string[];
}

const poolSchema = z.object({
  usernameAttributes: z.array(z.string()).default([]),
  passwordPolicy: z.object({ minimumLength: z.number().default(8) }).optional(),
});
const clientSchema = z.object({
  userPoolId: z.string(),
  explicitAuthFlows: z.array(z.string()).default([]),
  callbackUrls: z.array(z.string()).default([]),
});
const groupSchema = z.object({ userPoolId: z.string() });

/** Tenants by id: resources are registered in an order that changes from run to run. */
export function readTenants(
  records: readonly ResourceRecord[],
  apis: readonly Api[],
): TenantRecords[] {
  const pools = recordsOf(records, "aws:cognito/userPool:UserPool", poolSchema);
  const clients = recordsOf(records, "aws:cognito/userPoolClient:UserPoolClient", clientSchema);
  const groups = recordsOf(records, "aws:cognito/userGroup:UserGroup", groupSchema);
  const byTenant = apis.toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1));
  return byTenant.map(({ tenant, stage, routes }) => {
    const poolId = routes.find((route) => route.authorizer)?.authorizer?.userPoolIds[0];
    const pool = pools.find(({ record }) => record.id === poolId);
    const own = clients.filter(({ inputs }) => inputs.userPoolId === poolId);
    const client =
      own.find(({ inputs }) => inputs.explicitAuthFlows.some(isPasswordFlow)) ?? own[0];
    if (!pool?.record.id || !client?.record.id) {
      throw new Error(`Tenant ${tenant}: no route of its API has a user pool with a client.`);
    }
    return {
      id: tenant,
      path: `/${tenant}/${stage}`,
      userPoolId: pool.record.id,
      clientId: client.record.id,
      callbackUrls: client.inputs.callbackUrls,
      groups: groups
        .filter(({ inputs }) => inputs.userPoolId === poolId)
        .map(({ record }) => String(record.outputs.name)),
      byEmail: pool.inputs.usernameAttributes.includes("email"),
      minimumPasswordLength: pool.inputs.passwordPolicy?.minimumLength ?? 8,
    };
  });
}

/** Of several clients, the one that test users can sign in with. */
const isPasswordFlow = (flow: string) => /^ALLOW_(ADMIN_)?USER_PASSWORD_AUTH$/.test(flow);
