/** A Hono app of your own on the components: table, users, and an API that runs `src/app.ts`. */
import * as pulumi from "@pulumi/pulumi";
import { AuthPool, ChatApi, ChatTable, DocumentBucket, EventSources } from "chatstack/components";
import type app from "./src/app.ts";

export default function program() {
  const common = {
    tenant: "acme",
    tags: { "chatstack:environment": "development", "chatstack:stack": pulumi.getStack() },
  };
  const table = new ChatTable("notes", common);
  const api = new ChatApi("api", {
    ...common,
    table,
    documents: new DocumentBucket("documents", common),
    auth: new AuthPool("users", common),
    app: {
      entry: new URL("./src/app.ts", import.meta.url),
      environment: { NOTES_PER_PAGE: "20" },
      // All that the app may do; without one of these, DynamoDB answers AccessDenied.
      permissions: [
        {
          Effect: "Allow",
          Action: ["dynamodb:PutItem", "dynamodb:Query"],
          Resource: [table.tableArn],
        },
      ],
      // The app must have a handler for each, and a handler must have its source: else this does not compile.
      events: EventSources.of<typeof app>({
        schedules: { "count-users": { expression: "rate(1 day)" } },
      }),
    },
  });
  return { url: api.url };
}
