import { resource, testRule, unknown } from "../testing.ts";
import {
  adminFlow,
  clientFlows,
  enumeration,
  httpsCallback,
  noGuest,
  noImplicit,
  revocation,
  rotation,
  tokenTtl,
} from "./client.ts";

const client = (props: object = {}) =>
  resource("aws:cognito/userPoolClient:UserPoolClient", { ...props });
const flows = (...explicitAuthFlows: string[]) => [client({ explicitAuthFlows })];

testRule(clientFlows, {
  passes: {
    "secure remote password": flows("ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"),
    "an operator's sign-in, which another rule judges": flows("ALLOW_ADMIN_USER_PASSWORD_AUTH"),
  },
  objects: {
    "the flows are absent": [[client()], "explicitAuthFlows"],
    "there are none": [flows(), "explicitAuthFlows"],
    "the password is sent": [
      flows("ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH"),
      "explicitAuthFlows",
    ],
    "the password is sent by the former flow": [flows("USER_PASSWORD_AUTH"), "explicitAuthFlows"],
    "servers send it by the former flow": [flows("ADMIN_NO_SRP_AUTH"), "explicitAuthFlows"],
    "a managed client sends it": [
      [
        resource("aws:cognito/managedUserPoolClient:ManagedUserPoolClient", {
          explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
        }),
      ],
      "explicitAuthFlows",
    ],
    "the flows are unknown": [
      [client({ explicitAuthFlows: unknown })],
      "cannot tell: explicitAuthFlows",
    ],
  },
});

testRule(adminFlow, {
  passes: { "secure remote password": flows("ALLOW_USER_SRP_AUTH"), "no flows": [client()] },
  objects: {
    "servers may sign users in": [flows("ALLOW_ADMIN_USER_PASSWORD_AUTH"), "explicitAuthFlows"],
  },
});

testRule(enumeration, {
  passes: { "a discreet client": [client({ preventUserExistenceErrors: "ENABLED" })] },
  objects: {
    "it is absent": [[client()], "preventUserExistenceErrors"],
    "it is off": [[client({ preventUserExistenceErrors: "LEGACY" })], "preventUserExistenceErrors"],
  },
});

testRule(revocation, {
  passes: { "a client that can revoke": [client({ enableTokenRevocation: true })] },
  objects: {
    "it is absent": [[client()], "enableTokenRevocation"],
    "it is off": [[client({ enableTokenRevocation: false })], "enableTokenRevocation"],
  },
});

testRule(tokenTtl, {
  passes: {
    "Cognito's defaults": [client()],
    "an hour by its default unit": [client({ accessTokenValidity: 1, idTokenValidity: 1 })],
    "an hour in minutes, a month in hours": [
      client({
        accessTokenValidity: 60,
        refreshTokenValidity: 720,
        tokenValidityUnits: { accessToken: "minutes", refreshToken: "hours" },
      }),
    ],
  },
  objects: {
    "an access token lasts a day": [[client({ accessTokenValidity: 24 })], "accessTokenValidity"],
    "the unit is forgotten": [
      [client({ accessTokenValidity: 60, idTokenValidity: 60 })],
      "accessTokenValidity",
      "idTokenValidity",
    ],
    "a refresh token lasts a year": [
      [client({ refreshTokenValidity: 365 })],
      "refreshTokenValidity",
    ],
    "the unit is no unit": [
      [client({ idTokenValidity: 1, tokenValidityUnits: { idToken: "weeks" } })],
      "idTokenValidity",
    ],
  },
});

testRule(tokenTtl, {
  config: { minutes: 15, refreshDays: 1 },
  passes: {},
  objects: {
    "the config wants shorter ones than Cognito's defaults": [
      [client()],
      "accessTokenValidity",
      "idTokenValidity",
      "refreshTokenValidity",
    ],
  },
});

testRule(noImplicit, {
  passes: { "no OAuth": [client()], "the code flow": [client({ allowedOauthFlows: ["code"] })] },
  objects: {
    "it is one of the flows": [
      [client({ allowedOauthFlows: ["code", "implicit"] })],
      "allowedOauthFlows",
    ],
  },
});

const callback = (...callbackUrls: string[]) => [client({ callbackUrls })];

testRule(httpsCallback, {
  passes: {
    "no callback": [client()],
    TLS: callback("https://chat.example.org/signed-in"),
    loopback: callback("http://localhost:3000/cb", "http://127.0.0.1/cb", "http://[::1]:80"),
    "an app's own scheme": callback("org.example.chat:/signed-in"),
  },
  objects: {
    "a callback is plain HTTP": [callback("http://chat.example.org"), "callbackUrls"],
    "a host only begins like loopback": [callback("http://localhost.evil.org/"), "callbackUrls"],
    "a scheme may be any app's": [callback("myapp://signed-in"), "callbackUrls"],
    "the host is a wildcard": [callback("https://*"), "callbackUrls"],
    "signing out is plain HTTP": [
      [client({ logoutUrls: ["http://chat.example.org"] })],
      "logoutUrls",
    ],
    "the default is plain HTTP": [
      [client({ defaultRedirectUri: "http://chat.example.org" })],
      "defaultRedirectUri",
    ],
  },
});

const identityPool = (props: object) =>
  resource("aws:cognito/identityPool:IdentityPool", { ...props });
const roles = (value: object) =>
  resource("aws:cognito/identityPoolRoleAttachment:IdentityPoolRoleAttachment", { roles: value });
const role = "arn:aws:iam::1:role/guest";

testRule(noGuest, {
  passes: {
    "a pool of users": [
      identityPool({ allowUnauthenticatedIdentities: false }),
      identityPool({}),
      roles({ authenticated: role }),
    ],
  },
  objects: {
    "guests are admitted": [
      [identityPool({ allowUnauthenticatedIdentities: true })],
      "allowUnauthenticatedIdentities",
    ],
    "guests have a role": [[roles({ unauthenticated: role })], "roles.unauthenticated"],
    "it is unknown": [
      [identityPool({ allowUnauthenticatedIdentities: unknown })],
      "cannot tell: allowUnauthenticatedIdentities",
    ],
  },
});

const rotating = (props: object) => [
  resource("aws:cognito/userPoolClient:UserPoolClient", { ...props }),
];
const grace = "refreshTokenRotation.retryGracePeriodSeconds";

testRule(rotation, {
  passes: {
    "a token for one use": rotating({ refreshTokenRotation: { feature: "ENABLED" } }),
    "a minute for retries": rotating({
      refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds: 60 },
    }),
    "a server with a secret": rotating({ generateSecret: true }),
  },
  objects: {
    "rotation is absent": [rotating({}), "refreshTokenRotation.feature"],
    "it is off": [
      rotating({ refreshTokenRotation: { feature: "DISABLED" } }),
      "refreshTokenRotation.feature",
    ],
    "used tokens work too long": [
      rotating({ refreshTokenRotation: { feature: "ENABLED", retryGracePeriodSeconds: 61 } }),
      grace,
    ],
  },
});
