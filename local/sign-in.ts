import {
  AdminInitiateAuthCommand,
  AssociateSoftwareTokenCommand,
  type AuthenticationResultType,
  type ChallengeNameType,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { UsageError } from "../offline/usage-error.ts";
import { currentCode } from "./cognito/software-tokens.ts";
import { clientKey, clientSignature, identityOf } from "./cognito/srp.ts";
import { localCredentials } from "./provider/clients.ts";

export interface SignInRequest {
  readonly cognitoEndpoint: string;
  readonly region: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  /** Of the user's authenticator app, in base32. */
  readonly totpSecret?: string | undefined;
  /** Told of the authenticator app that was set up, where the pool requires one. */
  readonly onSetup?: (totpSecret: string) => void;
}

/** What a flow or an answer brings: tokens, or the next challenge. */
interface Step {
  readonly AuthenticationResult?: AuthenticationResultType | undefined;
  readonly ChallengeName?: ChallengeNameType | undefined;
  readonly ChallengeParameters?: Record<string, string> | undefined;
  readonly Session?: string | undefined;
}

/** Signs in by a flow that the tenant's client allows, and returns the access token. */
export async function signIn(request: SignInRequest): Promise<string> {
  const { cognitoEndpoint: endpoint, region } = request;
  const cognito = new CognitoIdentityProviderClient({
    endpoint,
    region,
    credentials: localCredentials(),
  });
  for (const flow of [bySecureRemotePassword, asOperator, byPassword]) {
    const step = await flow(cognito, request).catch((error: unknown) => {
      if (!isFlowRefused(error)) throw error;
    });
    if (step === undefined) continue;
    const { AuthenticationResult, ChallengeName } = await secondFactor(cognito, request, step);
    if (AuthenticationResult?.AccessToken) return AuthenticationResult.AccessToken;
    throw new UsageError(`Cognito asks for ${ChallengeName}, which this command cannot answer.`);
  }
  throw new UsageError(
    `Client ${request.clientId} of pool ${request.userPoolId} lets nobody sign in with a password. ` +
      "Allow it in the stack's file: auth.signInFlows must contain user-srp.",
  );
}

type Flow = (cognito: CognitoIdentityProviderClient, request: SignInRequest) => Promise<Step>;

const bySecureRemotePassword: Flow = async (cognito, request) => {
  const { userPoolId, clientId: ClientId, username: USERNAME, password } = request;
  const key = clientKey();
  const { ChallengeParameters: asked = {}, ...step } = await cognito.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_SRP_AUTH",
      AuthParameters: { USERNAME, SRP_A: key.A },
    }),
  );
  if (step.ChallengeName !== "PASSWORD_VERIFIER") return step;
  const { SALT = "", SRP_B = "", SECRET_BLOCK = "", USER_ID_FOR_SRP = USERNAME } = asked;
  const timestamp = timestampOf(new Date());
  const proof = {
    identity: identityOf(userPoolId, USER_ID_FOR_SRP),
    secretBlock: SECRET_BLOCK,
    timestamp,
  };
  return cognito.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: "PASSWORD_VERIFIER",
      Session: step.Session,
      ChallengeResponses: {
        USERNAME: USER_ID_FOR_SRP,
        PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
        PASSWORD_CLAIM_SIGNATURE: clientSignature(key, { salt: SALT, B: SRP_B }, password, proof),
        TIMESTAMP: timestamp,
      },
    }),
  );
};

/** As Cognito parses it: `Tue Apr 25 00:11:19 UTC 2017`, the day without a leading zero. */
function timestampOf(date: Date): string {
  const [day = "", dayOfMonth, month = "", year = "", time = ""] = date.toUTCString().split(/,? /);
  return `${day} ${month} ${Number(dayOfMonth)} ${time} UTC ${year}`;
}

const asOperator: Flow = (cognito, { userPoolId, clientId, username, password }) =>
  cognito.send(
    new AdminInitiateAuthCommand({
      UserPoolId: userPoolId,
      ClientId: clientId,
      AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );

const byPassword: Flow = (cognito, { clientId, username, password }) =>
  cognito.send(
    new InitiateAuthCommand({
      ClientId: clientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: username, PASSWORD: password },
    }),
  );

/** Sets an authenticator app up where the pool requires one, and shows its code where it asks for it. */
async function secondFactor(
  cognito: CognitoIdentityProviderClient,
  request: SignInRequest,
  step: Step,
): Promise<Step> {
  const { clientId: ClientId, totpSecret, onSetup } = request;
  const { ChallengeName } = step;
  const USERNAME = step.ChallengeParameters?.USER_ID_FOR_SRP ?? request.username;
  if (ChallengeName === "SOFTWARE_TOKEN_MFA" && totpSecret !== undefined) {
    const ChallengeResponses = { USERNAME, SOFTWARE_TOKEN_MFA_CODE: currentCode(totpSecret) };
    const { Session } = step;
    const answer = { ClientId, ChallengeName, Session, ChallengeResponses };
    return cognito.send(new RespondToAuthChallengeCommand(answer));
  }
  if (ChallengeName === "MFA_SETUP" && onSetup !== undefined) {
    const { Session: begun } = step;
    const associate = new AssociateSoftwareTokenCommand({ Session: begun });
    const { SecretCode = "", Session: associated } = await cognito.send(associate);
    onSetup(SecretCode);
    const UserCode = currentCode(SecretCode);
    const verify = new VerifySoftwareTokenCommand({ Session: associated, UserCode });
    const { Session } = await cognito.send(verify);
    const answer = { ClientId, ChallengeName, Session, ChallengeResponses: { USERNAME } } as const;
    return cognito.send(new RespondToAuthChallengeCommand(answer));
  }
  return step;
}

/** The client does not allow the flow: "… flow not enabled for this client". */
const isFlowRefused = (error: unknown) =>
  error instanceof Error &&
  (error.name === "NotImplementedException" ||
    (error.name === "InvalidParameterException" && /not enabled/i.test(error.message)));
