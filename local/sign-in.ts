import {
  AdminInitiateAuthCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { UsageError } from "../offline/usage-error.ts";
import { localCredentials } from "./provider/clients.ts";

export interface SignInRequest {
  readonly cognitoEndpoint: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

/** Signs in with a password, by a flow that the tenant's client allows, and returns the access token. */
export async function signIn(request: SignInRequest): Promise<string> {
  const { cognitoEndpoint: endpoint, region, userPoolId: UserPoolId, clientId: ClientId } = request;
  const credentials = localCredentials();
  const cognito = new CognitoIdentityProviderClient({ endpoint, region, credentials });
  const AuthParameters = { USERNAME: request.username, PASSWORD: request.password };
  const flows = [
    () =>
      cognito.send(
        new AdminInitiateAuthCommand({
          UserPoolId,
          ClientId,
          AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
          AuthParameters,
        }),
      ),
    () =>
      cognito.send(
        new InitiateAuthCommand({ ClientId, AuthFlow: "USER_PASSWORD_AUTH", AuthParameters }),
      ),
  ];
  for (const flow of flows) {
    try {
      const { AuthenticationResult, ChallengeName } = await flow();
      if (AuthenticationResult?.AccessToken) return AuthenticationResult.AccessToken;
      throw new UsageError(`Cognito asks for ${ChallengeName}, which this command cannot answer.`);
    } catch (error) {
      if (!isFlowRefused(error)) throw error;
    }
  }
  throw new UsageError(
    `Client ${ClientId} of pool ${UserPoolId} lets nobody sign in with a password. Allow it in the ` +
      "stack's file: auth.signInFlows must contain admin-user-password.",
  );
}

/** The client does not allow the flow: "… flow not enabled for this client". */
const isFlowRefused = (error: unknown) =>
  error instanceof Error &&
  error.name === "InvalidParameterException" &&
  /not enabled/i.test(error.message);
