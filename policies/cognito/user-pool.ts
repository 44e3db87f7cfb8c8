import { hipaa, nag, securityHub } from "../frameworks.ts";
import { at, isObject, listAt, numberAt, textAt, textsAt } from "../reading/read.ts";
import { resourceRule, stackRule } from "../rule.ts";

const userPools = ["aws:cognito/userPool:UserPool"];

export const deletionProtection = resourceRule({
  id: "cog-deletion-protection",
  service: "Cognito",
  description: "User pools must refuse to be deleted.",
  reason: "A deleted pool takes every user with it; passwords cannot be restored.",
  fix: 'set deletionProtection: "ACTIVE" (retain: "retain" or "protect" on the component).',
  severity: "high",
  level: "mandatory-in-production",
  exemptible: "to-remove",
  frameworks: [...securityHub("Cognito.6"), ...hipaa("164.308(a)(7)(ii)(A)")],
  types: userPools,
  judge({ props }, report) {
    const found = at(props, "deletionProtection");
    if (found !== "ACTIVE") report("deletionProtection", found, "ACTIVE");
  },
  remediate(props) {
    props.deletionProtection = "ACTIVE";
  },
});

export const mfa = resourceRule({
  id: "cog-mfa",
  service: "Cognito",
  description: "Users must sign in with a second factor that is not a text message.",
  reason: "A leaked password opens every conversation of its user; text messages can be diverted.",
  fix: 'set mfaConfiguration: "ON" and softwareTokenMfaConfiguration: { enabled: true }.',
  severity: "high",
  level: "mandatory-in-production",
  frameworks: [...nag("AwsSolutions-COG2"), ...securityHub("Cognito.5"), ...hipaa("164.312(d)")],
  types: userPools,
  judge({ props }, report) {
    const mode = at(props, "mfaConfiguration");
    if (mode !== "ON") report("mfaConfiguration", mode, "ON");
    const authenticator = at(props, "softwareTokenMfaConfiguration.enabled");
    if (authenticator !== true && at(props, "emailMfaConfiguration") === undefined)
      report("softwareTokenMfaConfiguration.enabled", authenticator, "true");
  },
});

const kinds = ["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"];

export const password = resourceRule({
  id: "cog-password",
  service: "Cognito",
  description: "Passwords must be long and of all kinds, invitations short-lived.",
  reason: "Cognito's eight characters can be guessed, and an old invitation is an open account.",
  fix: "set passwordPolicy with minimumLength, the four require… flags and temporaryPasswordValidityDays.",
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...nag("AwsSolutions-COG1"),
    ...securityHub("Cognito.3"),
    ...hipaa("164.308(a)(5)(ii)(D)"),
  ],
  config: {
    length: {
      type: "integer",
      default: 12,
      minimum: 8,
      maximum: 99,
      description: "Fewest characters.",
    },
    days: {
      type: "integer",
      default: 7,
      minimum: 1,
      maximum: 365,
      description: "Longest life of an invitation's password, in days.",
    },
  },
  types: userPools,
  judge({ props }, report, { length, days }) {
    const found = numberAt(props, "passwordPolicy.minimumLength");
    if (found === undefined || found < length)
      report("passwordPolicy.minimumLength", found, `at least ${length}`);
    for (const kind of kinds) {
      const required = at(props, `passwordPolicy.${kind}`);
      if (required !== true) report(`passwordPolicy.${kind}`, required, "true");
    }
    const life = numberAt(props, "passwordPolicy.temporaryPasswordValidityDays");
    if (life === undefined || life > days)
      report("passwordPolicy.temporaryPasswordValidityDays", life, `at most ${days}`);
  },
  remediate(props, { length, days }) {
    const own = at(props, "passwordPolicy");
    props.passwordPolicy = {
      ...(isObject(own) && own),
      ...Object.fromEntries(kinds.map((kind) => [kind, true])),
      minimumLength: Math.max(numberAt(own, "minimumLength") ?? length, length),
      temporaryPasswordValidityDays: Math.min(
        numberAt(own, "temporaryPasswordValidityDays") ?? days,
        days,
      ),
    };
  },
});

export const tier = resourceRule({
  id: "cog-tier",
  service: "Cognito",
  description: "User pools must name their feature plan, and none without passkeys.",
  reason: "The plan sets the price of each active user and which protections work at all.",
  fix: 'set userPoolTier: "ESSENTIALS" or "PLUS".',
  severity: "low",
  level: "mandatory",
  frameworks: nag("AwsSolutions-COG8"),
  config: {
    tiers: {
      type: "array",
      items: { type: "string" },
      default: ["ESSENTIALS", "PLUS"],
      description: "Allowed feature plans.",
    },
  },
  types: userPools,
  judge({ props }, report, { tiers }) {
    const found = textAt(props, "userPoolTier");
    if (found === undefined || !tiers.includes(found))
      report("userPoolTier", found, tiers.join(" or "));
  },
});

export const threat = resourceRule({
  id: "cog-threat",
  service: "Cognito",
  description: "User pools must block suspicious sign-ins.",
  reason: "Passwords that leaked elsewhere are tried here, by the million.",
  fix: 'set userPoolTier: "PLUS" and userPoolAddOns: { advancedSecurityMode: "ENFORCED" }.',
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [...nag("AwsSolutions-COG8"), ...securityHub("Cognito.1", "Cognito.4")],
  types: userPools,
  judge({ props }, report) {
    const mode = at(props, "userPoolAddOns.advancedSecurityMode");
    if (mode !== "ENFORCED") report("userPoolAddOns.advancedSecurityMode", mode, "ENFORCED");
    // Sign-ins that a function defines have a switch of their own, which is "AUDIT" where absent.
    if (at(props, "lambdaConfig.defineAuthChallenge") === undefined) return;
    const path = "userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode";
    if (at(props, path) !== "ENFORCED") report(path, at(props, path), "ENFORCED");
  },
});

const riskConfigurations = "aws:cognito/riskConfiguration:RiskConfiguration";

export const riskResponse = stackRule({
  id: "cog-risk-response",
  service: "Cognito",
  description: "User pools that enforce threat protection must say how.",
  reason: "Without responses Cognito rates each sign-in, is paid for it, and lets it pass.",
  fix: "name the pool in an aws.cognito.RiskConfiguration without clientId.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: securityHub("Cognito.1"),
  types: userPools,
  judge(pool, report, _config, stack) {
    if (at(pool.props, "userPoolAddOns.advancedSecurityMode") !== "ENFORCED") return;
    const found = stack.namedBy(pool, "userPoolId", riskConfigurations);
    // One with a client is that client's alone.
    if (!found.some(({ props }) => !at(props, "clientId")))
      report("RiskConfiguration", undefined, "one for all clients of the pool");
  },
});

export const risk = resourceRule({
  id: "cog-risk",
  service: "Cognito",
  description: "Threat protection must block what it detects.",
  reason: "A leaked password, or a sign-in that is surely not the user's, would only be noted.",
  fix: 'set compromisedCredentialsRiskConfiguration.actions.eventAction: "BLOCK" and accountTakeoverRiskConfiguration.actions.highAction.eventAction: "BLOCK".',
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: securityHub("Cognito.1"),
  types: [riskConfigurations],
  judge({ props }, report) {
    const leaked = "compromisedCredentialsRiskConfiguration.actions.eventAction";
    if (at(props, leaked) !== "BLOCK") report(leaked, at(props, leaked), "BLOCK");
    const taken = "accountTakeoverRiskConfiguration.actions.highAction.eventAction";
    if (!["BLOCK", "MFA_REQUIRED"].includes(textAt(props, taken) ?? ""))
      report(taken, at(props, taken), "BLOCK or MFA_REQUIRED");
    for (const range of textsAt(props, "riskExceptionConfiguration.skippedIpRangeLists"))
      if (range.endsWith("/0"))
        report("riskExceptionConfiguration.skippedIpRangeLists", range, "known networks");
  },
});

export const inviteOnly = resourceRule({
  id: "cog-invite-only",
  service: "Cognito",
  description: "Only administrators must create users.",
  reason: "Whoever signs up by himself is inside the tenant.",
  fix: "set adminCreateUserConfig: { allowAdminCreateUserOnly: true }.",
  severity: "high",
  level: "mandatory-in-production",
  frameworks: hipaa("164.308(a)(4)(ii)(B)"),
  types: userPools,
  judge({ props }, report) {
    const path = "adminCreateUserConfig.allowAdminCreateUserOnly";
    const only = at(props, path);
    if (only !== true) report(path, only, "true");
  },
});

export const recovery = resourceRule({
  id: "cog-recovery",
  service: "Cognito",
  description: "Forgotten passwords should be reset by mail or by an administrator.",
  reason: "Cognito's default prefers text messages, which can be diverted.",
  fix: "set accountRecoverySetting with recoveryMechanisms verified_email or admin_only.",
  severity: "low",
  level: "advisory",
  frameworks: hipaa("164.312(d)"),
  types: userPools,
  judge({ props }, report) {
    const path = "accountRecoverySetting.recoveryMechanisms";
    const names = listAt(props, path).map((one) => textAt(one, "name"));
    if (names.length === 0) report(path, undefined, "verified_email or admin_only");
    if (names.includes("verified_phone_number"))
      report(path, "verified_phone_number", "verified_email or admin_only");
  },
});

export const caseInsensitive = resourceRule({
  id: "cog-case",
  service: "Cognito",
  description: "User names should not differ by case alone.",
  reason: "Alice and alice would be two users, and one could pass for the other.",
  fix: "set usernameConfiguration: { caseSensitive: false } when the pool is made; changing it makes a new pool.",
  severity: "low",
  level: "advisory",
  frameworks: [],
  types: userPools,
  judge({ props }, report) {
    const found = at(props, "usernameConfiguration.caseSensitive");
    if (found !== false) report("usernameConfiguration.caseSensitive", found, "false");
  },
});
