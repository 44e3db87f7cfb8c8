/** The settings of an `AuthPool`, and which of them Cognito refuses or accepts without effect. */
import { accountFaults, arnFaults, arns, partitionFaults, partOf } from "../arn.ts";
import { atMost, awsLimits } from "../aws-limits.ts";
import { type Fault, integerFaults, repeatFaults, within } from "../fault.ts";
import { isHostName } from "../origins.ts";
import { partitionOf } from "../partition.ts";
import type { Home } from "../region.ts";
import type { Redirects, SignInSettings, TokenLifetimes } from "./auth-clients.ts";
import { type IdentityProvider, providerFaults } from "./identity-providers.ts";
import { isDomainPrefix, isRedirect, type ManagedLogin } from "./managed-login.ts";
import type { SesSender, UserPoolSettings } from "./user-pool.ts";

/** What a tenant decides about its users: the pool, its clients, and who else may sign in. */
export interface AuthSettings extends UserPoolSettings, SignInSettings {
  /**
   * Names of groups: letters, digits, `_` and `-`. The app's administration routes require the group
   * `admins`. Default `["admins"]`.
   */
  readonly groups?: readonly string[];
  /** Cognito's sign-in pages, by authorization code. Default `"off"`: apps show their own form. */
  readonly managedLogin?: "off" | ManagedLogin;
  /**
   * Names of servers that call the API without a user. Each has a client id and a secret, and conversations
   * of its own under its client id. Default none. Needs `managedLogin` for its token endpoint. $0.00225 a
   * token, and up to $6 a client and month (Amazon Cognito pricing).
   */
  readonly machineClients?: readonly string[];
  /** Directories whose users may sign in, by name. Default none. Needs `managedLogin`. */
  readonly identityProviders?: Readonly<Record<string, IdentityProvider>>;
}

/**
 * Finds settings that Cognito refuses, and names that two of the pool's resources would share.
 *
 * @param home region and account of the pool.
 */
export function* authFaults(args: AuthSettings, home: Home): Generator<Fault> {
  const { region, accounts } = home;
  yield* numberFaults(args);
  yield* planFaults(args);
  yield* passkeyFaults(args);
  yield* rotationFaults(args);
  yield* emailFaults(args, region);
  const association = "AWS WAF API reference, AssociateWebACL";
  yield* arnFaults("webAclArn", args.webAclArn, arns.webAcl, region, association);
  yield* accountFaults("webAclArn", args.webAclArn, accounts, association);
  for (const name of args.groups ?? []) {
    if (!/^[\w-]{1,128}$/.test(name)) yield ["groups", name, "letters, digits, _ and -"];
  }
  yield* repeatFaults("groups", args.groups ?? []);
  const { managedLogin = "off", clients = {}, identityProviders = {}, machineClients = [] } = args;
  if (managedLogin !== "off") yield* within("managedLogin", loginFaults(managedLogin, home));
  for (const [name, { redirects = "off" }] of Object.entries(clients)) {
    if (!namePattern.test(name)) yield ["clients", name, allowedName];
    if (redirects === "off") continue;
    if (managedLogin === "off") yield [`clients.${name}.redirects`, redirects, withLogin];
    yield* redirectFaults(`clients.${name}.redirects`, redirects);
  }
  for (const [name, provider] of Object.entries(identityProviders)) {
    yield* within(`identityProviders.${name}`, providerFaults(name, provider));
  }
  for (const name of machineClients) {
    if (!namePattern.test(name)) yield ["machineClients", name, allowedName];
    // Both would be `<pool>-machine-<name>` to Pulumi.
    const client = `machine-${name}`;
    if (client in clients)
      yield [`clients.${client}`, client, `another name, as machineClients has "${name}"`];
  }
  yield* repeatFaults("machineClients", machineClients);
  const names = { identityProviders: Object.keys(identityProviders), machineClients };
  for (const [argument, found] of Object.entries(names)) {
    if (found.length > 0 && managedLogin === "off") yield [argument, found, withLogin];
  }
}

/** An address, alone or in angle brackets after a name. */
const senderPattern = /^([^\s<>@]+@[^\s<>@]+|[^<>@\r\n]+<[^\s<>@]+@[^\s<>@]+>)$/;

function* emailFaults(
  { email = "cognito" }: AuthSettings,
  region: string | undefined,
): Generator<Fault> {
  if (email === "cognito") return;
  for (const field of ["from", "replyTo"] as const) {
    const found = email[field];
    if (found !== undefined && !senderPattern.test(found))
      yield [`email.${field}`, found, '"chat@acme.example" or "Acme <chat@acme.example>"'];
  }
  yield* identityFaults(email, region);
}

/** Regions of SES that pools of every commercial region may send from, beside their own. */
const sesRegions = ["us-east-1", "us-west-2", "eu-west-1"];

/** An identity in a region that Cognito does not send from, or that the sender's address is none of. */
function* identityFaults(
  { from, sesIdentityArn: arn }: SesSender,
  region: string | undefined,
): Generator<Fault> {
  if (typeof arn !== "string") return;
  if (!arns.sesIdentity.pattern.test(arn)) {
    yield ["email.sesIdentityArn", arn, arns.sesIdentity.what];
    return;
  }
  yield* partitionFaults("email.sesIdentityArn", arn, region);
  const page = 'Amazon Cognito Developer Guide, "Email settings for Amazon Cognito user pools"';
  const known = region === undefined ? [] : [...new Set([region, ...sesRegions])];
  if (
    region !== undefined &&
    partitionOf(region).partition === "aws" &&
    !known.includes(partOf(arn, 3) ?? "")
  )
    yield ["email.sesIdentityArn", arn, `an ARN in ${known.join(", ")} (${page})`];
  const identity = arn.slice(arn.indexOf("identity/") + "identity/".length).toLowerCase();
  const [, address = from] = /<([^<>]+)>$/.exec(from) ?? [];
  const host = address.slice(address.lastIndexOf("@") + 1).toLowerCase();
  const isVerified = identity.includes("@")
    ? address.toLowerCase() === identity
    : host === identity || host.endsWith(`.${identity}`);
  if (!isVerified) {
    const verified = 'Amazon SES Developer Guide, "Verified identities in Amazon SES"';
    yield ["email.from", from, `an address of ${identity}, as sesIdentityArn has it (${verified})`];
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

function* planFaults(args: AuthSettings): Generator<Fault> {
  const { featurePlan = "essentials", threatProtection = "off" } = args;
  if (threatProtection !== "off" && featurePlan !== "plus")
    yield ["threatProtection", threatProtection, `"off" unless featurePlan is "plus"`];
  if (featurePlan !== "lite") return;
  for (const argument of ["passkeys", "refreshRotation", "managedLogin"] as const) {
    const found = args[argument] ?? "off";
    if (found !== "off") yield [argument, found, `"off" where featurePlan is "lite"`];
  }
  for (const [argument, found] of signInFlowsOf(args)) {
    if (found?.includes("user-auth"))
      yield [argument, found, `no "user-auth" where featurePlan is "lite" (${choicePage})`];
  }
}

const choicePage = 'Amazon Cognito Developer Guide, "User pool feature plans"';

/** By argument: the pool's, and those of its further clients. */
const signInFlowsOf = ({ signInFlows, clients = {} }: AuthSettings) =>
  new Map([
    ["signInFlows", signInFlows],
    ...Object.entries(clients).map(
      ([name, client]) => [`clients.${name}.signInFlows`, client.signInFlows] as const,
    ),
  ]);

function* passkeyFaults(args: AuthSettings): Generator<Fault> {
  const { passkeys = "off", mfa = "required", signInFlows, managedLogin = "off" } = args;
  if (passkeys === "off") return;
  if (mfa === "required") yield ["mfa", mfa, `"optional" or "off" with passkeys`];
  const { relyingPartyId } = passkeys;
  const limit = awsLimits.relyingPartyId;
  if (!isHostName(relyingPartyId) || relyingPartyId.length > limit.most)
    yield [
      "passkeys.relyingPartyId",
      relyingPartyId,
      `a host name, ${atMost(limit, "characters")}`,
    ];
  // Cognito serves passkeys at its own domain, and takes no parent of it (API reference,
  // WebAuthnConfigurationType).
  if (managedLogin !== "off" && "name" in managedLogin.domain) {
    const { name } = managedLogin.domain;
    const page = "Cognito API reference, WebAuthnConfigurationType, RelyingPartyId";
    if (relyingPartyId !== name)
      yield [
        "passkeys.relyingPartyId",
        relyingPartyId,
        `"${name}", managedLogin's own domain (${page})`,
      ];
  }
  if (signInFlows && !signInFlows.includes("user-auth"))
    yield ["signInFlows", signInFlows, `"user-auth" among them, for passkeys`];
}

function* rotationFaults(args: AuthSettings): Generator<Fault> {
  if ((args.refreshRotation ?? "off") === "off") return;
  for (const [argument, found] of signInFlowsOf(args)) {
    if (found?.includes("refresh-token"))
      yield [argument, found, `no "refresh-token", which refreshRotation replaces`];
  }
}

function* loginFaults(
  { domain, redirects = "off" }: ManagedLogin,
  { region, accounts }: Home,
): Generator<Fault> {
  if ("prefix" in domain) {
    if (!isDomainPrefix(domain.prefix))
      yield [
        "domain.prefix",
        domain.prefix,
        "lower-case letters, digits and hyphens, without aws, amazon or cognito",
      ];
  } else {
    const limit = awsLimits.loginDomain;
    if (!isHostName(domain.name) || domain.name.length > limit.most)
      yield ["domain.name", domain.name, `a host name, ${atMost(limit, "characters")}`];
    // Cognito looks the parent's address up, and a top-level domain has none.
    else if (domain.name.split(".").length < 3)
      yield ["domain.name", domain.name, `a name below one that has an address (${ownDomain})`];
    // CloudFront serves it, wherever the pool is; elsewhere than in the commercial partition it is not.
    const isCommercial = region !== undefined && partitionOf(region).partition === "aws";
    const page = "Cognito API reference, CreateUserPoolDomain, CustomDomainConfig";
    const place = isCommercial ? "us-east-1" : undefined;
    yield* arnFaults("domain.certificateArn", domain.certificateArn, arns.certificate, place, page);
    yield* accountFaults("domain.certificateArn", domain.certificateArn, accounts, page);
  }
  if (redirects !== "off") yield* redirectFaults("redirects", redirects);
}

function* redirectFaults(
  argument: string,
  { callbackUrls, logoutUrls = [] }: Redirects,
): Generator<Fault> {
  if (callbackUrls.length === 0) yield [`${argument}.callbackUrls`, callbackUrls, "at least one"];
  for (const [field, urls] of Object.entries({ callbackUrls, logoutUrls })) {
    if (urls.length > awsLimits.redirects.most)
      yield [
        `${argument}.${field}`,
        `${urls.length} of them`,
        atMost(awsLimits.redirects, "addresses"),
      ];
    for (const [index, url] of urls.entries()) {
      if (!isRedirect(url) || url.length > awsLimits.redirect.most)
        yield [
          `${argument}.${field}[${index}]`,
          url,
          `an exact https:// address, http://localhost, or an app's own scheme (com.acme.chat:/in), ${atMost(awsLimits.redirect, "characters")}`,
        ];
    }
  }
}

const ownDomain = 'Amazon Cognito Developer Guide, "Using your own domain for managed login"';
const withLogin = "none unless managedLogin is on";
const namePattern = /^[a-z][a-z0-9-]{0,30}$/;
const allowedName = `names that match ${namePattern.source}`;
