import { hipaa, nag, securityHub } from "../frameworks.ts";
import { at, numberAt, textAt, textsAt } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";

const clients = [
  "aws:cognito/userPoolClient:UserPoolClient",
  "aws:cognito/managedUserPoolClient:ManagedUserPoolClient",
];

/** With the names they had before `ALLOW_…`. */
const plainPasswordFlows = ["ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"];

export const clientFlows = resourceRule({
  id: "cog-client-flows",
  service: "Cognito",
  description: "Clients must name their sign-in flows, and none that sends the password.",
  reason: "A password that leaves the device is in every proxy, log and crash report on its way.",
  fix: 'set explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"].',
  severity: "high",
  level: "mandatory",
  frameworks: hipaa("164.312(d)"),
  types: clients,
  judge({ props }, report) {
    const flows = textsAt(props, "explicitAuthFlows");
    // Cognito then allows flows that a function defines (CreateUserPoolClient in its API reference).
    if (flows.length === 0) report("explicitAuthFlows", undefined, "a list of flows");
    for (const flow of flows.filter((one) => plainPasswordFlows.includes(one)))
      report("explicitAuthFlows", flow, "ALLOW_USER_SRP_AUTH");
  },
});

/** Apart from the rule above, for test users of other environments sign in with an operator's credentials. */
export const adminFlow = resourceRule({
  id: "cog-admin-flow",
  service: "Cognito",
  description: "Clients must not let servers sign users in by password.",
  reason: "Whoever holds such credentials can try passwords past every limit for the public.",
  fix: "remove ALLOW_ADMIN_USER_PASSWORD_AUTH from explicitAuthFlows.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: hipaa("164.312(d)"),
  types: clients,
  judge({ props }, report) {
    const flow = "ALLOW_ADMIN_USER_PASSWORD_AUTH";
    if (textsAt(props, "explicitAuthFlows").includes(flow))
      report("explicitAuthFlows", flow, "ALLOW_USER_SRP_AUTH");
  },
});

export const enumeration = resourceRule({
  id: "cog-enumeration",
  service: "Cognito",
  description: "Clients must not reveal who has an account.",
  reason: "Cognito's default answers tell a stranger which addresses are users.",
  fix: 'set preventUserExistenceErrors: "ENABLED".',
  severity: "medium",
  level: "mandatory",
  frameworks: [],
  types: clients,
  judge({ props }, report) {
    const found = at(props, "preventUserExistenceErrors");
    if (found !== "ENABLED") report("preventUserExistenceErrors", found, "ENABLED");
  },
  remediate(props) {
    props.preventUserExistenceErrors = "ENABLED";
  },
});

export const revocation = resourceRule({
  id: "cog-revocation",
  service: "Cognito",
  description: "Clients must be able to revoke tokens.",
  reason: "A stolen refresh token would work until it expires, whatever its user does.",
  fix: "set enableTokenRevocation: true.",
  severity: "medium",
  level: "mandatory",
  frameworks: hipaa("164.308(a)(3)(ii)(C)"),
  types: clients,
  judge({ props }, report) {
    const enabled = at(props, "enableTokenRevocation");
    if (enabled !== true) report("enableTokenRevocation", enabled, "true");
  },
  remediate(props) {
    props.enableTokenRevocation = true;
  },
});

export const rotation = resourceRule({
  id: "cog-refresh-rotation",
  service: "Cognito",
  description: "Refresh tokens of clients without a secret should be used once.",
  reason:
    "A stolen one otherwise works beside its owner's until it expires (RFC 9700 section 2.2.2).",
  fix: 'set refreshTokenRotation: { feature: "ENABLED" } in place of ALLOW_REFRESH_TOKEN_AUTH.',
  severity: "low",
  level: "advisory",
  frameworks: hipaa("164.312(d)"),
  config: {
    graceSeconds: {
      type: "integer",
      default: 60,
      minimum: 0,
      maximum: 60,
      description: "Longest time for which a used token still works, in seconds.",
    },
  },
  types: clients,
  judge({ props }, report, { graceSeconds }) {
    if (at(props, "generateSecret") === true) return;
    const feature = at(props, "refreshTokenRotation.feature");
    if (feature !== "ENABLED") return report("refreshTokenRotation.feature", feature, "ENABLED");
    const path = "refreshTokenRotation.retryGracePeriodSeconds";
    const grace = numberAt(props, path) ?? 0;
    if (grace > graceSeconds) report(path, grace, `at most ${graceSeconds}`);
  },
});

/** Validity where none is named, and its unit where none is named ("CreateUserPoolClient" in Cognito's API reference). */
const tokens = [
  { token: "accessToken", unit: "hours", standard: 60 },
  { token: "idToken", unit: "hours", standard: 60 },
  { token: "refreshToken", unit: "days", standard: 30 * 24 * 60 },
] as const;

const minutesIn: Readonly<Record<string, number>> = {
  seconds: 1 / 60,
  minutes: 1,
  hours: 60,
  days: 24 * 60,
};

export const tokenTtl = resourceRule({
  id: "cog-token-ttl",
  service: "Cognito",
  description: "Tokens should be short-lived.",
  reason: "An access token cannot be taken back: it works until it expires.",
  fix: "lower accessTokenValidity, idTokenValidity and refreshTokenValidity, and name tokenValidityUnits.",
  severity: "low",
  level: "advisory",
  frameworks: hipaa("164.312(a)(2)(iii)"),
  config: {
    minutes: {
      type: "integer",
      default: 60,
      minimum: 5,
      maximum: 1440,
      description: "Longest life of access and ID tokens, in minutes.",
    },
    refreshDays: {
      type: "integer",
      default: 30,
      minimum: 1,
      maximum: 3650,
      description: "Longest life of refresh tokens, in days.",
    },
  },
  types: clients,
  judge({ props }, report, { minutes, refreshDays }) {
    for (const { token, unit, standard } of tokens) {
      const value = numberAt(props, `${token}Validity`);
      const unitName = textAt(props, `tokenValidityUnits.${token}`) ?? unit;
      // 0 is read as absent.
      const life = value ? value * (minutesIn[unitName] ?? Number.POSITIVE_INFINITY) : standard;
      const most = token === "refreshToken" ? refreshDays * 24 * 60 : minutes;
      if (life > most)
        report(`${token}Validity`, `${value} ${unitName}`, `at most ${most} minutes`);
    }
  },
});

export const noImplicit = resourceRule({
  id: "cog-no-implicit",
  service: "Cognito",
  description: "Clients must not use the implicit flow.",
  reason:
    "It puts tokens into the address bar, its history and its referrers (RFC 9700 section 2.1.2).",
  fix: 'set allowedOauthFlows: ["code"].',
  severity: "high",
  level: "mandatory",
  frameworks: [],
  types: clients,
  judge({ props }, report) {
    if (textsAt(props, "allowedOauthFlows").includes("implicit"))
      report("allowedOauthFlows", "implicit", "code");
  },
});

export const httpsCallback = resourceRule({
  id: "cog-https-callback",
  service: "Cognito",
  description: "Clients must be called back over TLS or inside the device.",
  reason: "The sign-in code is delivered to whoever answers at the address.",
  fix: "use https://, http://localhost for development, or an app's own scheme in reverse-domain form.",
  severity: "high",
  level: "mandatory",
  frameworks: hipaa("164.312(e)(1)"),
  types: clients,
  judge({ props }, report) {
    for (const property of ["callbackUrls", "logoutUrls", "defaultRedirectUri"])
      for (const url of textsAt(props, property))
        if (!isSafeCallback(url)) report(property, url, "https:// or loopback");
  },
});

/** Loopback, and private-use schemes that contain the app's domain: RFC 8252 sections 7.1 and 7.3. */
function isSafeCallback(url: string): boolean {
  return (
    /^https:\/\/[^/*]+/.test(url) ||
    /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?(\/|$)/.test(url) ||
    /^[a-z][a-z\d+-]*(\.[a-z\d+-]+)+:/i.test(url)
  );
}

export const classicFlow = resourceRule({
  id: "cog-classic-flow",
  service: "Cognito",
  description: "Identity pools must hand out credentials in the enhanced flow only.",
  reason:
    "In the classic flow the client names the role, and the pool's scope-down does not apply.",
  fix: "remove allowClassicFlow.",
  severity: "medium",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  types: ["aws:cognito/identityPool:IdentityPool"],
  judge({ props }, report) {
    if (at(props, "allowClassicFlow") === true) report("allowClassicFlow", true, "false");
  },
});

export const noGuest = resourceRule({
  id: "cog-no-guest",
  service: "Cognito",
  description: "Identity pools must not admit guests.",
  reason: "Guests receive AWS credentials without signing in.",
  fix: "set allowUnauthenticatedIdentities: false and attach no role for unauthenticated identities.",
  severity: "critical",
  level: "mandatory",
  frameworks: [...nag("AwsSolutions-COG7"), ...securityHub("Cognito.2"), ...hipaa("164.312(d)")],
  types: [
    "aws:cognito/identityPool:IdentityPool",
    "aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment",
  ],
  judge({ props }, report) {
    if (at(props, "allowUnauthenticatedIdentities") === true)
      report("allowUnauthenticatedIdentities", true, "false");
    if (at(props, "roles.unauthenticated") !== undefined)
      report("roles.unauthenticated", "a role", "nothing");
  },
});
