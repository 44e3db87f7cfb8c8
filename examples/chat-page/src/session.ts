/** Signs users in with Cognito (SRP: the password stays in the browser) and keeps their tokens for this tab. */
import {
  AuthenticationDetails,
  CognitoAccessToken,
  CognitoIdToken,
  CognitoRefreshToken,
  CognitoUser,
  CognitoUserPool,
  CognitoUserSession,
} from "amazon-cognito-identity-js";
import type { Config, Tenant } from "./config.ts";
import { leaveForLogin, leaveForLogout, tokensFromLogin } from "./managed-login.ts";

export interface Session {
  /** Who signed in, for programs. */
  readonly user: string;
  /** The same for people. */
  readonly name: string;
  /** For `createClient`: renews the token when it has ended, or when the API has refused it. */
  readonly token: (refused?: string) => Promise<string>;
  readonly signOut: () => void;
}

/** What Cognito asks for before it signs a user in. */
export interface Challenge {
  readonly kind: "new-password" | "authenticator-code" | "authenticator-setup";
  readonly username: string;
  /** Of the authenticator app that is being set up. */
  readonly secret?: string;
  /** Rejects where Cognito refuses the answer. */
  readonly answer: (text: string) => Promise<Session | Challenge>;
}

/** Names the tenant whose user came from Cognito's page, which has a session of its own. */
const managedKey = "chat-page.managed";

export class Users {
  readonly #pool: CognitoUserPool;
  readonly #onEnd: () => void;
  readonly #tenant: Tenant;

  /** @param onEnd called when a sign-in has ended and cannot be renewed. */
  constructor(config: Config, tenant: Tenant, onEnd: () => void) {
    this.#onEnd = onEnd;
    this.#tenant = tenant;
    this.#pool = new CognitoUserPool({
      UserPoolId: tenant.userPoolId,
      ClientId: tenant.clientId,
      Storage: sessionStorage,
      ...(config.cognitoEndpoint !== undefined && { endpoint: config.cognitoEndpoint }),
    });
  }

  /** The user who signed in earlier in this tab, or comes back from Cognito's page. */
  async current(): Promise<Session | undefined> {
    const { id, clientId, login } = this.#tenant;
    const tokens = login && (await tokensFromLogin(id, clientId, login));
    if (tokens !== undefined) {
      const session = new CognitoUserSession({
        IdToken: new CognitoIdToken({ IdToken: tokens.id_token }),
        AccessToken: new CognitoAccessToken({ AccessToken: tokens.access_token }),
        RefreshToken: new CognitoRefreshToken({ RefreshToken: tokens.refresh_token }),
      });
      const user = new CognitoUser({
        Username: String(session.getIdToken().payload["cognito:username"]),
        Pool: this.#pool,
        Storage: sessionStorage,
      });
      user.setSignInUserSession(session);
      sessionStorage.setItem(managedKey, id);
      return this.#sessionOf(user, session);
    }
    const user = this.#pool.getCurrentUser();
    if (user === null) return undefined;
    return this.#read(user).then(
      (tokens) => this.#sessionOf(user, tokens),
      () => undefined,
    );
  }

  /** Goes to Cognito's own page, which brings the user back to `current`. */
  async signInElsewhere(): Promise<void> {
    const { id, clientId, login } = this.#tenant;
    if (login !== undefined) await leaveForLogin(id, clientId, login);
  }

  signIn(username: string, password: string): Promise<Session | Challenge> {
    const user = new CognitoUser({
      Username: username,
      Pool: this.#pool,
      Storage: sessionStorage,
    });
    const details = new AuthenticationDetails({ Username: username, Password: password });
    return this.#step(user, (callbacks) => user.authenticateUser(details, callbacks));
  }

  #step(
    user: CognitoUser,
    run: (callbacks: Parameters<CognitoUser["authenticateUser"]>[1]) => void,
  ): Promise<Session | Challenge> {
    return new Promise((resolve, reject) => {
      const callbacks = {
        onSuccess: (tokens: CognitoUserSession) => resolve(this.#sessionOf(user, tokens)),
        onFailure: reject,
        newPasswordRequired: () =>
          resolve({
            kind: "new-password",
            username: user.getUsername(),
            answer: (password) =>
              this.#step(user, (next) => user.completeNewPasswordChallenge(password, {}, next)),
          }),
        totpRequired: () =>
          resolve({
            kind: "authenticator-code",
            username: user.getUsername(),
            answer: (code) =>
              this.#step(user, (next) => user.sendMFACode(code, next, "SOFTWARE_TOKEN_MFA")),
          }),
        mfaSetup: () =>
          user.associateSoftwareToken({
            onFailure: reject,
            associateSecretCode: (secret) =>
              resolve({
                kind: "authenticator-setup",
                username: user.getUsername(),
                secret,
                answer: (code) =>
                  this.#step(user, (next) => user.verifySoftwareToken(code, "Chat", next)),
              }),
          }),
      };
      run(callbacks);
    });
  }

  #sessionOf(user: CognitoUser, tokens: CognitoUserSession): Session {
    const { sub, email = user.getUsername() } = tokens.getIdToken().payload;
    return {
      user: String(sub),
      name: String(email),
      token: async (refused) => {
        try {
          const session = await this.#read(user);
          const token = session.getAccessToken().getJwtToken();
          return token === refused ? await this.#renew(user, session) : token;
        } catch (error) {
          this.#onEnd();
          throw error;
        }
      },
      signOut: () => {
        const { id, clientId, login } = this.#tenant;
        user.signOut();
        if (sessionStorage.getItem(managedKey) !== id) return;
        sessionStorage.removeItem(managedKey);
        if (login !== undefined) leaveForLogout(clientId, login);
      },
    };
  }

  /** Asks Cognito only where the token has ended. */
  #read(user: CognitoUser): Promise<CognitoUserSession> {
    return new Promise((resolve, reject) => {
      user.getSession((error: Error | null, session: CognitoUserSession | null) =>
        session === null ? reject(error) : resolve(session),
      );
    });
  }

  #renew(user: CognitoUser, session: CognitoUserSession): Promise<string> {
    return new Promise((resolve, reject) => {
      user.refreshSession(session.getRefreshToken(), (error, renewed?: CognitoUserSession) =>
        renewed === undefined || error
          ? reject(error)
          : resolve(renewed.getAccessToken().getJwtToken()),
      );
    });
  }
}
