/**
 * A tenant's users: a Cognito user pool of its own, so that one tenant's token is worthless at
 * another's API, with a public client that signs in without ever sending the password in clear.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "./component.ts";
import { isDeletionProtected } from "./retain.ts";

export interface AuthPoolArgs extends TenantComponentArgs {
  /**
   * Cognito's feature plan, which sets the price per user active in a month: lite $0.0055, essentials
   * $0.015 (10,000 users an account are free in both), plus $0.02 from the first user on. No fixed
   * fee (Amazon Cognito pricing). Default `"essentials"`.
   */
  featurePlan?: "lite" | "essentials" | "plus";
  /**
   * What happens to suspicious sign-ins and leaked passwords; needs `featurePlan: "plus"`. Default
   * `"off"`. `"audit"` only records them, to see for two weeks whom `"enforced"` would stop.
   * Passwords are checked where they are set: a sign-in by SRP never shows Cognito the password.
   * (Amazon Cognito Developer Guide, "Advanced security with threat protection".)
   */
  threatProtection?: "off" | "audit" | "enforced";
  /** Second factor by authenticator app. Default `"required"`. */
  mfa?: "required" | "optional" | "off";
  /** Who creates users. Default `"invite-only"`: administrators. */
  signUp?: "invite-only" | "self-service";
  /** Default: 14 characters of all four kinds; temporary passwords work for 3 days. */
  password?: PasswordRules;
  /** Groups, by name; `admins` is what the app's administration routes ask for. Default `["admins"]`. */
  groups?: readonly string[];
  /** How the client may sign users in. Default `["user-srp", "refresh-token"]`. */
  signInFlows?: readonly SignInFlow[];
  /** Default: access and ID tokens for 60 minutes, refresh tokens for 30 days. */
  tokens?: TokenLifetimes;
  transform?: {
    userPool?: Transform<aws.cognito.UserPoolArgs>;
    riskConfiguration?: Transform<aws.cognito.RiskConfigurationArgs>;
    client?: Transform<aws.cognito.UserPoolClientArgs>;
    group?: Transform<aws.cognito.UserGroupArgs>;
  };
}

/**
 * - `"user-srp"`: the password never leaves the device.
 * - `"admin-user-password"`: an operator's AWS credentials and the password; for tools and tests.
 * - `"user-password"`: the password in clear inside TLS; for migrations only.
 */
export type SignInFlow =
  | "user-srp"
  | "refresh-token"
  | "admin-user-password"
  | "user-password"
  | "user-auth";

export interface PasswordRules {
  /** Characters, 8–99. */
  readonly minimumLength?: number;
  /** Days until an invitation's temporary password lapses, 1–365. */
  readonly temporaryPasswordDays?: number;
}

export interface TokenLifetimes {
  /** Minutes, 5–1440. */
  readonly accessTokenMinutes?: number;
  /** Minutes, 5–1440. */
  readonly idTokenMinutes?: number;
  /** Days, 1–3650. */
  readonly refreshTokenDays?: number;
}

export class AuthPool extends TenantComponent {
  readonly userPoolId: pulumi.Output<string>;
  readonly userPoolArn: pulumi.Output<string>;
  readonly clientId: pulumi.Output<string>;
  readonly nodes: {
    readonly userPool: aws.cognito.UserPool;
    /** Absent unless threat protection is enforced. */
    readonly riskConfiguration?: aws.cognito.RiskConfiguration;
    readonly client: aws.cognito.UserPoolClient;
    readonly groups: Readonly<Record<string, aws.cognito.UserGroup>>;
  };

  constructor(name: string, args: AuthPoolArgs, options?: pulumi.ComponentResourceOptions) {
    super("AuthPool", name, args, options);
    const { mfa = "required", password = {}, tokens = {}, transform } = args;
    const { featurePlan = "essentials", threatProtection = "off" } = args;
    this.#validate(password, tokens);
    if (threatProtection !== "off" && featurePlan !== "plus") {
      this.refuse("threatProtection", threatProtection, `"off" unless featurePlan is "plus"`);
    }

    const userPool = new aws.cognito.UserPool(
      name,
      ...this.dataResource(
        {
          userPoolTier: featurePlan.toUpperCase(),
          ...(threatProtection !== "off" && {
            userPoolAddOns: { advancedSecurityMode: threatProtection.toUpperCase() },
          }),
          usernameAttributes: ["email"],
          usernameConfiguration: { caseSensitive: false },
          autoVerifiedAttributes: ["email"],
          accountRecoverySetting: {
            recoveryMechanisms: [{ name: "verified_email", priority: 1 }],
          },
          adminCreateUserConfig: { allowAdminCreateUserOnly: args.signUp !== "self-service" },
          passwordPolicy: passwordPolicy(password),
          mfaConfiguration: { required: "ON", optional: "OPTIONAL", off: "OFF" }[mfa],
          ...(mfa !== "off" && { softwareTokenMfaConfiguration: { enabled: true } }),
          deletionProtection: isDeletionProtected(this.retain) ? "ACTIVE" : "INACTIVE",
          tags: this.tags,
        },
        transform?.userPool,
      ),
    );
    const riskConfiguration =
      threatProtection === "enforced"
        ? new aws.cognito.RiskConfiguration(
            name,
            ...this.dataResource(
              { userPoolId: userPool.id, ...riskResponses },
              transform?.riskConfiguration,
            ),
          )
        : undefined;
    const client = new aws.cognito.UserPoolClient(
      name,
      ...this.dataResource(
        {
          userPoolId: userPool.id,
          // A secret in a browser or an app is no secret: public client, RFC 8252 section 8.5.
          generateSecret: false,
          explicitAuthFlows: (args.signInFlows ?? ["user-srp", "refresh-token"]).map(
            (flow) => `ALLOW_${flow.toUpperCase().replaceAll("-", "_")}${flowSuffix(flow)}`,
          ),
          // No OAuth endpoint, hence no implicit flow (RFC 9700 section 2.1.2).
          allowedOauthFlowsUserPoolClient: false,
          preventUserExistenceErrors: "ENABLED",
          enableTokenRevocation: true,
          accessTokenValidity: tokens.accessTokenMinutes ?? 60,
          idTokenValidity: tokens.idTokenMinutes ?? 60,
          refreshTokenValidity: tokens.refreshTokenDays ?? 30,
          tokenValidityUnits: { accessToken: "minutes", idToken: "minutes", refreshToken: "days" },
        },
        transform?.client,
      ),
    );
    const groups: Record<string, aws.cognito.UserGroup> = {};
    for (const group of args.groups ?? ["admins"]) {
      groups[group] = new aws.cognito.UserGroup(
        `${name}-${group}`,
        ...this.dataResource({ name: group, userPoolId: userPool.id }, transform?.group),
      );
    }

    this.userPoolId = userPool.id;
    this.userPoolArn = userPool.arn;
    this.clientId = client.id;
    this.nodes = { userPool, riskConfiguration, client, groups };
    this.register({ userPoolId: userPool.id, clientId: client.id });
  }

  #validate(password: PasswordRules, tokens: TokenLifetimes): void {
    const bounds: [string, number | undefined, number, number][] = [
      ["password.minimumLength", password.minimumLength, 8, 99],
      ["password.temporaryPasswordDays", password.temporaryPasswordDays, 1, 365],
      ["tokens.accessTokenMinutes", tokens.accessTokenMinutes, 5, 1440],
      ["tokens.idTokenMinutes", tokens.idTokenMinutes, 5, 1440],
      ["tokens.refreshTokenDays", tokens.refreshTokenDays, 1, 3650],
    ];
    for (const [argument, found, min, max] of bounds) {
      if (found !== undefined) this.requireInteger(argument, found, min, max);
    }
  }
}

const passwordPolicy = ({ minimumLength = 14, temporaryPasswordDays = 3 }: PasswordRules) => ({
  minimumLength,
  requireLowercase: true,
  requireUppercase: true,
  requireNumbers: true,
  requireSymbols: true,
  temporaryPasswordValidityDays: temporaryPasswordDays,
});

/**
 * Named here, because enforcing without responses does nothing. No mails: they would need a verified
 * sender in SES.
 */
const riskResponses = {
  compromisedCredentialsRiskConfiguration: { actions: { eventAction: "BLOCK" } },
  accountTakeoverRiskConfiguration: {
    actions: {
      mediumAction: { eventAction: "MFA_IF_CONFIGURED", notify: false },
      highAction: { eventAction: "BLOCK", notify: false },
    },
  },
};

/** Every flow's constant ends in `_AUTH`: `ALLOW_USER_SRP_AUTH`; `user-auth` has it already. */
const flowSuffix = (flow: SignInFlow) => (flow === "user-auth" ? "" : "_AUTH");
