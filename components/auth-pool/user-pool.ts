/** What a user pool asks of its users, in the words of `aws.cognito.UserPool`. */
import type * as aws from "@pulumi/aws";
import type { AuthPoolArgs } from "./auth-pool.ts";

export interface PasswordRules {
  /** Characters, 8–99. */
  readonly minimumLength?: number;
  /** Days until an invitation's temporary password lapses, 1–365. */
  readonly temporaryPasswordDays?: number;
}

export interface Passkeys {
  /**
   * Domain that passkeys are bound to: the one that users sign in at, or a parent of it. Changing it
   * makes every passkey useless.
   */
  readonly relyingPartyId: string;
  /** Whether the device must recognise its user, by fingerprint or PIN. Default `"required"`. */
  readonly userVerification?: "required" | "preferred";
}

export const userPoolArgs = ({
  featurePlan = "essentials",
  threatProtection = "off",
  passkeys = "off",
  mfa = "required",
  password = {},
  signUp,
}: AuthPoolArgs): aws.cognito.UserPoolArgs => ({
  userPoolTier: featurePlan.toUpperCase(),
  ...(threatProtection !== "off" && {
    userPoolAddOns: { advancedSecurityMode: threatProtection.toUpperCase() },
  }),
  usernameAttributes: ["email"],
  usernameConfiguration: { caseSensitive: false },
  autoVerifiedAttributes: ["email"],
  accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
  adminCreateUserConfig: { allowAdminCreateUserOnly: signUp !== "self-service" },
  passwordPolicy: passwordPolicy(password),
  ...(passkeys !== "off" && passkeyArgs(passkeys)),
  mfaConfiguration: { required: "ON", optional: "OPTIONAL", off: "OFF" }[mfa],
  ...(mfa !== "off" && { softwareTokenMfaConfiguration: { enabled: true } }),
});

/** Passwords stay, for whoever has no device at hand yet. */
const passkeyArgs = ({ relyingPartyId, userVerification = "required" }: Passkeys) => ({
  webAuthnConfiguration: { relyingPartyId, userVerification },
  signInPolicy: { allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] },
});

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
export const riskResponses = {
  compromisedCredentialsRiskConfiguration: { actions: { eventAction: "BLOCK" } },
  accountTakeoverRiskConfiguration: {
    actions: {
      mediumAction: { eventAction: "MFA_IF_CONFIGURED", notify: false },
      highAction: { eventAction: "BLOCK", notify: false },
    },
  },
};
