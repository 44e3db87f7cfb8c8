/** Sign-in on Cognito's own page: OAuth 2.0's authorization code with PKCE (RFC 7636). */
import type { Login } from "./config.ts";

const storageKey = "chat-page.login";

/** What the answer must fit to, which only this tab knows. */
interface Asked {
  readonly tenant: string;
  readonly state: string;
  readonly verifier: string;
}

export interface Tokens {
  readonly id_token: string;
  readonly access_token: string;
  readonly refresh_token: string;
}

/** Leaves the page for Cognito's. */
export async function leaveForLogin(tenant: string, clientId: string, login: Login): Promise<void> {
  const asked: Asked = { tenant, state: random(), verifier: random() };
  sessionStorage.setItem(storageKey, JSON.stringify(asked));
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(asked.verifier));
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    scope: "openid email aws.cognito.signin.user.admin",
    redirect_uri: login.redirectUri,
    state: asked.state,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: "S256",
  });
  location.assign(`${login.url}/oauth2/authorize?${query}`);
}

/** The tokens for the code that Cognito's page brought back for a tenant; undefined where it brought none. */
export async function tokensFromLogin(
  tenant: string,
  clientId: string,
  login: Login,
): Promise<Tokens | undefined> {
  const { searchParams } = new URL(location.href);
  const kept = sessionStorage.getItem(storageKey);
  if (kept === null || !searchParams.has("state")) return undefined;
  const asked: Asked = JSON.parse(kept);
  if (asked.tenant !== tenant) return undefined;
  sessionStorage.removeItem(storageKey);
  history.replaceState(null, "", location.pathname);
  const code = searchParams.get("code");
  if (code === null || searchParams.get("state") !== asked.state) {
    throw new Error(searchParams.get("error_description") ?? "The sign-in was not completed.");
  }
  const answer = await fetch(`${login.url}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "authorization_code",
      client_id: clientId,
      redirect_uri: login.redirectUri,
      code,
      code_verifier: asked.verifier,
    }),
  });
  if (!answer.ok) throw new Error("The sign-in took too long, or was used before. Sign in again.");
  return answer.json();
}

/** Ends the session that Cognito's page keeps in a cookie, and comes back. */
export function leaveForLogout(clientId: string, login: Login): void {
  const query = new URLSearchParams({ client_id: clientId, logout_uri: login.redirectUri });
  location.assign(`${login.url}/logout?${query}`);
}

function random(): string {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
