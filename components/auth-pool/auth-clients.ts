/** What signs users in to a pool, and what signs in without a user. */
import type * as aws from "@pulumi/aws";

/**
 * - `"user-srp"`: the password never leaves the device.
 * - `"user-auth"`: the user chooses among what the pool allows; passkeys need it.
 * - `"admin-user-password"`: an operator's AWS credentials and the password; for tools and tests.
 * - `"user-password"`: the password in clear inside TLS; for migrations only.
 */
export type SignInFlow =
  | "user-srp"
  | "refresh-token"
  | "admin-user-password"
  | "user-password"
  | "user-auth";

export interface TokenLifetimes {
  /** Minutes, 5–1440. */
  readonly accessTokenMinutes?: number;
  /** Minutes, 5–1440. */
  readonly idTokenMinutes?: number;
  /** Days, 1–3650. */
  readonly refreshTokenDays?: number;
}

export interface RefreshRotation {
  /**
   * Seconds for which a used refresh token still works, 0–60, for clients that lost the response.
   */
  readonly graceSeconds: number;
}

/** Addresses to which managed login may send users back. */
export interface Redirects {
  /**
   * Exact addresses, `https://…`; `http://localhost…` for development; `com.acme.chat:/…` for an app on a
   * device, whose scheme the policy pack wants in reverse-domain form. At least one.
   */
  readonly callbackUrls: readonly string[];
  /** The same for signing out. Default: `callbackUrls`. */
  readonly logoutUrls?: readonly string[];
}

/** Who signs in by which client, and how. */
export interface SignInSettings {
  /** How the client may sign users in. Default `["user-srp", "refresh-token"]`. */
  readonly signInFlows?: readonly SignInFlow[];
  /** Default: access and ID tokens for 60 minutes, refresh tokens for 30 days. */
  readonly tokens?: TokenLifetimes;
  /**
   * Issue a new refresh token with each use, so that the use of a stolen one is noticed. Default `"off"`,
   * because clients must then call `GetTokensFromRefreshToken` instead of the `refresh-token` flow. Needs
   * `essentials`.
   * (Amazon Cognito Developer Guide, "Refresh token rotation".)
   */
  readonly refreshRotation?: "off" | RefreshRotation;
  /** Further clients, by name. The API accepts users of each. Default none. */
  readonly clients?: Readonly<Record<string, ClientSettings>>;
}

/** A further client: an app of its own, with flows and lifetimes of its own. */
export interface ClientSettings {
  /** Default: the pool's. */
  readonly signInFlows?: readonly SignInFlow[];
  /** Default: the pool's. */
  readonly tokens?: TokenLifetimes;
  /** For sign-in on managed login's pages. Default `"off"`: only through Cognito's API. */
  readonly redirects?: "off" | Redirects;
}

/** The scope that Cognito's own tokens have, and that the API asks for. */
export const userScope = "aws.cognito.signin.user.admin";

export interface UserClient {
  readonly signInFlows: readonly SignInFlow[];
  readonly tokens: TokenLifetimes;
  readonly redirects: "off" | Redirects;
  readonly rotation: "off" | RefreshRotation;
  /** Names of external providers. */
  readonly providers: readonly string[];
}

type ClientArgs = Omit<aws.cognito.UserPoolClientArgs, "userPoolId">;

/** Passkeys are a choice among ways to sign in; with rotation Cognito refuses the old refresh flow. */
export const defaultFlows = ({
  passkeys = "off",
  refreshRotation = "off",
}: {
  readonly passkeys?: object | "off";
  readonly refreshRotation?: object | "off";
}): SignInFlow[] => [
  "user-srp",
  ...(passkeys === "off" ? [] : (["user-auth"] as const)),
  ...(refreshRotation === "off" ? (["refresh-token"] as const) : []),
];

/** A public client: whoever holds the app holds what is in it. */
export const userClientArgs = (client: UserClient): ClientArgs => ({
  // A secret in a browser or an app is no secret: public client, RFC 8252 section 8.5.
  generateSecret: false,
  explicitAuthFlows: client.signInFlows.map(
    (flow) => `ALLOW_${flow.toUpperCase().replaceAll("-", "_")}${flowSuffix(flow)}`,
  ),
  ...oauth(client),
  ...(client.rotation !== "off" && {
    refreshTokenRotation: {
      feature: "ENABLED",
      retryGracePeriodSeconds: client.rotation.graceSeconds,
    },
  }),
  ...commonArgs(client.tokens),
});

/** What clients of all kinds have in common. */
export const commonArgs = (tokens: TokenLifetimes) => ({
  preventUserExistenceErrors: "ENABLED",
  enableTokenRevocation: true,
  accessTokenValidity: tokens.accessTokenMinutes ?? 60,
  idTokenValidity: tokens.idTokenMinutes ?? 60,
  refreshTokenValidity: tokens.refreshTokenDays ?? 30,
  tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
});

const oauth = ({ redirects, providers }: UserClient): ClientArgs =>
  redirects === "off"
    ? // No OAuth endpoint, hence no implicit flow (RFC 9700 section 2.1.2). What is only left out, the
      // provider keeps: addresses that an earlier version of the file had.
      {
        allowedOauthFlowsUserPoolClient: false,
        allowedOauthFlows: [],
        allowedOauthScopes: [],
        callbackUrls: [],
        logoutUrls: [],
        supportedIdentityProviders: [],
      }
    : {
        allowedOauthFlowsUserPoolClient: true,
        // With PKCE, which a public client must use (RFC 9700 section 2.1.1); Cognito cannot insist.
        allowedOauthFlows: ["code"],
        allowedOauthScopes: ["openid", "email", "profile", userScope],
        callbackUrls: [...redirects.callbackUrls],
        logoutUrls: [...(redirects.logoutUrls ?? redirects.callbackUrls)],
        supportedIdentityProviders: ["COGNITO", ...providers],
      };

/** Every flow's constant ends in `_AUTH`: `ALLOW_USER_SRP_AUTH`; `user-auth` has it already. */
const flowSuffix = (flow: SignInFlow) => (flow === "user-auth" ? "" : "_AUTH");
