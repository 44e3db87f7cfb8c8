/** The chat app with routes of your own: a whole tenant whose API runs `src/app.ts`. */
import * as pulumi from "@pulumi/pulumi";
import { TenantStack } from "chatstack";

export default function program() {
  const { outputs } = new TenantStack("acme", {
    tenant: "acme",
    tags: { "chatstack:environment": "development", "chatstack:stack": pulumi.getStack() },
    settings: { api: { models: "embedded" } },
    app: {
      extends: "chat-app",
      entry: new URL("./src/app.ts", import.meta.url),
      environment: { NOTES_PER_PAGE: "20" },
    },
  });
  return { tenants: { acme: outputs } };
}
