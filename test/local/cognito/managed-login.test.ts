import {
  AdminCreateUserCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { CognitoJwtVerifier } from "aws-jwt-verify";
import { InMemoryWebStorage, OidcClient, WebStorageStateStore } from "oidc-client-ts";
import { expect, it } from "vitest";
import { currentCode } from "../../../local/cognito/software-tokens.ts";
import {
  type App,
  cognito,
  cognitoEndpoint,
  createPool,
  createUser,
  password,
  publicKeys,
  useCognito,
} from "./support.ts";

useCognito();

const callback = "http://localhost:5173/callback";
const scopes = ["openid", "email", "aws.cognito.signin.user.admin"];
const oauth = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ["code" as const],
  AllowedOAuthScopes: scopes,
  CallbackURLs: [callback],
  LogoutURLs: ["http://localhost:5173/"],
};

/** A browser as far as sign-in needs one: it follows no redirect by itself, and keeps cookies. */
class Browser {
  #cookies = new Map<string, string>();

  async open(url: string, form?: Record<string, string>) {
    const headers = {
      cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    };
    const body = form && { method: "POST", body: new URLSearchParams(form) };
    const response = await fetch(url, { redirect: "manual", headers, ...body });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = "", value = ""] = cookie.split(";")[0]!.split("=");
      if (/max-age=0/i.test(cookie)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
    const location = response.headers.get("location");
    return {
      status: response.status,
      headers: response.headers,
      text: await response.text(),
      to: location === null ? undefined : new URL(location, url).href,
    };
  }

  /** Signs in on the page of `url`, and returns where the browser is sent. */
  async signIn(url: string, secret = password) {
    const { to } = await this.open(url);
    return this.open(to!, { username: "ada", password: secret });
  }
}

const hidden = (text: string, name: string) =>
  new RegExp(`name="${name}" value="([^"]*)"`).exec(text)![1]!;

function relyingParty({ UserPoolId, ClientId }: App) {
  return new OidcClient({
    authority: `${cognitoEndpoint()}/${UserPoolId}`,
    client_id: ClientId,
    redirect_uri: callback,
    post_logout_redirect_uri: "http://localhost:5173/",
    scope: scopes.join(" "),
    stateStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
  });
}

async function appWithAda(): Promise<App> {
  const app = await createPool(oauth);
  await createUser(app.UserPoolId, "ada");
  return app;
}

it("signs oidc-client-ts in by code and PKCE, with a token that the API takes", async () => {
  const app = await appWithAda();
  const client = relyingParty(app);
  const browser = new Browser();
  const { url } = await client.createSigninRequest({ state: "there", nonce: "once" });
  const { status, to } = await browser.signIn(url);
  expect(status).toBe(303);
  expect(to).toContain(`${callback}?code=`);
  const tokens = await client.processSigninResponse(to!);
  expect(tokens).toMatchObject({ userState: "there", profile: { email: "ada@example.com" } });

  const verifier = CognitoJwtVerifier.create({
    userPoolId: app.UserPoolId,
    clientId: app.ClientId,
    tokenUse: "access",
    scope: "aws.cognito.signin.user.admin",
  });
  verifier.cacheJwks(await publicKeys(app.UserPoolId));
  expect(await verifier.verify(tokens.access_token)).toMatchObject({ username: "ada" });

  const userInfo = await fetch(`${cognitoEndpoint()}/${app.UserPoolId}/oauth2/userInfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  });
  expect(await userInfo.json()).toMatchObject({ username: "ada", email: "ada@example.com" });

  // The browser is signed in: the next page asks for no password.
  const again = await client.createSigninRequest({});
  const { to: direct } = await browser.open(again.url);
  expect(direct).toContain(`${callback}?code=`);
  const second = await client.processSigninResponse(direct!);
  expect(await verifier.verify(second.access_token)).toMatchObject({ username: "ada" });
});

it("renews tokens with the scope of the sign-in, until they are revoked", async () => {
  const app = await createPool({ ...oauth, AllowedOAuthScopes: ["openid"] });
  await createUser(app.UserPoolId, "ada");
  const base = `${cognitoEndpoint()}/${app.UserPoolId}`;
  const query = { client_id: app.ClientId, response_type: "code", redirect_uri: callback };
  const { to } = await new Browser().signIn(
    `${base}/oauth2/authorize?${new URLSearchParams(query)}`,
  );
  const token = async (form: Record<string, string>) => {
    const body = new URLSearchParams({ client_id: app.ClientId, ...form });
    const response = await fetch(`${base}/oauth2/token`, { method: "POST", body });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const code = new URL(to!).searchParams.get("code")!;
  const first = await token({ grant_type: "authorization_code", code, redirect_uri: callback });
  expect(first.status).toBe(200);
  const { refresh_token } = first.body;
  const renewed = await token({ grant_type: "refresh_token", refresh_token });
  expect(JSON.parse(atob(renewed.body.access_token.split(".")[1]))).toMatchObject({
    scope: "openid",
  });

  const body = new URLSearchParams({ token: refresh_token, client_id: app.ClientId });
  expect((await fetch(`${base}/oauth2/revoke`, { method: "POST", body })).status).toBe(200);
  expect(await token({ grant_type: "refresh_token", refresh_token })).toMatchObject({
    status: 400,
    body: { error: "invalid_grant" },
  });
});

it("takes a code once, with its verifier and its redirect", async () => {
  const app = await appWithAda();
  const base = `${cognitoEndpoint()}/${app.UserPoolId}`;
  const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const redeem = async (form: Record<string, string>, times = 1) => {
    const query = new URLSearchParams({
      client_id: app.ClientId,
      response_type: "code",
      redirect_uri: callback,
      code_challenge: challenge,
      code_challenge_method: "S256",
    });
    const { to } = await new Browser().signIn(`${base}/oauth2/authorize?${query}`);
    const code = new URL(to!).searchParams.get("code")!;
    const body = { grant_type: "authorization_code", client_id: app.ClientId, code, ...form };
    let status = 0;
    for (let time = 0; time < times; time++) {
      const init = { method: "POST", body: new URLSearchParams(body) };
      status = (await fetch(`${base}/oauth2/token`, init)).status;
    }
    return status;
  };
  const good = { redirect_uri: callback, code_verifier: verifier };
  expect(await redeem(good)).toBe(200);
  expect(await redeem(good, 2)).toBe(400);
  expect(await redeem({ redirect_uri: callback })).toBe(400);
  expect(await redeem({ ...good, code_verifier: `${verifier}x` })).toBe(400);
  expect(await redeem({ ...good, redirect_uri: "http://localhost:5173/other" })).toBe(400);
  expect(await redeem({ ...good, code: "guessed" })).toBe(400);
});

it("sends no browser to a page that the client does not name", async () => {
  const app = await appWithAda();
  const base = `${cognitoEndpoint()}/${app.UserPoolId}`;
  const open = (changes: Record<string, string>) => {
    const query = { client_id: app.ClientId, response_type: "code", redirect_uri: callback };
    return new Browser().open(
      `${base}/oauth2/authorize?${new URLSearchParams({ ...query, ...changes })}`,
    );
  };
  const foreign = await open({ redirect_uri: "https://evil.example/callback" });
  expect(foreign).toMatchObject({ status: 400, to: undefined });
  expect(foreign.text).toContain("redirect_mismatch");
  expect((await open({ client_id: "nobody" })).to).toBeUndefined();
  expect((await open({ response_type: "token" })).to).toBe(
    `${callback}?error=unsupported_response_type`,
  );
  expect((await open({ scope: "openid admin", state: "s" })).to).toBe(
    `${callback}?error=invalid_scope&state=s`,
  );
  const { ClientId } = await createPool();
  expect((await open({ client_id: ClientId })).text).toContain("invalid_client");
});

it("says what was wrong on its page, and echoes nothing as markup", async () => {
  const app = await appWithAda();
  const client = relyingParty(app);
  const { url } = await client.createSigninRequest({});
  const browser = new Browser();
  const { to } = await browser.open(url);
  const refused = await browser.open(to!, { username: '"><script>1</script>', password: "no" });
  expect(refused.status).toBe(400);
  expect(refused.text).toContain("Incorrect username or password.");
  expect(refused.text).not.toContain("<script>");
  expect(refused.headers.get("content-security-policy")).toContain("default-src 'none'");
});

it("signs out: the next sign-in asks for the password again", async () => {
  const app = await appWithAda();
  const client = relyingParty(app);
  const browser = new Browser();
  const { url } = await client.createSigninRequest({});
  await browser.signIn(url);
  const base = `${cognitoEndpoint()}/${app.UserPoolId}`;
  const logout = (uri: string) =>
    browser.open(
      `${base}/logout?${new URLSearchParams({ client_id: app.ClientId, logout_uri: uri })}`,
    );
  expect(await logout("https://evil.example/")).toMatchObject({ status: 400, to: undefined });
  expect((await logout("http://localhost:5173/")).to).toBe("http://localhost:5173/");
  const next = await client.createSigninRequest({});
  expect((await browser.open(next.url)).to).toContain("/login?");
});

it("leads an invited user through a new password and an authenticator app", async () => {
  const { UserPool } = await cognito().send(
    new CreateUserPoolCommand({ PoolName: "strict", MfaConfiguration: "ON" }),
  );
  const UserPoolId = UserPool!.Id!;
  const { UserPoolClient } = await cognito().send(
    new CreateUserPoolClientCommand({ UserPoolId, ClientName: "web", ...oauth }),
  );
  const TemporaryPassword = "Temporary-Horse-1";
  await cognito().send(
    new AdminCreateUserCommand({ UserPoolId, Username: "ada", TemporaryPassword }),
  );
  const client = relyingParty({ UserPoolId, ClientId: UserPoolClient!.ClientId! });
  const { url } = await client.createSigninRequest({});
  const browser = new Browser();
  const { to: login } = await browser.open(url);
  let page = await browser.open(login!, { username: "ada", password: TemporaryPassword });
  const answer = async (text: string) => {
    page = await browser.open(login!, {
      challenge: hidden(page.text, "challenge"),
      session: hidden(page.text, "session"),
      username: hidden(page.text, "username"),
      answer: text,
    });
  };
  await answer(password);
  await answer(currentCode(/<code>([A-Z2-7]+)<\/code>/.exec(page.text)![1]!));
  expect(page.to).toContain(`${callback}?code=`);
  expect(await client.processSigninResponse(page.to!)).toHaveProperty("access_token");
});

it("gives a machine a token for its own scopes, by its secret", async () => {
  const { UserPoolId } = await createPool();
  const { UserPoolClient } = await cognito().send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "machine",
      GenerateSecret: true,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ["client_credentials"],
      AllowedOAuthScopes: ["chat/read"],
    }),
  );
  const { ClientId, ClientSecret } = UserPoolClient!;
  const ask = (secret: string, scope?: string) =>
    fetch(`${cognitoEndpoint()}/${UserPoolId}/oauth2/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${ClientId}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: "client_credentials", ...(scope && { scope }) }),
    });
  const granted = JSON.parse(await (await ask(ClientSecret!)).text());
  const claims = JSON.parse(atob(granted.access_token.split(".")[1]));
  expect(claims).toMatchObject({ client_id: ClientId, scope: "chat/read", token_use: "access" });
  expect((await ask("guess")).status).toBe(400);
  expect((await ask(ClientSecret!, "chat/write")).status).toBe(400);
});
