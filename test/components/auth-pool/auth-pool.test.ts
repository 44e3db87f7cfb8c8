import { expect, test } from "vitest";
import { AuthPool, type AuthPoolArgs } from "../../../components/auth-pool/auth-pool.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const poolRecords = (args: Partial<AuthPoolArgs> = {}) =>
  recordsOf(() => new AuthPool("users", { tenant: "acme", ...args }));

test("a pool is invite-only, asks for a second factor and for long passwords", async () => {
  const { inputs } = (await poolRecords()).one("UserPool");
  expect(inputs).toMatchObject({
    userPoolTier: "ESSENTIALS",
    adminCreateUserConfig: { allowAdminCreateUserOnly: true },
    mfaConfiguration: "ON",
    softwareTokenMfaConfiguration: { enabled: true },
    passwordPolicy: {
      minimumLength: 14,
      requireLowercase: true,
      requireUppercase: true,
      requireNumbers: true,
      requireSymbols: true,
      temporaryPasswordValidityDays: 3,
    },
    usernameAttributes: ["email"],
    usernameConfiguration: { caseSensitive: false },
  });
});

test("the client is public, has no OAuth flow and no flow that sends a password in clear", async () => {
  const { inputs } = (await poolRecords()).one("UserPoolClient");
  expect(inputs).toMatchObject({
    generateSecret: false,
    allowedOauthFlowsUserPoolClient: false,
    explicitAuthFlows: ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    preventUserExistenceErrors: "ENABLED",
    enableTokenRevocation: true,
    accessTokenValidity: 60,
    idTokenValidity: 60,
    refreshTokenValidity: 30,
    tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
  });
  expect(inputs.allowedOauthFlows).toEqual([]);
  expect(inputs.callbackUrls).toEqual([]);
});

test.each([
  ["optional", "OPTIONAL", true],
  ["off", "OFF", false],
] as const)("mfa %s sets %s", async (mfa, expected, authenticator) => {
  const { inputs } = (await poolRecords({ mfa })).one("UserPool");
  expect(inputs.mfaConfiguration).toBe(expected);
  expect("softwareTokenMfaConfiguration" in inputs).toBe(authenticator);
});

test("every other setting follows its argument", async () => {
  const records = await poolRecords({
    featurePlan: "plus",
    signUp: "self-service",
    password: { minimumLength: 20, temporaryPasswordDays: 1 },
    signInFlows: ["user-auth", "admin-user-password"],
    tokens: { accessTokenMinutes: 5, idTokenMinutes: 10, refreshTokenDays: 1 },
  });
  expect(records.one("UserPool").inputs).toMatchObject({
    userPoolTier: "PLUS",
    adminCreateUserConfig: { allowAdminCreateUserOnly: false },
    passwordPolicy: { minimumLength: 20, temporaryPasswordValidityDays: 1 },
  });
  expect(records.one("UserPoolClient").inputs).toMatchObject({
    explicitAuthFlows: ["ALLOW_USER_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH"],
    accessTokenValidity: 5,
    idTokenValidity: 10,
    refreshTokenValidity: 1,
  });
});

test("threat protection is off by default and audits where that is asked for", async () => {
  const off = (await poolRecords()).one("UserPool");
  expect(off.inputs.userPoolAddOns).toEqual({ advancedSecurityMode: "OFF" });
  const audited = await poolRecords({ featurePlan: "plus", threatProtection: "audit" });
  expect(audited.one("UserPool").inputs.userPoolAddOns).toEqual({ advancedSecurityMode: "AUDIT" });
  expect(audited.all("RiskConfiguration")).toEqual([]);
});

test("enforced threat protection blocks leaked passwords and likely account takeovers", async () => {
  const records = await poolRecords({ featurePlan: "plus", threatProtection: "enforced" });
  const pool = records.one("UserPool");
  expect(pool.inputs.userPoolAddOns).toEqual({ advancedSecurityMode: "ENFORCED" });
  const risks = records.one("RiskConfiguration");
  expect(risks.inputs).toEqual({
    userPoolId: pool.id,
    compromisedCredentialsRiskConfiguration: { actions: { eventAction: "BLOCK" } },
    accountTakeoverRiskConfiguration: {
      actions: {
        mediumAction: { eventAction: "MFA_IF_CONFIGURED", notify: false },
        highAction: { eventAction: "BLOCK", notify: false },
      },
    },
  });
  expect(risks.options).toMatchObject({ protect: false, retainOnDelete: false });
});

test.each([
  { threatProtection: "enforced" },
  { threatProtection: "audit", featurePlan: "lite" },
] satisfies Partial<AuthPoolArgs>[])("%j is refused, because it needs the plus plan", async (args) => {
  await expect(poolRecords(args)).rejects.toThrow(
    `AuthPool "users": threatProtection: found "${args.threatProtection}"; allowed: "off" unless featurePlan is "plus"`,
  );
});

test("a transform reaches the responses to risks", async () => {
  const records = await poolRecords({
    featurePlan: "plus",
    threatProtection: "enforced",
    transform: {
      riskConfiguration: (args) => {
        args.riskExceptionConfiguration = { skippedIpRangeLists: ["192.0.2.0/24"] };
      },
    },
  });
  expect(records.one("RiskConfiguration").inputs).toMatchObject({
    riskExceptionConfiguration: { skippedIpRangeLists: ["192.0.2.0/24"] },
    compromisedCredentialsRiskConfiguration: { actions: { eventAction: "BLOCK" } },
  });
});

test("there is a group of administrators, or the groups asked for", async () => {
  expect((await poolRecords()).one("UserGroup").inputs.name).toBe("admins");
  const named = await poolRecords({ groups: ["admins", "support"] });
  expect(named.all("UserGroup").map(({ inputs }) => inputs.name)).toEqual(["admins", "support"]);
});

test.each([
  [{ password: { minimumLength: 6 } }, "password.minimumLength: found 6"],
  [{ tokens: { accessTokenMinutes: 1 } }, "tokens.accessTokenMinutes: found 1"],
  [{ tokens: { refreshTokenDays: 4000 } }, "tokens.refreshTokenDays: found 4000"],
])("%j is refused with what is allowed", async (args, message) => {
  await expect(poolRecords(args)).rejects.toThrow(`AuthPool "users": ${message}; allowed: a whole`);
});
