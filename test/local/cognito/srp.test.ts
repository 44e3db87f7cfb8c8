import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AssociateSoftwareTokenCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { currentCode } from "../../../local/cognito/software-tokens.ts";
import {
  clientKey,
  clientSignature,
  identityOf,
  isProven,
  isRefused,
  serverChallenge,
  verifierOf,
} from "../../../local/cognito/srp.ts";
import {
  type App,
  cognito,
  cognitoEndpoint,
  createPool,
  createUser,
  password,
  useCognito,
} from "./support.ts";

useCognito();

const srp = { ExplicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"] as const };
const srpClient = () => createPool({ ExplicitAuthFlows: [...srp.ExplicitAuthFlows] });

function browserUser({ UserPoolId, ClientId }: App, Username: string): CognitoUser {
  const Pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint: cognitoEndpoint() });
  return new CognitoUser({ Username, Pool });
}

type Outcome =
  | { readonly session: CognitoUserSession }
  | { readonly asked: "new password" | "code" | "set up"; readonly parameters?: unknown };

function signInFromBrowser(user: CognitoUser, Password: string): Promise<Outcome> {
  const details = new AuthenticationDetails({ Username: user.getUsername(), Password });
  return new Promise((resolve, reject) => {
    user.authenticateUser(details, {
      onSuccess: (session) => resolve({ session }),
      onFailure: reject,
      newPasswordRequired: (parameters) => resolve({ asked: "new password", parameters }),
      totpRequired: () => resolve({ asked: "code" }),
      mfaSetup: () => resolve({ asked: "set up" }),
    });
  });
}

describe("amazon-cognito-identity-js", () => {
  it("signs in with SRP, and the password never travels", async () => {
    const app = await srpClient();
    await createUser(app.UserPoolId, "ada");
    const outcome = await signInFromBrowser(browserUser(app, "ada"), password);
    expect(outcome).toHaveProperty("session");
    if (!("session" in outcome)) return;
    expect(outcome.session.getAccessToken().payload).toMatchObject({
      client_id: app.ClientId,
      username: "ada",
    });
  });

  it("is refused with a wrong password and for an unknown user in the same words", async () => {
    const app = await srpClient();
    await createUser(app.UserPoolId, "ada");
    const refusal = { name: "NotAuthorizedException", message: "Incorrect username or password." };
    const wrong = signInFromBrowser(browserUser(app, "ada"), "Wrong-Horse-42");
    await expect(wrong).rejects.toMatchObject(refusal);
    const unknown = signInFromBrowser(browserUser(app, "nobody"), password);
    await expect(unknown).rejects.toMatchObject(refusal);
  });

  it("sets an invited user's own password, and signs in with it", async () => {
    const app = await srpClient();
    const { UserPoolId } = app;
    const invite = { UserPoolId, Username: "ben", TemporaryPassword: "Temporary-Horse-1" };
    await cognito().send(new AdminCreateUserCommand(invite));
    const user = browserUser(app, "ben");
    expect(await signInFromBrowser(user, invite.TemporaryPassword)).toMatchObject({
      asked: "new password",
    });
    await new Promise((resolve, reject) => {
      user.completeNewPasswordChallenge(password, {}, { onSuccess: resolve, onFailure: reject });
    });
    expect(await signInFromBrowser(browserUser(app, "ben"), password)).toHaveProperty("session");
  });

  it("sets an authenticator app up where the pool requires a second factor, and asks for its code", async () => {
    const app = await requiredMfaPool();
    const user = browserUser(app, "ada");
    expect(await signInFromBrowser(user, password)).toEqual({ asked: "set up" });
    const secret = await new Promise<string>((resolve, reject) => {
      user.associateSoftwareToken({ associateSecretCode: resolve, onFailure: reject });
    });
    await new Promise((resolve, reject) => {
      user.verifySoftwareToken(currentCode(secret), "phone", {
        onSuccess: resolve,
        onFailure: reject,
      });
    });

    const again = browserUser(app, "ada");
    expect(await signInFromBrowser(again, password)).toEqual({ asked: "code" });
    const answer = (code: string) =>
      new Promise((resolve, reject) => {
        again.sendMFACode(code, { onSuccess: resolve, onFailure: reject }, "SOFTWARE_TOKEN_MFA");
      });
    const wrong = currentCode(secret) === "000000" ? "111111" : "000000";
    await expect(answer(wrong)).rejects.toMatchObject({ name: "CodeMismatchException" });
    await expect(answer(currentCode(secret))).resolves.toHaveProperty("accessToken");
  });
});

describe("an authenticator app", () => {
  it("is the user's choice where the pool makes it optional", async () => {
    const app = await requiredMfaPool("OPTIONAL");
    const signIn = () =>
      cognito().send(
        new AdminInitiateAuthCommand({
          ...app,
          AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "ada", PASSWORD: password },
        }),
      );
    const { AuthenticationResult } = await signIn();
    const { AccessToken } = AuthenticationResult!;
    const prefer = new SetUserMFAPreferenceCommand({
      AccessToken,
      SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
    });
    await expect(cognito().send(prefer)).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    const associate = new AssociateSoftwareTokenCommand({ AccessToken });
    const { SecretCode } = await cognito().send(associate);
    const UserCode = currentCode(SecretCode!);
    await cognito().send(new VerifySoftwareTokenCommand({ AccessToken, UserCode }));
    await cognito().send(prefer);
    expect(await signIn()).toMatchObject({ ChallengeName: "SOFTWARE_TOKEN_MFA" });
  });

  it("must be verified before it lets anybody in", async () => {
    const app = await requiredMfaPool();
    const first = await cognito().send(
      new AdminInitiateAuthCommand({
        ...app,
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "ada", PASSWORD: password },
      }),
    );
    expect(first.ChallengeName).toBe("MFA_SETUP");
    const { Session } = await cognito().send(
      new AssociateSoftwareTokenCommand({ Session: first.Session }),
    );
    const { ClientId } = app;
    for (const session of [first.Session, Session]) {
      const skip = new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: "MFA_SETUP",
        Session: session,
        ChallengeResponses: { USERNAME: "ada" },
      });
      await expect(cognito().send(skip)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    }
  });
});

describe("SRP", () => {
  const identity = identityOf("us-east-1_AbCdEfGhI", "ada");

  it("proves the right password and no other, whatever the passwords are", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(text, text, (right, other) => {
        const verifier = verifierOf(identity, right);
        const client = clientKey();
        const server = serverChallenge(verifier);
        const proof = { identity, secretBlock: "AAAA", timestamp: "Tue Apr 25 00:11:19 UTC 2017" };
        const sent = { salt: verifier.salt, B: server.B };
        const proves = (password: string) =>
          isProven(
            verifier,
            { A: client.A, ...server },
            { ...proof, signature: clientSignature(client, sent, password, proof) },
          );
        expect(proves(right)).toBe(true);
        expect(proves(other)).toBe(other === right);
      }),
      { numRuns: 8 },
    );
  });

  it("refuses public keys that would need no password", async () => {
    const app = await srpClient();
    await createUser(app.UserPoolId, "ada");
    const prime = (await import("node:crypto")).getDiffieHellman("modp15").getPrime("hex");
    for (const SRP_A of ["0", "00", prime, `${(BigInt(`0x${prime}`) * 2n).toString(16)}`, "xyz"]) {
      expect(isRefused(SRP_A)).toBe(true);
      const begin = new InitiateAuthCommand({
        ClientId: app.ClientId,
        AuthFlow: "USER_SRP_AUTH",
        AuthParameters: { USERNAME: "ada", SRP_A },
      });
      await expect(cognito().send(begin)).rejects.toMatchObject({
        name: "InvalidParameterException",
      });
    }
  });

  it("takes one answer for each challenge", async () => {
    const app = await srpClient();
    await createUser(app.UserPoolId, "ada");
    const client = clientKey();
    const { ChallengeParameters } = await cognito().send(
      new InitiateAuthCommand({
        ClientId: app.ClientId,
        AuthFlow: "USER_SRP_AUTH",
        AuthParameters: { USERNAME: "ada", SRP_A: client.A },
      }),
    );
    const { SALT: salt, SRP_B: B, SECRET_BLOCK: secretBlock } = ChallengeParameters!;
    const timestamp = "Tue Apr 25 00:11:19 UTC 2017";
    const respond = (guess: string) => {
      const proof = {
        identity: identityOf(app.UserPoolId, "ada"),
        secretBlock: secretBlock!,
        timestamp,
      };
      return cognito().send(
        new RespondToAuthChallengeCommand({
          ClientId: app.ClientId,
          ChallengeName: "PASSWORD_VERIFIER",
          ChallengeResponses: {
            USERNAME: "ada",
            PASSWORD_CLAIM_SECRET_BLOCK: secretBlock!,
            PASSWORD_CLAIM_SIGNATURE: clientSignature(client, { salt: salt!, B: B! }, guess, proof),
            TIMESTAMP: timestamp,
          },
        }),
      );
    };
    await expect(respond("Wrong-Horse-42")).rejects.toThrow("Incorrect username or password.");
    await expect(respond(password)).rejects.toThrow("Invalid session");
  });
});

async function requiredMfaPool(MfaConfiguration: "ON" | "OPTIONAL" = "ON"): Promise<App> {
  const { UserPool } = await cognito().send(
    new CreateUserPoolCommand({ PoolName: "mfa", MfaConfiguration }),
  );
  const UserPoolId = UserPool!.Id!;
  const { UserPoolClient } = await cognito().send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "app",
      ExplicitAuthFlows: [...srp.ExplicitAuthFlows, "ALLOW_ADMIN_USER_PASSWORD_AUTH"],
    }),
  );
  await createUser(UserPoolId, "ada");
  return { UserPoolId, ClientId: UserPoolClient!.ClientId! };
}
