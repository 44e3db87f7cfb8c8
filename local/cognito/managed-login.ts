import { type Context, Hono } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { html } from "hono/html";
import { CognitoError } from "./errors.ts";
import {
  type Authorization,
  exchange,
  OAuthError,
  readAuthorization,
  readLogout,
  redirectWithCode,
} from "./oauth.ts";
import { epochSeconds } from "./operation.ts";
import { existingPool } from "./pools.ts";
import {
  answerChallenge,
  byPassword,
  type Challenged,
  type Door,
  nextChallenge,
} from "./sign-in-steps.ts";
import { beginSetup, finishSetup } from "./software-tokens.ts";
import type { CognitoStore, User } from "./store.ts";
import { authenticate, endSessions, issuerOf, newSecret, secretId } from "./tokens.ts";

/** Seconds that a browser stays signed in: Developer Guide, "Managed login": one hour. */
const cookieSeconds = 3600;

/**
 * Managed login under `/<pool id>`: OpenID configuration, `/oauth2/authorize`, `/oauth2/token`,
 * `/oauth2/userInfo`, `/oauth2/revoke`, `/login` and `/logout`, as at a pool's domain on AWS.
 */
export function managedLogin(store: CognitoStore): Hono {
  const app = new Hono();

  app.get("/.well-known/openid-configuration", (c) => {
    const pool = existingPool(store, poolOf(c));
    const base = `${new URL(c.req.url).origin}/${pool.id}`;
    return c.json({
      issuer: issuerOf(pool.id),
      authorization_endpoint: `${base}/oauth2/authorize`,
      token_endpoint: `${base}/oauth2/token`,
      userinfo_endpoint: `${base}/oauth2/userInfo`,
      revocation_endpoint: `${base}/oauth2/revoke`,
      end_session_endpoint: `${base}/logout`,
      jwks_uri: `${base}/.well-known/jwks.json`,
      response_types_supported: ["code"],
      scopes_supported: ["openid", "email", "phone", "profile"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["RS256"],
      token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
      code_challenge_methods_supported: ["S256"],
    });
  });

  app.get("/oauth2/authorize", (c) => {
    const asked = readAuthorization(store, poolOf(c), c.req.query());
    if ("redirect" in asked) return c.redirect(asked.redirect);
    const user = c.req.query("prompt") === "login" ? undefined : signedInUser(store, c);
    if (user !== undefined) return c.redirect(redirectWithCode(store, asked, user));
    const { search } = new URL(c.req.url);
    return c.redirect(`/${poolOf(c)}/login${search}`);
  });

  app.get("/login", (c) => {
    const asked = readAuthorization(store, poolOf(c), c.req.query());
    if ("redirect" in asked) return c.redirect(asked.redirect);
    return page(c, asked, passwordForm());
  });

  app.post("/login", async (c) => {
    const asked = readAuthorization(store, poolOf(c), c.req.query());
    if ("redirect" in asked) return c.redirect(asked.redirect);
    const { client } = asked;
    const door = { store, client, pool: existingPool(store, client.poolId) };
    const form = textsOf(await c.req.parseBody());
    try {
      const { user, next } = await step(door, form);
      if (next !== undefined) return page(c, asked, challengeForm(store, user, next));
      rememberBrowser(store, c, user);
      return c.redirect(redirectWithCode(store, asked, user), 303);
    } catch (error) {
      if (!(error instanceof CognitoError)) throw error;
      return page(c, asked, passwordForm(form.username), error.message);
    }
  });

  app.post("/oauth2/token", async (c) => {
    const form = textsOf(await c.req.parseBody());
    c.header("Cache-Control", "no-store");
    return c.json(await exchange(store, poolOf(c), form, basicOf(c.req.header("authorization"))));
  });

  app.get("/oauth2/userInfo", async (c) => {
    const token = /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? "";
    const { user } = await authenticate(store, token);
    return c.json({ ...user.attributes, username: user.username });
  });

  app.post("/oauth2/revoke", async (c) => {
    const { token = "" } = textsOf(await c.req.parseBody());
    const revoked = store.get("session", poolOf(c), secretId(token));
    endSessions(store, poolOf(c), ({ originJti }) => originJti === revoked?.originJti);
    return c.body(null, 200);
  });

  app.get("/logout", (c) => {
    const target = readLogout(store, poolOf(c), c.req.query());
    store.delete("browser", poolOf(c), secretId(getCookie(c, cookieName) ?? ""));
    deleteCookie(c, cookieName, { path: `/${poolOf(c)}` });
    return c.redirect(target);
  });

  app.onError((error, c) => {
    if (!(error instanceof OAuthError)) throw error;
    return c.json({ error: error.code, error_description: error.message }, 400);
  });
  return app;
}

const poolOf = (c: Context) => c.req.param("pool") ?? "";
const cookieName = "cognito";

function signedInUser(store: CognitoStore, c: Context): User | undefined {
  const cookie = getCookie(c, cookieName);
  const browser = cookie && store.get("browser", poolOf(c), secretId(cookie));
  if (!browser || browser.expiresAt <= epochSeconds()) return undefined;
  return store.get("user", poolOf(c), browser.username);
}

function rememberBrowser(store: CognitoStore, c: Context, { username }: User): void {
  const { secret, id } = newSecret();
  const expiresAt = epochSeconds() + cookieSeconds;
  store.put("browser", poolOf(c), id, { username, expiresAt });
  const path = `/${poolOf(c)}`;
  setCookie(c, cookieName, secret, {
    path,
    httpOnly: true,
    sameSite: "Lax",
    maxAge: cookieSeconds,
  });
}

type Form = Readonly<Record<string, string>>;

/** One step of the page: the password, or the answer to what was asked next. */
async function step(door: Door, form: Form): Promise<{ user: User; next: Challenged | undefined }> {
  const { challenge, session = "", username = "", answer = "" } = form;
  if (challenge === undefined) {
    const user = await byPassword(door, username, form.password ?? "");
    return { user, next: nextChallenge(door, user) };
  }
  const isSetup = challenge === "MFA_SETUP";
  return answerChallenge(door, {
    ChallengeName: challenge,
    Session: isSetup ? finishSetup(door.store, session, answer) : session,
    ChallengeResponses: {
      USERNAME: username,
      ...(challenge === "NEW_PASSWORD_REQUIRED" && { NEW_PASSWORD: answer }),
      ...(challenge === "SOFTWARE_TOKEN_MFA" && { SOFTWARE_TOKEN_MFA_CODE: answer }),
    },
  });
}

type Html = ReturnType<typeof html>;

const passwordForm = (username = "") => html`
  <label>User <input name="username" value="${username}" autocomplete="username" required autofocus></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>`;

function challengeForm(store: CognitoStore, user: User, next: Challenged): Html {
  const setup = next.ChallengeName === "MFA_SETUP" ? beginSetup(store, next.Session) : undefined;
  const isPassword = next.ChallengeName === "NEW_PASSWORD_REQUIRED";
  return html`
  ${setup && html`<p>Enter this key in an authenticator app: <code>${setup.secret}</code></p>`}
  <input type="hidden" name="challenge" value="${next.ChallengeName}">
  <input type="hidden" name="session" value="${setup?.session ?? next.Session ?? ""}">
  <input type="hidden" name="username" value="${user.username}">
  <label>${isPassword ? "New password" : "Code of the authenticator app"}
    <input name="answer" type="${isPassword ? "password" : "text"}"
      autocomplete="${isPassword ? "new-password" : "one-time-code"}" required autofocus></label>`;
}

function page(
  c: Context,
  { client, redirectUri }: Authorization,
  fields: Html | Promise<Html>,
  fault?: string,
) {
  // Chromium holds `form-action` against every redirect that follows the form, too, and the local page's
  // server leads from `localhost` to its own address.
  const { origin } = new URL(redirectUri);
  const target = `${origin} ${origin.replace("//localhost:", "//127.0.0.1:")}`;
  c.header(
    "Content-Security-Policy",
    `default-src 'none'; style-src 'unsafe-inline'; form-action 'self' ${target}; frame-ancestors 'none'`,
  );
  c.header("Cache-Control", "no-store");
  return c.html(
    html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Sign in</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  main { max-width: 22rem; margin: 12vh auto; padding: 0 1rem; }
  label, button { display: block; width: 100%; margin-top: 1rem; }
  input { display: block; box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
  button { padding: .6rem; font: inherit; }
  [role=alert] { color: light-dark(#a40000, #ff9b9b); }
  code { overflow-wrap: anywhere; }
</style>
<main>
  <h1>Sign in</h1>
  <p>${client.name}, on this machine's embedded Cognito.</p>
  ${fault && html`<p role="alert">${fault}</p>`}
  <form method="post">${fields}<button>Continue</button></form>
</main>
</html>`,
    fault === undefined ? 200 : 400,
  );
}

function textsOf(form: Readonly<Record<string, unknown>>): Form {
  return Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : [],
    ),
  );
}

/** RFC 6749, section 2.3.1. */
function basicOf(authorization: string | undefined) {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [id = "", ...secret] = Buffer.from(encoded, "base64").toString().split(":");
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(":")) };
}
