/** A whole tenant: table, documents, users and API, from a tier's settings and some of your own. */
import * as pulumi from "@pulumi/pulumi";
import { TenantStack, tiers } from "chatstack";

export default function program() {
  const { basic } = tiers;
  const acme = new TenantStack("acme", {
    tenant: "acme",
    tier: "basic",
    tags: { "chatstack:environment": "development", "chatstack:stack": pulumi.getStack() },
    settings: {
      ...basic,
      retain: "retain",
      table: { ...basic.table, recoveryDays: 30 },
      auth: { mfa: "optional", groups: ["admins", "support"] },
      api: { ...basic.api, memorySize: 1024 },
    },
  });
  return { ...acme.outputs };
}
