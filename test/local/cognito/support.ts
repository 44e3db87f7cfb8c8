import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import type { Jwks } from "aws-jwt-verify/jwk";
import { afterAll, beforeAll } from "vitest";
import { startCognito } from "../../../local/cognito/server.ts";
import type { Engine } from "../../../local/engine.ts";

export const password = "Correct-Horse-42";
export const flows = [
  "ALLOW_ADMIN_USER_PASSWORD_AUTH",
  "ALLOW_USER_PASSWORD_AUTH",
  "ALLOW_REFRESH_TOKEN_AUTH",
] as const;

export interface App {
  readonly UserPoolId: string;
  readonly ClientId: string;
}

let dataDir: string;
let engine: Engine;
let client: CognitoIdentityProviderClient;

/** Starts an embedded Cognito for the tests of one file. */
export function useCognito(): void {
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "chatstack-cognito-"));
    await start();
  });
  afterAll(async () => {
    await engine.stop();
    await rm(dataDir, { recursive: true });
  });
}

async function start(): Promise<void> {
  engine = await startCognito({ dataDir });
  client = connect();
}

/** Stops the service and starts it again on the same data; returns the folder. */
export async function restart(): Promise<string> {
  await engine.stop();
  await start();
  return dataDir;
}

export const cognito = () => client;
export const cognitoEndpoint = () => engine.endpoint;

export function connect(region = "us-east-1"): CognitoIdentityProviderClient {
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  const { endpoint } = engine;
  return new CognitoIdentityProviderClient({ endpoint, region, credentials, maxAttempts: 1 });
}

export async function publicKeys(UserPoolId: string): Promise<Jwks> {
  const response = await fetch(`${engine.endpoint}/${UserPoolId}/.well-known/jwks.json`);
  return JSON.parse(await response.text());
}

export async function createPool(settings: Partial<CreateUserPoolClientCommandInput> = {}) {
  const pool = await client.send(
    new CreateUserPoolCommand({
      PoolName: "acme",
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireUppercase: true,
          RequireLowercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
        },
      },
      UserPoolTags: { "chatstack:tenant": "acme" },
    }),
  );
  const UserPoolId = pool.UserPool!.Id!;
  const created = await client.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "app",
      ExplicitAuthFlows: [...flows],
      PreventUserExistenceErrors: "ENABLED",
      ...settings,
    }),
  );
  return { UserPoolId, ClientId: created.UserPoolClient!.ClientId! };
}

export async function addToGroup({ UserPoolId }: App, GroupName: string) {
  await client.send(new CreateGroupCommand({ UserPoolId, GroupName }));
  await client.send(new AdminAddUserToGroupCommand({ UserPoolId, Username: "ada", GroupName }));
}

export async function createUser(UserPoolId: string, Username: string) {
  await client.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      MessageAction: "SUPPRESS",
      UserAttributes: [
        { Name: "email", Value: `${Username}@example.com` },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  await client.send(
    new AdminSetUserPasswordCommand({ UserPoolId, Username, Password: password, Permanent: true }),
  );
}

export const signIn = (app: App, USERNAME = "ada", PASSWORD = password) =>
  client.send(
    new AdminInitiateAuthCommand({
      ...app,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );

export async function signedIn(app: App) {
  const { AuthenticationResult } = await signIn(app);
  return {
    AccessToken: AuthenticationResult!.AccessToken!,
    IdToken: AuthenticationResult!.IdToken!,
    RefreshToken: AuthenticationResult!.RefreshToken!,
  };
}
