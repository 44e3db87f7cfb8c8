import {
  AdminCreateUserCommand,
  type AuthFlowType,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  RevokeTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { decodeJwt } from "jose";
import { describe, expect, it } from "vitest";
import {
  addToGroup,
  cognito,
  createPool,
  createUser,
  password,
  publicKeys,
  signedIn,
  signIn,
  useCognito,
} from "./support.ts";

useCognito();

describe("signing in to the embedded Cognito", () => {
  it("issues access tokens that aws-jwt-verify accepts, with Cognito's claims", async () => {
    const app = await createPool({
      AccessTokenValidity: 15,
      TokenValidityUnits: { AccessToken: "minutes" },
    });
    await createUser(app.UserPoolId, "ada");
    await addToGroup(app, "admins");
    const { AuthenticationResult } = await signIn(app);
    expect(AuthenticationResult).toMatchObject({ ExpiresIn: 900, TokenType: "Bearer" });

    const verifier = CognitoJwtVerifier.create({
      userPoolId: app.UserPoolId,
      clientId: app.ClientId,
      tokenUse: "access",
    });
    verifier.cacheJwks(await publicKeys(app.UserPoolId));
    const claims = await verifier.verify(AuthenticationResult!.AccessToken!);
    const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
    expect(claims).toEqual({
      sub: expect.stringMatching(uuid),
      "cognito:groups": ["admins"],
      iss: `https://cognito-idp.us-east-1.amazonaws.com/${app.UserPoolId}`,
      client_id: app.ClientId,
      origin_jti: expect.stringMatching(uuid),
      event_id: expect.stringMatching(uuid),
      token_use: "access",
      scope: "aws.cognito.signin.user.admin",
      auth_time: expect.any(Number),
      exp: claims.iat + 900,
      iat: expect.any(Number),
      jti: expect.stringMatching(uuid),
      username: "ada",
    });
    await expect(verifier.verify(AuthenticationResult!.IdToken!)).rejects.toThrow(/[Tt]oken use/);
    expect(decodeJwt(AuthenticationResult!.IdToken!)).toMatchObject({
      sub: claims.sub,
      aud: app.ClientId,
      token_use: "id",
      email: "ada@example.com",
      email_verified: true,
      "cognito:username": "ada",
      "cognito:groups": ["admins"],
    });
  });

  it("says the same for an unknown user and a wrong password when the client prevents telling", async () => {
    const app = await createPool();
    await createUser(app.UserPoolId, "ada");
    const expected = { name: "NotAuthorizedException", message: "Incorrect username or password." };
    await expect(signIn(app, "ada", "Wrong-Horse-42")).rejects.toMatchObject(expected);
    await expect(signIn(app, "nobody")).rejects.toMatchObject(expected);

    const telling = await createPool({ PreventUserExistenceErrors: "LEGACY" });
    await expect(signIn(telling, "nobody")).rejects.toMatchObject({
      name: "UserNotFoundException",
    });
  });

  it("refuses flows that the client does not allow, and those it does not implement", async () => {
    const app = await createPool({ ExplicitAuthFlows: ["ALLOW_CUSTOM_AUTH"] });
    const AuthParameters = { USERNAME: "ada" };
    const initiate = (AuthFlow: AuthFlowType) =>
      cognito().send(new InitiateAuthCommand({ ClientId: app.ClientId, AuthFlow, AuthParameters }));
    await expect(signIn(app)).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(initiate("USER_PASSWORD_AUTH")).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await expect(initiate("CUSTOM_AUTH")).rejects.toMatchObject({
      name: "NotImplementedException",
    });
  });

  it("asks an invited user for a new password, once", async () => {
    const app = await createPool();
    await cognito().send(
      new AdminCreateUserCommand({
        UserPoolId: app.UserPoolId,
        Username: "bob",
        TemporaryPassword: password,
      }),
    );
    const asked = await signIn(app, "bob");
    expect(asked.ChallengeName).toBe("NEW_PASSWORD_REQUIRED");
    const answer = new RespondToAuthChallengeCommand({
      ClientId: app.ClientId,
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session: asked.Session,
      ChallengeResponses: { USERNAME: "bob", NEW_PASSWORD: "Another-Horse-43" },
    });
    expect((await cognito().send(answer)).AuthenticationResult?.AccessToken).toBeDefined();
    await expect(cognito().send(answer)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    expect((await signIn(app, "bob", "Another-Horse-43")).ChallengeName).toBeUndefined();
  });

  it("refreshes tokens until the sign-in is revoked", async () => {
    const app = await createPool();
    await createUser(app.UserPoolId, "ada");
    const { RefreshToken, AccessToken } = await signedIn(app);
    const refresh = new InitiateAuthCommand({
      ClientId: app.ClientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: RefreshToken },
    });
    const refreshed = (await cognito().send(refresh)).AuthenticationResult;
    expect(refreshed?.RefreshToken).toBeUndefined();
    expect(decodeJwt(refreshed!.AccessToken!).origin_jti).toBe(decodeJwt(AccessToken).origin_jti);
    const getUser = new GetUserCommand({ AccessToken });
    expect((await cognito().send(getUser)).Username).toBe("ada");
    await cognito().send(new RevokeTokenCommand({ Token: RefreshToken, ClientId: app.ClientId }));
    await expect(cognito().send(refresh)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    await expect(cognito().send(getUser)).rejects.toThrow(/revoked/);
  });

  it("rotates refresh tokens where the client asks for it", async () => {
    const app = await createPool({
      ExplicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
      RefreshTokenRotation: { Feature: "ENABLED", RetryGracePeriodSeconds: 0 },
    });
    await createUser(app.UserPoolId, "ada");
    const { RefreshToken } = await signedIn(app);
    const renew = (token: string) =>
      cognito().send(
        new GetTokensFromRefreshTokenCommand({ RefreshToken: token, ClientId: app.ClientId }),
      );
    const { AuthenticationResult } = await renew(RefreshToken);
    await expect(renew(RefreshToken)).rejects.toMatchObject({ name: "NotAuthorizedException" });
    expect((await renew(AuthenticationResult!.RefreshToken!)).AuthenticationResult).toBeDefined();
  });

  it("signs a user out everywhere", async () => {
    const app = await createPool();
    await createUser(app.UserPoolId, "ada");
    const [here, there] = [await signedIn(app), await signedIn(app)];
    await cognito().send(new GlobalSignOutCommand({ AccessToken: here.AccessToken }));
    const getUser = new GetUserCommand({ AccessToken: there.AccessToken });
    await expect(cognito().send(getUser)).rejects.toMatchObject({ name: "NotAuthorizedException" });
  });

  it("asks clients with a secret for its hash", async () => {
    const app = await createPool({ GenerateSecret: true });
    await createUser(app.UserPoolId, "ada");
    await expect(signIn(app)).rejects.toThrow(/SECRET_HASH was not received/);
  });
});
