import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";

const tags = { "chatstack:environment": "development", "chatstack:stack": pulumi.getStack() };

/** A small stack for each way in which a check can end. */
const cases: Record<string, () => void> = {
  clean: () => {
    new ChatTable("chat", { tenant: "acme", retain: "destroy", tags });
  },
  violation: () => {
    table("bare", {});
  },
  unknown: () => {
    const other = table("other", {});
    table("unclear", {
      // Set only on a table that was restored: nobody knows it before.
      pointInTimeRecovery: { enabled: other.restoreSourceName.apply((name) => name !== undefined) },
    });
  },
  duplicate: () => {
    table("twin", {});
    table("twin", {});
  },
  error: () => {
    throw new Error("the program has a fault");
  },
};

function table(name: string, args: Partial<aws.dynamodb.TableArgs>): aws.dynamodb.Table {
  return new aws.dynamodb.Table(name, {
    billingMode: "PAY_PER_REQUEST",
    hashKey: "pk",
    attributes: [{ name: "pk", type: "S" }],
    ...args,
  });
}

export default function program(): void {
  cases[new pulumi.Config("chatstack").require("case")]?.();
}
