/**
 * The program that `pulumi up` runs, and the only description of the tenants: every tool of this
 * repository evaluates it. A default-exported function, so that one process can run it repeatedly.
 */
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import { createApiGatewayAccount } from "./api-gateway-account.ts";
import { readStackConfig } from "./config.ts";
import type { TenantOutputs } from "./tenant-outputs.ts";
import { TenantStack } from "./tenant-stack.ts";

export default async function program(): Promise<{ tenants: Record<string, TenantOutputs> }> {
  const { environment, tenants, apiGatewayAccount, permissionsBoundaryArn } = readStackConfig();
  const tags = { "chatstack:environment": environment, "chatstack:stack": pulumi.getStack() };
  const accountSettings =
    apiGatewayAccount === "managed"
      ? createApiGatewayAccount(tags, permissionsBoundaryArn)
      : undefined;

  const outputs: Record<string, TenantOutputs> = {};
  for (const { id, tier, settings, state, retainUntil } of tenants) {
    outputs[id] = new TenantStack(id, {
      tenant: id,
      tier,
      settings,
      state,
      retainUntil,
      tags,
      permissionsBoundaryArn,
      accountSettings,
    }).outputs;
    // The engine, or an offline evaluation, gets to work on this tenant while the next is described:
    // hundreds of tenants at once, none of them begun, would be gigabytes.
    await setImmediate();
  }
  return { tenants: outputs };
}
