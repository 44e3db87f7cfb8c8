import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { AuthPool, type AuthPoolArgs } from "../../../components/auth-pool/auth-pool.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const poolRecords = (args: Partial<AuthPoolArgs> = {}) =>
  recordsOf(() => new AuthPool("users", { tenant: "acme", ...args }));

const redirects = { callbackUrls: ["https://app.acme.example/signed-in"] };
const managedLogin = { domain: { prefix: "acme-chat" }, redirects } as const;
const oidc = {
  kind: "oidc",
  issuer: "https://login.acme.example",
  clientId: "chat",
  clientSecret: "s3cret",
} as const;

test("by default there is one client, no page, no provider and no machine", async () => {
  const records = await poolRecords();
  expect(records.all("UserPoolClient")).toHaveLength(1);
  for (const type of ["UserPoolDomain", "ManagedLoginBranding", "IdentityProvider"]) {
    expect(records.all(type)).toEqual([]);
  }
  expect(records.all("ResourceServer")).toEqual([]);
  const { inputs } = records.one("UserPool");
  expect(inputs).not.toHaveProperty("webAuthnConfiguration");
  expect(inputs.signInPolicy).toEqual({ allowedFirstAuthFactors: ["PASSWORD"] });
  expect(records.one("UserPoolClient").inputs).not.toHaveProperty("refreshTokenRotation");
});

test("a pool that had passkeys offers passwords alone again, on each plan", async () => {
  for (const featurePlan of ["lite", "essentials", "plus"] as const) {
    const records = await poolRecords({ featurePlan, passkeys: "off" });
    expect(records.one("UserPool").inputs).toMatchObject({
      userPoolTier: featurePlan.toUpperCase(),
      signInPolicy: { allowedFirstAuthFactors: ["PASSWORD"] },
    });
  }
});

test("passkeys are bound to a domain, verify their user, and are a choice at sign-in", async () => {
  const records = await poolRecords({
    mfa: "optional",
    passkeys: { relyingPartyId: "acme.example" },
  });
  expect(records.one("UserPool").inputs).toMatchObject({
    webAuthnConfiguration: { relyingPartyId: "acme.example", userVerification: "required" },
    signInPolicy: { allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] },
  });
  expect(records.one("UserPoolClient").inputs.explicitAuthFlows).toEqual([
    "ALLOW_USER_SRP_AUTH",
    "ALLOW_USER_AUTH",
    "ALLOW_REFRESH_TOKEN_AUTH",
  ]);
  const preferred = await poolRecords({
    mfa: "off",
    passkeys: { relyingPartyId: "acme.example", userVerification: "preferred" },
  });
  expect(preferred.one("UserPool").inputs.webAuthnConfiguration).toMatchObject({
    userVerification: "preferred",
  });
});

test("refresh tokens rotate, and the flow that they replace is gone", async () => {
  const records = await poolRecords({ refreshRotation: { graceSeconds: 30 } });
  expect(records.one("UserPoolClient").inputs).toMatchObject({
    refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds: 30 },
    explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
  });
});

test("managed login of version 2 stands at a prefix and hands out codes to exact addresses", async () => {
  const records = await poolRecords({ managedLogin });
  const pool = records.one("UserPool");
  const client = records.one("UserPoolClient");
  expect(records.one("UserPoolDomain").inputs).toEqual({
    userPoolId: pool.id,
    managedLoginVersion: 2,
    domain: "acme-chat",
  });
  expect(client.inputs).toMatchObject({
    generateSecret: false,
    allowedOauthFlowsUserPoolClient: true,
    allowedOauthFlows: ["code"],
    allowedOauthScopes: ["openid", "email", "profile", "aws.cognito.signin.user.admin"],
    callbackUrls: redirects.callbackUrls,
    logoutUrls: redirects.callbackUrls,
    supportedIdentityProviders: ["COGNITO"],
  });
  expect(records.one("ManagedLoginBranding").inputs).toEqual({
    userPoolId: pool.id,
    clientId: client.id,
    useCognitoProvidedValues: true,
  });
});

test("managed login stands at a name of one's own, and signs out elsewhere", async () => {
  const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/c";
  const records = await poolRecords({
    managedLogin: {
      domain: { name: "login.acme.example", certificateArn },
      redirects: { ...redirects, logoutUrls: ["http://localhost:5173/bye"] },
    },
  });
  expect(records.one("UserPoolDomain").inputs).toMatchObject({
    domain: "login.acme.example",
    certificateArn,
  });
  expect(records.one("UserPoolClient").inputs.logoutUrls).toEqual(["http://localhost:5173/bye"]);
});

test("further clients have flows, lifetimes and addresses of their own, else the pool's", async () => {
  const records = await poolRecords({
    managedLogin: { domain: { prefix: "acme-chat" } },
    tokens: { accessTokenMinutes: 15 },
    clients: {
      web: { redirects },
      kiosk: { signInFlows: ["user-srp"], tokens: { accessTokenMinutes: 5 } },
    },
  });
  expect(records.one("UserPoolClient", "users").inputs.allowedOauthFlowsUserPoolClient).toBe(false);
  expect(records.one("UserPoolClient", "users-web").inputs).toMatchObject({
    accessTokenValidity: 15,
    callbackUrls: redirects.callbackUrls,
  });
  expect(records.one("UserPoolClient", "users-kiosk").inputs).toMatchObject({
    explicitAuthFlows: ["ALLOW_USER_SRP_AUTH"],
    accessTokenValidity: 5,
    allowedOauthFlowsUserPoolClient: false,
  });
  expect(records.all("ManagedLoginBranding").map(({ name }) => name)).toEqual(["users-web"]);
});

test("a machine has a secret and tokens that say it may call the API, and nothing of a user's", async () => {
  const records = await recordsOf(() => {
    const pool = new AuthPool("users", { tenant: "acme", managedLogin, machineClients: ["crm"] });
    return { clientIds: [...pool.clientIds], accessScopes: [...pool.accessScopes] };
  });
  expect(records.one("ResourceServer").inputs).toMatchObject({
    identifier: "chatstack",
    scopes: [{ scopeName: "api" }],
  });
  const machine = records.one("UserPoolClient", "users-machine-crm");
  expect(machine.inputs).toMatchObject({
    generateSecret: true,
    allowedOauthFlows: ["client_credentials"],
    allowedOauthScopes: ["chatstack/api"],
  });
  expect(machine.inputs).not.toHaveProperty("callbackUrls");
  expect(records.one("Stack").outputs).toEqual({
    clientIds: [records.one("UserPoolClient", "users").id, machine.id],
    accessScopes: ["aws.cognito.signin.user.admin", "chatstack/api"],
  });
});

test("users of an OIDC provider sign in, and the provider's secret stays one", async () => {
  const records = await poolRecords({
    managedLogin,
    identityProviders: { Acme: { ...oidc, clientSecret: pulumi.secret("s3cret") } },
  });
  const provider = records.one("IdentityProvider", "users-Acme");
  expect(provider.inputs).toMatchObject({
    providerName: "Acme",
    providerType: "OIDC",
    providerDetails: {
      oidc_issuer: "https://login.acme.example",
      client_id: "chat",
      client_secret: "s3cret",
      authorize_scopes: "openid email",
      attributes_request_method: "GET",
    },
    attributeMapping: { username: "sub", email: "email" },
  });
  expect(provider.secrets).toEqual(["providerDetails"]);
  const client = records.one("UserPoolClient");
  expect(client.inputs.supportedIdentityProviders).toEqual(["COGNITO", "Acme"]);
  expect(client.options.dependencies).toContain(provider.urn);
});

test("a secret in clear becomes one; scopes follow the argument", async () => {
  const records = await poolRecords({
    managedLogin,
    identityProviders: { Acme: { ...oidc, scopes: ["openid", "email", "groups"] } },
  });
  const provider = records.one("IdentityProvider");
  expect(provider.secrets).toEqual(["providerDetails"]);
  expect(provider.inputs.providerDetails).toMatchObject({
    authorize_scopes: "openid email groups",
  });
});

test("users of a SAML provider sign in by its published metadata", async () => {
  const metadataUrl = "https://idp.acme.example/metadata.xml";
  const records = await poolRecords({
    managedLogin,
    identityProviders: { Acme: { kind: "saml", metadataUrl } },
  });
  expect(records.one("IdentityProvider").inputs).toMatchObject({
    providerType: "SAML",
    providerDetails: { MetadataURL: metadataUrl, IDPSignout: "true" },
    attributeMapping: { email: expect.stringContaining("emailaddress") },
  });
});

test("transforms reach pages, providers and machines", async () => {
  const records = await poolRecords({
    managedLogin,
    machineClients: ["crm"],
    identityProviders: { Acme: oidc },
    transform: {
      domain: (args) => {
        args.managedLoginVersion = 1;
      },
      branding: (args) => {
        args.useCognitoProvidedValues = false;
      },
      resourceServer: (args) => {
        args.name = "edited";
      },
      machineClient: (args) => {
        args.accessTokenValidity = 5;
      },
      identityProvider: (args) => {
        args.idpIdentifiers = ["acme.example"];
      },
    },
  });
  expect(records.one("UserPoolDomain").inputs.managedLoginVersion).toBe(1);
  expect(records.one("ManagedLoginBranding").inputs.useCognitoProvidedValues).toBe(false);
  expect(records.one("ResourceServer").inputs.name).toBe("edited");
  expect(records.one("UserPoolClient", "users-machine-crm").inputs.accessTokenValidity).toBe(5);
  expect(records.one("IdentityProvider").inputs.idpIdentifiers).toEqual(["acme.example"]);
});

const callback = (url: string) => ({
  managedLogin: { ...managedLogin, redirects: { callbackUrls: [url] } },
});

test.each<[Partial<AuthPoolArgs>, string]>([
  [{ passkeys: { relyingPartyId: "acme.example" } }, 'mfa: found "required"; allowed: "optional"'],
  [
    { mfa: "optional", passkeys: { relyingPartyId: "https://acme.example" } },
    'passkeys.relyingPartyId: found "https://acme.example"; allowed: a host name',
  ],
  [
    { mfa: "off", passkeys: { relyingPartyId: "acme.example" }, signInFlows: ["user-srp"] },
    'signInFlows: found ["user-srp"]; allowed: "user-auth" among them',
  ],
  [{ refreshRotation: { graceSeconds: 61 } }, "refreshRotation.graceSeconds: found 61"],
  [
    { refreshRotation: { graceSeconds: 0 }, signInFlows: ["refresh-token"] },
    'signInFlows: found ["refresh-token"]; allowed: no "refresh-token"',
  ],
  [
    { refreshRotation: { graceSeconds: 0 }, clients: { web: { signInFlows: ["refresh-token"] } } },
    "clients.web.signInFlows: found",
  ],
  [{ featurePlan: "lite", managedLogin }, 'managedLogin: found {"domain":{"prefix":"acme-chat"},'],
  [
    { featurePlan: "lite", refreshRotation: { graceSeconds: 0 } },
    'refreshRotation: found {"graceSeconds":0}; allowed: "off" where featurePlan is "lite"',
  ],
  [
    { managedLogin: { domain: { prefix: "aws-chat" } } },
    'managedLogin.domain.prefix: found "aws-chat"; allowed: lower-case letters',
  ],
  [
    { managedLogin: { domain: { name: "login", certificateArn: "arn" } } },
    'managedLogin.domain.name: found "login"; allowed: a host name',
  ],
  [callback("http://app.acme.example"), "managedLogin.redirects.callbackUrls[0]: found"],
  [callback("https://*.acme.example/"), "managedLogin.redirects.callbackUrls[0]: found"],
  [callback("http://localhost.evil.example"), "managedLogin.redirects.callbackUrls[0]: found"],
  [
    { managedLogin: { ...managedLogin, redirects: { callbackUrls: [] } } },
    "managedLogin.redirects.callbackUrls: found []; allowed: at least one",
  ],
  [{ clients: { web: { redirects } } }, "clients.web.redirects: found {"],
  [{ clients: { Web: {} } }, 'clients: found "Web"; allowed: names that match'],
  [
    { clients: { web: { tokens: { accessTokenMinutes: 1 } } } },
    "clients.web.tokens.accessTokenMinutes: found 1; allowed: a whole number from 5 to 1440",
  ],
  [{ groups: ["staff,admins"] }, 'groups: found "staff,admins"; allowed: letters, digits'],
  [{ machineClients: ["crm"] }, 'machineClients: found ["crm"]; allowed: none unless managedLogin'],
  [{ managedLogin, machineClients: ["C R M"] }, 'machineClients: found "C R M"; allowed: names'],
  [
    { identityProviders: { Acme: oidc } },
    'identityProviders: found ["Acme"]; allowed: none unless managedLogin is on',
  ],
  [
    { managedLogin, identityProviders: { COGNITO: oidc } },
    'identityProviders.COGNITO: found "COGNITO"; allowed: 3 or more letters, digits and hyphens',
  ],
  [
    { managedLogin, identityProviders: { Acme: { ...oidc, issuer: "http://acme.example" } } },
    'identityProviders.Acme.issuer: found "http://acme.example"; allowed: an https:// address',
  ],
])("%j is refused with what is allowed", async (args, message) => {
  await expect(poolRecords(args)).rejects.toThrow(`AuthPool "users": ${message}`);
});

test("invitations come from SES where a sender is named, and from Cognito where none is", async () => {
  const sesIdentityArn = "arn:aws:ses:us-east-1:123456789012:identity/acme.example";
  const email = { from: "Acme Chat <chat@acme.example>", sesIdentityArn };
  const records = await poolRecords({ email: { ...email, replyTo: "help@acme.example" } });
  expect(records.one("UserPool").inputs.emailConfiguration).toEqual({
    emailSendingAccount: "DEVELOPER",
    sourceArn: sesIdentityArn,
    fromEmailAddress: email.from,
    replyToEmailAddress: "help@acme.example",
  });
  const plain = await poolRecords();
  expect(plain.one("UserPool").inputs.emailConfiguration).toEqual({
    emailSendingAccount: "COGNITO_DEFAULT",
  });
  for (const from of [
    "chat",
    "chat@acme.example>",
    "a@b.example\nBcc: c@d.example",
    "<a@b.example",
  ]) {
    await expect(poolRecords({ email: { ...email, from } })).rejects.toThrow("email.from");
  }
});

test("a web ACL stands in front of the pool where one is named", async () => {
  const webAclArn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/users/1";
  const records = await poolRecords({ webAclArn });
  const { inputs, options } = records.one("WebAclAssociation");
  expect(inputs).toEqual({ webAclArn, resourceArn: records.one("UserPool").outputs.arn });
  // A pool has one: taking the old one off afterwards would take the new one off.
  expect(options.deleteBeforeReplace).toBe(true);
  expect((await poolRecords()).all("WebAclAssociation")).toEqual([]);
});
