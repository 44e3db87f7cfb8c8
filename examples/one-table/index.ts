/** One table alone: the store of the chat app, behind whatever API you have. */
import * as pulumi from "@pulumi/pulumi";
import { ChatTable } from "chatstack/components";

// A function, so that `chatstack check` can evaluate the program without the Pulumi CLI.
export default function program() {
  const table = new ChatTable("chat", {
    tenant: "acme",
    recoveryDays: 14,
    capacity: { mode: "on-demand", maxReadUnits: 500, maxWriteUnits: 500 },
    tags: { "chatstack:environment": "development", "chatstack:stack": pulumi.getStack() },
  });
  return {
    tableName: table.tableName,
    // For the role of your own function: exact actions on exact ARNs, and no scan.
    permissions: table.grantReadWrite(),
  };
}
