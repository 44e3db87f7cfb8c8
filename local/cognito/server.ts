import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import type { Engine } from "../engine.ts";
import { CognitoError, notFound, notImplemented } from "./errors.ts";
import { managedLogin } from "./managed-login.ts";
import type { Operation } from "./operation.ts";
import { existingPool, poolOperations } from "./pools.ts";
import { signInOperations } from "./sign-in.ts";
import { softwareTokenOperations } from "./software-tokens.ts";
import { CognitoStore } from "./store.ts";
import { jwks } from "./tokens.ts";
import { userOperations } from "./users.ts";

export interface CognitoOptions {
  /** Folder for pools, users and keys, created when missing; default: in memory. */
  readonly dataDir?: string;
  /** TCP port of 127.0.0.1; any other where it is taken. Default: any. */
  readonly port?: number;
  /** Account in ARNs. Default: the one in AWS's examples. */
  readonly accountId?: string;
}

/**
 * Starts an embedded Cognito: user pools, clients, groups, users and sign-in (SRP, password, authenticator
 * app) over the AWS JSON 1.1 protocol; and under `/<pool id>` the pool's keys, OpenID configuration,
 * OAuth endpoints and sign-in page. What it does
 * not implement it refuses by name. Signatures of requests are not checked.
 */
export async function startCognito(options: CognitoOptions = {}): Promise<Engine> {
  const store = new CognitoStore(options.dataDir);
  const app = cognitoApp(store, options.accountId ?? "123456789012");
  const server = createServer(getRequestListener(app.fetch));
  await listen(server, options.port ?? 0);
  let stopped: Promise<void> | undefined;
  return {
    endpoint: `http://127.0.0.1:${portOf(server)}`,
    stop: () => (stopped ??= close(server).then(() => store.close())),
  };
}

const operations: Readonly<Record<string, Operation>> = {
  ...poolOperations,
  ...userOperations,
  ...signInOperations,
  ...softwareTokenOperations,
};

const target = /^AWSCognitoIdentityProviderService\.(\w+)$/;
const contentType = { "content-type": "application/x-amz-json-1.1" };

function cognitoApp(store: CognitoStore, accountId: string): Hono {
  const app = new Hono();
  // As Cognito's own endpoints: a token in the request is all that counts, no cookie is sent across.
  app.use(cors({ origin: "*" }));
  app.route("/:pool", managedLogin(store));

  app.post("/", async (c) => {
    const name = target.exec(c.req.header("x-amz-target") ?? "")?.[1] ?? "a request without target";
    const run = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (run === undefined) throw notImplemented(name);
    const region = regionOf(c.req.header("authorization"));
    const answer = await run(await c.req.json(), { store, region, accountId });
    return c.body(JSON.stringify(answer), 200, {
      ...contentType,
      "x-amzn-requestid": randomUUID(),
    });
  });

  app.get("/:pool/.well-known/jwks.json", (c) =>
    c.json(jwks(existingPool(store, c.req.param("pool")))),
  );

  app.notFound(() => {
    throw notFound("No such path.");
  });

  app.onError((error, c) => {
    const { code, status, message } =
      error instanceof CognitoError
        ? error
        : new CognitoError("InternalErrorException", String(error));
    return c.body(JSON.stringify({ __type: code, message }), status, contentType);
  });
  return app;
}

/** `Credential=<key>/<date>/<region>/cognito-idp/aws4_request`; unsigned requests name no region. */
const regionOf = (authorization = "") =>
  /Credential=[^/]+\/\d+\/([^/]+)\//.exec(authorization)?.[1] ?? "us-east-1";

async function listen(server: Server, port: number): Promise<void> {
  try {
    await once(server.listen(port, "127.0.0.1"), "listening");
  } catch (error) {
    if (port === 0) throw error;
    await listen(server, 0);
  }
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
}
