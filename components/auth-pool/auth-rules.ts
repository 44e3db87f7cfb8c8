/** The settings of an `AuthPool`, and which of them Cognito refuses or accepts without effect. */
import { isHostName } from "../origins.ts";
import type { Redirects, SignInSettings, TokenLifetimes } from "./auth-clients.ts";
import { type IdentityProvider, providerFault } from "./identity-providers.ts";
import { isDomainPrefix, isRedirect, type ManagedLogin } from "./managed-login.ts";
import type { UserPoolSettings } from "./user-pool.ts";

/** What a tenant decides about its users: the pool, its clients, and who else may sign in. */
export interface AuthSettings extends UserPoolSettings, SignInSettings {
  /**
   * Groups, by name: letters, digits, `_` and `-`, since authorizers hand lists of them over as text.
   * `admins` is what the app's administration routes ask for. Default `["admins"]`.
   */
  readonly groups?: readonly string[];
  /** Cognito's sign-in pages, by authorization code. Default `"off"`: apps have their own. */
  readonly managedLogin?: "off" | ManagedLogin;
  /**
   * Names of servers that call the API as themselves, each with a secret and a user's place in the data
   * under its client id. Default none. Needs `managedLogin` for its token endpoint. $0.00225 a token, and
   * up to $6 a client and month (Amazon Cognito pricing).
   */
  readonly machineClients?: readonly string[];
  /** Directories whose users may sign in, by name. Default none. Needs `managedLogin`. */
  readonly identityProviders?: Readonly<Record<string, IdentityProvider>>;
}

type Fault = readonly [argument: string, found: unknown, allowed: string];

export function* authFaults(args: AuthSettings): Generator<Fault> {
  yield* numberFaults(args);
  yield* planFaults(args);
  yield* passkeyFaults(args);
  yield* rotationFaults(args);
  yield* emailFaults(args);
  for (const name of args.groups ?? []) {
    if (!/^[\w-]{1,128}$/.test(name)) yield ["groups", name, "letters, digits, _ and -"];
  }
  const { managedLogin = "off", clients = {}, identityProviders = {}, machineClients = [] } = args;
  if (managedLogin !== "off") yield* loginFaults(managedLogin);
  for (const [name, { redirects = "off" }] of Object.entries(clients)) {
    if (!namePattern.test(name)) yield ["clients", name, allowedName];
    if (redirects === "off") continue;
    if (managedLogin === "off") yield [`clients.${name}.redirects`, redirects, withLogin];
    yield* redirectFaults(`clients.${name}.redirects`, redirects);
  }
  for (const [name, provider] of Object.entries(identityProviders)) {
    const [argument, found, allowed] = providerFault(name, provider) ?? [];
    if (argument !== undefined && allowed !== undefined)
      yield [`identityProviders.${name}${argument && `.${argument}`}`, found, allowed];
  }
  for (const name of machineClients) {
    if (!namePattern.test(name)) yield ["machineClients", name, allowedName];
  }
  const names = { identityProviders: Object.keys(identityProviders), machineClients };
  for (const [argument, found] of Object.entries(names)) {
    if (found.length > 0 && managedLogin === "off") yield [argument, found, withLogin];
  }
}

/** An address, alone or in angle brackets after a name. */
const senderPattern = /^([^\s<>@]+@[^\s<>@]+|[^<>@\r\n]+<[^\s<>@]+@[^\s<>@]+>)$/;

function* emailFaults({ email = "cognito" }: AuthSettings): Generator<Fault> {
  if (email === "cognito") return;
  for (const field of ["from", "replyTo"] as const) {
    const found = email[field];
    if (found !== undefined && !senderPattern.test(found))
      yield [`email.${field}`, found, '"chat@acme.example" or "Acme <chat@acme.example>"'];
  }
}

function* numberFaults({
  password = {},
  tokens = {},
  refreshRotation = "off",
  clients = {},
}: AuthSettings): Generator<Fault> {
  yield* integerFaults("password.minimumLength", password.minimumLength, 8, 99);
  yield* integerFaults("password.temporaryPasswordDays", password.temporaryPasswordDays, 1, 365);
  yield* tokenFaults("tokens", tokens);
  for (const [name, client] of Object.entries(clients))
    yield* tokenFaults(`clients.${name}.tokens`, client.tokens ?? {});
  if (refreshRotation !== "off")
    yield* integerFaults("refreshRotation.graceSeconds", refreshRotation.graceSeconds, 0, 60);
}

function* tokenFaults(argument: string, tokens: TokenLifetimes): Generator<Fault> {
  yield* integerFaults(`${argument}.accessTokenMinutes`, tokens.accessTokenMinutes, 5, 1440);
  yield* integerFaults(`${argument}.idTokenMinutes`, tokens.idTokenMinutes, 5, 1440);
  yield* integerFaults(`${argument}.refreshTokenDays`, tokens.refreshTokenDays, 1, 3650);
}

function* integerFaults(
  argument: string,
  found: number | undefined,
  min: number,
  max: number,
): Generator<Fault> {
  if (found !== undefined && (!Number.isInteger(found) || found < min || found > max))
    yield [argument, found, `a whole number from ${min} to ${max}`];
}

function* planFaults(args: AuthSettings): Generator<Fault> {
  const { featurePlan = "essentials", threatProtection = "off" } = args;
  if (threatProtection !== "off" && featurePlan !== "plus")
    yield ["threatProtection", threatProtection, `"off" unless featurePlan is "plus"`];
  if (featurePlan !== "lite") return;
  for (const argument of ["passkeys", "refreshRotation", "managedLogin"] as const) {
    const found = args[argument] ?? "off";
    if (found !== "off") yield [argument, found, `"off" where featurePlan is "lite"`];
  }
}

function* passkeyFaults(args: AuthSettings): Generator<Fault> {
  const { passkeys = "off", mfa = "required", signInFlows } = args;
  if (passkeys === "off") return;
  if (mfa === "required") yield ["mfa", mfa, `"optional" or "off" with passkeys`];
  if (!isHostName(passkeys.relyingPartyId))
    yield ["passkeys.relyingPartyId", passkeys.relyingPartyId, "a host name"];
  if (signInFlows && !signInFlows.includes("user-auth"))
    yield ["signInFlows", signInFlows, `"user-auth" among them, for passkeys`];
}

function* rotationFaults(args: AuthSettings): Generator<Fault> {
  if ((args.refreshRotation ?? "off") === "off") return;
  const flows = {
    signInFlows: args.signInFlows,
    ...Object.fromEntries(
      Object.entries(args.clients ?? {}).map(([name, { signInFlows }]) => [
        `clients.${name}.signInFlows`,
        signInFlows,
      ]),
    ),
  };
  for (const [argument, found] of Object.entries(flows)) {
    if (found?.includes("refresh-token"))
      yield [argument, found, `no "refresh-token", which refreshRotation replaces`];
  }
}

function* loginFaults({ domain, redirects = "off" }: ManagedLogin): Generator<Fault> {
  if ("prefix" in domain) {
    if (!isDomainPrefix(domain.prefix))
      yield [
        "managedLogin.domain.prefix",
        domain.prefix,
        "lower-case letters, digits and hyphens, without aws, amazon or cognito",
      ];
  } else if (!isHostName(domain.name)) {
    yield ["managedLogin.domain.name", domain.name, "a host name"];
  }
  if (redirects !== "off") yield* redirectFaults("managedLogin.redirects", redirects);
}

function* redirectFaults(
  argument: string,
  { callbackUrls, logoutUrls = [] }: Redirects,
): Generator<Fault> {
  if (callbackUrls.length === 0) yield [`${argument}.callbackUrls`, callbackUrls, "at least one"];
  for (const [field, urls] of Object.entries({ callbackUrls, logoutUrls })) {
    for (const [index, url] of urls.entries()) {
      if (!isRedirect(url))
        yield [
          `${argument}.${field}[${index}]`,
          url,
          "an exact https:// address, or http://localhost",
        ];
    }
  }
}

const withLogin = "none unless managedLogin is on";
const namePattern = /^[a-z][a-z0-9-]{0,30}$/;
const allowedName = `names that match ${namePattern.source}`;
