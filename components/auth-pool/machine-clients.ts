/** Clients of a user pool that call the API without a user, by OAuth's client credentials. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../component.ts";
import { commonArgs, type TokenLifetimes } from "./auth-clients.ts";

export interface Machines {
  readonly clients: Readonly<Record<string, aws.cognito.UserPoolClient>>;
  /** Defines the scope of machines' tokens; absent without machines. */
  readonly resourceServer?: aws.cognito.ResourceServer;
  /** In every machine's access tokens. */
  readonly scopes: readonly pulumi.Output<string>[];
}

export interface MachinesTransform {
  resourceServer?: Transform<aws.cognito.ResourceServerArgs>;
  machineClient?: Transform<aws.cognito.UserPoolClientArgs>;
}

interface MachinesArgs {
  readonly machineClients?: readonly string[];
  readonly tokens?: TokenLifetimes;
}

export function createMachines(
  name: string,
  userPoolId: pulumi.Output<string>,
  { machineClients = [], tokens = {} }: MachinesArgs,
  resource: DescribeResource,
  transform: MachinesTransform | undefined,
): Machines {
  if (machineClients.length === 0) return { clients: {}, scopes: [] };
  const resourceServer = new aws.cognito.ResourceServer(
    name,
    ...resource(
      {
        userPoolId,
        identifier: "chatstack",
        name: "chatstack",
        scopes: [{ scopeName: "api", scopeDescription: "Call the API as oneself." }],
      },
      transform?.resourceServer,
    ),
  );
  const scope = pulumi.interpolate`${resourceServer.identifier}/api`;
  const clients: Record<string, aws.cognito.UserPoolClient> = {};
  for (const machine of machineClients) {
    clients[machine] = new aws.cognito.UserPoolClient(
      `${name}-machine-${machine}`,
      ...resource({ userPoolId, ...machineClientArgs(scope, tokens) }, transform?.machineClient),
    );
  }
  return { clients, resourceServer, scopes: [scope] };
}

/** A confidential client: a server that keeps its secret and acts as itself, never as a user. */
const machineClientArgs = (scope: pulumi.Input<string>, tokens: TokenLifetimes) => ({
  generateSecret: true,
  // There is no refresh token either; but naming no flow allows those that functions define.
  explicitAuthFlows: ["ALLOW_REFRESH_TOKEN_AUTH"],
  allowedOauthFlowsUserPoolClient: true,
  allowedOauthFlows: ["client_credentials"],
  allowedOauthScopes: [scope],
  ...commonArgs(tokens),
});
