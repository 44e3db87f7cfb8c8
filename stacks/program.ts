/** The program of a stack, for `Pulumi.yaml`'s main: of this package, or of a team that names its tenants itself. */
import { setImmediate } from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import type { OwnApp } from "../components/chat-api/function/own-app.ts";
import { createApiGatewayAccount } from "./api-gateway-account.ts";
import { readStackConfig } from "./config.ts";
import type { TenantEntry } from "./tenant-entry.ts";
import type { TenantOutputs } from "./tenant-outputs.ts";
import { TenantStack } from "./tenant-stack.ts";

export interface StackProgramOptions {
  /**
   * Tenants that the program names itself, e.g. from a registry of the team's, as the stack's file would list
   * them. They join the file's and those of its folder; ids and settings are judged alike. It runs at each
   * `pulumi up`: a tenant that it leaves out is taken out of the stack.
   */
  readonly tenants?: () => Iterable<TenantEntry> | AsyncIterable<TenantEntry>;
  /**
   * What the tenants' APIs run: ours with what you put to it, or an app of your own; see `ChatApi`. Its `permissions`
   * are best given as a function, which is called with each tenant's own table and bucket. Default: ours.
   */
  readonly app?: OwnApp;
}

/** @returns what a program exports by default: a function, so that one process can run it repeatedly. */
export function stackProgram({
  tenants: given,
  app,
}: StackProgramOptions = {}): () => Promise<{ tenants: Record<string, TenantOutputs> }> {
  return async () => {
    const { environment, tenants, apiGatewayAccount, permissionsBoundaryArn } = readStackConfig(
      await Array.fromAsync(given?.() ?? []),
    );
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
        app,
      }).outputs;
      // The engine, or an offline evaluation, gets to work on this tenant while the next is described:
      // hundreds of tenants at once, none of them begun, would be gigabytes.
      await setImmediate();
    }
    return { tenants: outputs };
  };
}
