import { expect, test } from "vitest";
import type { StackResource } from "../rule.ts";
import { resource, settingOf, testRule, unknown } from "../testing.ts";
import {
  caseInsensitive,
  deletionProtection,
  inviteOnly,
  mfa,
  password,
  recovery,
  risk,
  riskResponse,
  threat,
  tier,
} from "./user-pool.ts";

const pool = (props: object = {}) => resource("aws:cognito/userPool:UserPool", { ...props });

testRule(deletionProtection, {
  passes: { "a protected pool": [pool({ deletionProtection: "ACTIVE" })] },
  objects: {
    "protection is absent": [[pool()], "deletionProtection"],
    "it is inactive": [[pool({ deletionProtection: "INACTIVE" })], "deletionProtection"],
    "it is unknown": [[pool({ deletionProtection: unknown })], "cannot tell: deletionProtection"],
  },
});

const authenticator = { softwareTokenMfaConfiguration: { enabled: true } };

testRule(mfa, {
  passes: {
    "an authenticator app for everybody": [pool({ mfaConfiguration: "ON", ...authenticator })],
    "codes by mail for everybody": [
      pool({ mfaConfiguration: "ON", emailMfaConfiguration: { subject: "Your code" } }),
    ],
  },
  objects: {
    "all is absent": [[pool()], "mfaConfiguration", "softwareTokenMfaConfiguration.enabled"],
    "it is optional": [
      [pool({ mfaConfiguration: "OPTIONAL", ...authenticator })],
      "mfaConfiguration",
    ],
    "it is off": [[pool({ mfaConfiguration: "OFF", ...authenticator })], "mfaConfiguration"],
    "text messages are the only factor": [
      [
        pool({
          mfaConfiguration: "ON",
          smsConfiguration: { snsCallerArn: "arn:aws:iam::1:role/s" },
        }),
      ],
      "softwareTokenMfaConfiguration.enabled",
    ],
    "the authenticator app is off": [
      [pool({ mfaConfiguration: "ON", softwareTokenMfaConfiguration: { enabled: false } })],
      "softwareTokenMfaConfiguration.enabled",
    ],
  },
});

const strong = {
  minimumLength: 14,
  requireLowercase: true,
  requireUppercase: true,
  requireNumbers: true,
  requireSymbols: true,
  temporaryPasswordValidityDays: 3,
};
const withPolicy = (change: object) => [pool({ passwordPolicy: { ...strong, ...change } })];
const kinds = ["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"];

testRule(password, {
  passes: {
    "strong passwords": withPolicy({}),
    "the weakest that may be": withPolicy({ minimumLength: 12, temporaryPasswordValidityDays: 7 }),
  },
  objects: {
    "the policy is absent": [
      [pool()],
      "passwordPolicy.minimumLength",
      ...kinds.map((kind) => `passwordPolicy.${kind}`),
      "passwordPolicy.temporaryPasswordValidityDays",
    ],
    "passwords are short": [withPolicy({ minimumLength: 11 }), "passwordPolicy.minimumLength"],
    ...Object.fromEntries(
      kinds.flatMap((kind) => [
        [`${kind} is off`, [withPolicy({ [kind]: false }), `passwordPolicy.${kind}`]],
        [`${kind} is absent`, [withPolicy({ [kind]: undefined }), `passwordPolicy.${kind}`]],
      ]),
    ),
    "invitations last": [
      withPolicy({ temporaryPasswordValidityDays: 8 }),
      "passwordPolicy.temporaryPasswordValidityDays",
    ],
    "the length is unknown": [
      withPolicy({ minimumLength: unknown }),
      "cannot tell: passwordPolicy.minimumLength",
    ],
  },
});

testRule(password, {
  config: { length: 20, days: 2 },
  passes: {},
  objects: {
    "the config asks for more": [
      withPolicy({}),
      "passwordPolicy.minimumLength",
      "passwordPolicy.temporaryPasswordValidityDays",
    ],
  },
});

test("cog-password keeps what is stronger than it asks", () => {
  const props = { passwordPolicy: { minimumLength: 20, passwordHistorySize: 5 } };
  password.remediate?.(props, { length: 12, days: 7 });
  expect(props.passwordPolicy).toEqual({
    ...strong,
    minimumLength: 20,
    passwordHistorySize: 5,
    temporaryPasswordValidityDays: 7,
  });
});

testRule(tier, {
  passes: {
    "a plan with passkeys": [pool({ userPoolTier: "ESSENTIALS" }), pool({ userPoolTier: "PLUS" })],
  },
  objects: {
    "the plan is absent": [[pool()], "userPoolTier"],
    "it is the small one": [[pool({ userPoolTier: "LITE" })], "userPoolTier"],
  },
});

testRule(tier, {
  config: { tiers: ["PLUS"] },
  passes: {},
  objects: { "the config wants another": [[pool({ userPoolTier: "ESSENTIALS" })], "userPoolTier"] },
});

const enforced = { advancedSecurityMode: "ENFORCED" };
const custom = { lambdaConfig: { defineAuthChallenge: "arn:aws:lambda:eu-west-1:1:function:f" } };

testRule(threat, {
  passes: {
    "a pool that blocks": [pool({ userPoolAddOns: enforced })],
    "a pool that blocks custom sign-ins as well": [
      pool({
        ...custom,
        userPoolAddOns: {
          ...enforced,
          advancedSecurityAdditionalFlows: { customAuthMode: "ENFORCED" },
        },
      }),
    ],
  },
  objects: {
    "it is absent": [[pool()], "userPoolAddOns.advancedSecurityMode"],
    "it only watches": [
      [pool({ userPoolAddOns: { advancedSecurityMode: "AUDIT" } })],
      "userPoolAddOns.advancedSecurityMode",
    ],
    "custom sign-ins are only watched": [
      [pool({ ...custom, userPoolAddOns: enforced })],
      "userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode",
    ],
  },
});

const responses = {
  compromisedCredentialsRiskConfiguration: { actions: { eventAction: "BLOCK" } },
  accountTakeoverRiskConfiguration: { actions: { highAction: { eventAction: "BLOCK" } } },
};
const risks = (change: object) => [
  resource("aws:cognito/riskConfiguration:RiskConfiguration", { ...responses, ...change }),
];
const leaked = "compromisedCredentialsRiskConfiguration.actions.eventAction";
const taken = "accountTakeoverRiskConfiguration.actions.highAction.eventAction";

const enforcing = pool({ userPoolAddOns: { advancedSecurityMode: "ENFORCED" } });
const riskOf = (of: StackResource, props: Record<string, unknown> = {}) =>
  settingOf(of, "aws:cognito/riskConfiguration:RiskConfiguration", props, "userPoolId");

testRule(riskResponse, {
  passes: {
    "a pool with responses": [enforcing, riskOf(enforcing)],
    "responses of its own for one client": [
      enforcing,
      riskOf(enforcing, { clientId: "c-1" }),
      riskOf(enforcing),
    ],
    "a pool that enforces nothing": [
      pool({ userPoolAddOns: { advancedSecurityMode: "AUDIT" } }),
      pool(),
    ],
  },
  objects: {
    "there are none": [[enforcing], "RiskConfiguration"],
    "they are another pool's": [
      [
        enforcing,
        resource("aws:cognito/riskConfiguration:RiskConfiguration", { userPoolId: "eu-west-1_2" }),
      ],
      "RiskConfiguration",
    ],
    "they are one client's": [
      [enforcing, riskOf(enforcing, { clientId: "c-1" })],
      "RiskConfiguration",
    ],
    "it is unknown whose they are": [
      [enforcing, riskOf(enforcing, { clientId: unknown })],
      "cannot tell: clientId",
    ],
    "the mode is unknown": [
      [pool({ userPoolAddOns: { advancedSecurityMode: unknown } })],
      "cannot tell: userPoolAddOns.advancedSecurityMode",
    ],
  },
});

testRule(risk, {
  passes: {
    "both are blocked": risks({}),
    "an office that is trusted": risks({
      riskExceptionConfiguration: { skippedIpRangeLists: ["203.0.113.0/24"] },
    }),
  },
  objects: {
    "both are absent": [
      [resource("aws:cognito/riskConfiguration:RiskConfiguration", {})],
      leaked,
      taken,
    ],
    "leaked passwords are noted": [
      risks({ compromisedCredentialsRiskConfiguration: { actions: { eventAction: "NO_ACTION" } } }),
      leaked,
    ],
    "takeovers are noted": [
      risks({
        accountTakeoverRiskConfiguration: { actions: { highAction: { eventAction: "NO_ACTION" } } },
      }),
      taken,
    ],
    "every network is trusted": [
      risks({ riskExceptionConfiguration: { skippedIpRangeLists: ["0.0.0.0/0"] } }),
      "riskExceptionConfiguration.skippedIpRangeLists",
    ],
  },
});

const creating = (allowAdminCreateUserOnly: unknown) =>
  pool({ adminCreateUserConfig: { allowAdminCreateUserOnly } });

testRule(inviteOnly, {
  passes: { "a pool by invitation": [creating(true)] },
  objects: {
    "the block is absent": [[pool()], "adminCreateUserConfig.allowAdminCreateUserOnly"],
    "anybody may sign up": [[creating(false)], "adminCreateUserConfig.allowAdminCreateUserOnly"],
  },
});

const recovering = (...names: string[]) =>
  pool({ accountRecoverySetting: { recoveryMechanisms: names.map((name) => ({ name })) } });

testRule(recovery, {
  passes: {
    "by mail": [recovering("verified_email")],
    "by an administrator": [recovering("admin_only")],
  },
  objects: {
    "it is absent": [[pool()], "accountRecoverySetting.recoveryMechanisms"],
    "text messages are one way": [
      [recovering("verified_email", "verified_phone_number")],
      "accountRecoverySetting.recoveryMechanisms",
    ],
  },
});

testRule(caseInsensitive, {
  passes: { "names of any case": [pool({ usernameConfiguration: { caseSensitive: false } })] },
  objects: {
    "it is absent": [[pool()], "usernameConfiguration.caseSensitive"],
    "case counts": [
      [pool({ usernameConfiguration: { caseSensitive: true } })],
      "usernameConfiguration.caseSensitive",
    ],
  },
});
