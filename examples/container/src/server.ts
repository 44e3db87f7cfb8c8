/** The app on a port, for any container platform. The task's role needs what `table.grantReadWrite()` has. */
import { serve } from "@hono/node-server";
import { dynamoDBStore } from "chatstack/store";
import { createApp } from "./app.ts";

const { TABLE_NAME = "", ISSUER = "", CLIENT_ID = "", JWKS_URI, PORT = "8080" } = process.env;

const app = createApp({
  store: dynamoDBStore({ tableName: TABLE_NAME }),
  issuer: ISSUER,
  clientId: CLIENT_ID,
  ...(JWKS_URI !== undefined && { keys: JWKS_URI }),
});

const server = serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) =>
  process.stdout.write(`listening on ${port}\n`),
);
process.on("SIGTERM", () => server.close());
