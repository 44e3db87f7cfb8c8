import { once } from "node:events";
import { request, type Server } from "node:http";
import { connect } from "node:net";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { afterAll, beforeAll } from "vitest";
import { startCognito } from "../../../local/cognito/server.ts";
import type { Engine } from "../../../local/engine.ts";
import { readApis } from "../../../local/gateway/api.ts";
import { cognitoAuthorizer } from "../../../local/gateway/authorizer.ts";
import { createGateway, gatewayServer } from "../../../local/gateway/server.ts";
import { LambdaFunction } from "../../../local/lambda/function.ts";
import { apiRecords, bufferedUrn, functionUrn, type RecordOptions } from "./records.ts";

export interface Tokens {
  readonly access: string;
  readonly id: string;
}

let cognito: Engine;
let server: Server;
let functions: Map<string, LambdaFunction>;
const tokens = new Map<string, Tokens>();

export const tokensOf = (tenant: string): Tokens => tokens.get(tenant)!;
export const failures: unknown[] = [];
/** What the functions printed. */
export const logged: string[] = [];

/** A gateway with the tenants `acme` and `globex`, each with a user, for the tests of one file. */
export function useGateway(
  settings: Partial<RecordOptions> & { readonly timeoutSeconds?: number } = {},
): void {
  beforeAll(async () => {
    cognito = await startCognito();
    const pools = await Promise.all(["acme", "globex"].map(createPool));
    const records = pools.flatMap((pool) => apiRecords({ ...pool, ...settings }));
    functions = new Map(
      pools.flatMap(({ tenant }) => [
        [functionUrn(tenant), lambda(tenant, "index.handler", settings.timeoutSeconds)] as const,
        [bufferedUrn(tenant), lambda(tenant, "index.buffered", settings.timeoutSeconds)] as const,
      ]),
    );
    const gateway = createGateway({
      apis: readApis(records),
      authorize: cognitoAuthorizer(cognito.endpoint),
      invoke: (urn, event) => functions.get(urn)!.invoke(event),
      accountId: "123456789012",
      onFailure: (_, error) => failures.push(error),
    });
    server = gatewayServer(gateway).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(async () => {
    server.close();
    server.closeAllConnections();
    await Promise.all(functions.values().map((fn) => fn.stop()));
    await cognito.stop();
  });
}

/** Below `/<tenant>/v1`. */
export function url(path: string, tenant = "acme"): string {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  return `http://127.0.0.1:${port}/${tenant}/v1${path}`;
}

/** With the tenant's access token, unless the headers say otherwise. */
export function call(path: string, init: RequestInit = {}, tenant = "acme"): Promise<Response> {
  const headers = { authorization: `Bearer ${tokensOf(tenant).access}`, ...init.headers };
  return fetch(url(path, tenant), { ...init, headers });
}

interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
}

/** A request that `fetch` would not send. The body is undefined where there is none. */
export async function ask({ method = "GET", path, headers = {} }: Asked) {
  const sent = request(url(path), { method, headers }).end();
  const [response] = await once(sent, "response");
  const body = await text(response);
  return { status: response.statusCode, body: body === "" ? undefined : JSON.parse(body) };
}

/** What a connection answers to bytes. */
export async function raw(bytes: string): Promise<string> {
  const { port } = new URL(url(""));
  return text(connect({ port: Number(port), host: "127.0.0.1" }).end(bytes));
}

/** What the function saw of the request; untyped because the test says what it expects. */
export async function echo(path: string, init: RequestInit = {}) {
  return JSON.parse(await (await call(path, init)).text());
}

function lambda(tenant: string, handler: string, timeoutSeconds = 30): LambdaFunction {
  return new LambdaFunction({
    codeDir: fileURLToPath(new URL("./bundle", import.meta.url)),
    handler,
    environment: { TENANT: tenant },
    timeoutSeconds,
    memoryMegabytes: 128,
    log: new Writable({
      write(chunk, _, done) {
        logged.push(String(chunk));
        done();
      },
    }),
    context: {
      functionName: tenant,
      invokedFunctionArn: `arn:aws:lambda:us-east-1:123456789012:function:${tenant}`,
      memoryLimitInMB: "128",
      logGroupName: tenant,
    },
  });
}

async function createPool(tenant: string) {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const { endpoint } = cognito;
  const client = new CognitoIdentityProviderClient({ endpoint, region: "us-east-1", credentials });
  const { UserPool } = await client.send(new CreateUserPoolCommand({ PoolName: tenant }));
  const UserPoolId = UserPool!.Id!;
  const { UserPoolClient } = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "app",
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
    }),
  );
  const [Username, Password] = ["ada", "Correct-Horse-42"];
  await client.send(new AdminCreateUserCommand({ UserPoolId, Username }));
  await client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password, Permanent: true }),
  );
  const { AuthenticationResult } = await client.send(
    new InitiateAuthCommand({
      ClientId: UserPoolClient!.ClientId!,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: Password },
    }),
  );
  const { AccessToken, IdToken } = AuthenticationResult!;
  tokens.set(tenant, { access: AccessToken!, id: IdToken! });
  return { tenant, userPoolId: UserPoolId };
}
