import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";

const told = new URLSearchParams(location.search);

/** What the test tells the page of the tenant. */
export const tenant = {
  url: told.get("url") ?? "",
  UserPoolId: told.get("pool") ?? "",
  ClientId: told.get("client") ?? "",
  endpoint: told.get("cognito") ?? "",
};

const pool = new CognitoUserPool({ ...tenant, Storage: sessionStorage });

export function signIn(username: string, password: string): Promise<string> {
  const user = new CognitoUser({ Username: username, Pool: pool, Storage: sessionStorage });
  return new Promise((resolve, reject) => {
    user.authenticateUser(new AuthenticationDetails({ Username: username, Password: password }), {
      onSuccess: (session) => resolve(session.getAccessToken().getJwtToken()),
      onFailure: reject,
    });
  });
}

/** The access token of who signed in before the page was loaded again. */
export function currentToken(): Promise<string | undefined> {
  const user = pool.getCurrentUser();
  return new Promise((resolve) => {
    if (user === null) return resolve(undefined);
    user.getSession((_: unknown, session: CognitoUserSession | null) =>
      resolve(session?.getAccessToken().getJwtToken()),
    );
  });
}

export function signOut(): void {
  pool.getCurrentUser()?.signOut();
}
