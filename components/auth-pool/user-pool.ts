/** What a user pool asks of its users, in the words of `aws.cognito.UserPool`. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface UserPoolSettings {
  /**
   * Cognito's feature plan, which sets the price per user active in a month: lite $0.0055, essentials
   * $0.015 (10,000 users an account are free in both), plus $0.02 from the first user on. No fixed
   * fee (Amazon Cognito pricing). Default `"essentials"`.
   */
  readonly featurePlan?: "lite" | "essentials" | "plus";
  /**
   * What happens to suspicious sign-ins and leaked passwords; needs `featurePlan: "plus"`. Default
   * `"off"`. `"audit"` only records them, to see for two weeks whom `"enforced"` would stop.
   * Passwords are checked where they are set: a sign-in by SRP never shows Cognito the password.
   * (Amazon Cognito Developer Guide, "Advanced security with threat protection".)
   */
  readonly threatProtection?: "off" | "audit" | "enforced";
  /** Second factor by authenticator app. Default `"required"`. */
  readonly mfa?: "required" | "optional" | "off";
  /** Who creates users. Default `"invite-only"`: administrators. */
  readonly signUp?: "invite-only" | "self-service";
  /** Default: 14 characters of all four kinds; temporary passwords work for 3 days. */
  readonly password?: PasswordRules;
  /**
   * Sign-in by passkey instead of password. Default `"off"`. Needs the `essentials` plan, and an `mfa`
   * other than `"required"`: with `"required"` Cognito accepts no passkeys, because a passkey alone is one
   * factor.
   * (Amazon Cognito Developer Guide, "Passkey sign-in".)
   */
  readonly passkeys?: "off" | Passkeys;
  /**
   * Who sends invitations and codes. Default `"cognito"`: at most 50 mails a day for the whole account,
   * from `no-reply@verificationemail.com`, for trials. With SES, SES's prices and limits apply.
   */
  readonly email?: "cognito" | SesSender;
  /**
   * ARN of an existing regional AWS WAF web ACL for sign-in, sign-up and managed login. The request quotas
   * of user pools are shared by the account, so a flood at one tenant slows all. Default none. AWS WAF
   * bills each request.
   */
  readonly webAclArn?: pulumi.Input<string>;
}

/**
 * Amazon SES as the sender, out of its sandbox. Cognito sends by its service-linked role, which the first
 * such pool of an account makes: whoever runs `pulumi up` needs `iam:CreateServiceLinkedRole` for it.
 * (Amazon Cognito Developer Guide, "Email settings for user pools".)
 */
export interface SesSender {
  /** `chat@acme.example`, or `Acme Chat <chat@acme.example>`. */
  readonly from: string;
  /** ARN of the verified identity in SES that the address belongs to, in a region that Cognito takes. */
  readonly sesIdentityArn: pulumi.Input<string>;
  /** Reply-to address. Default: `from`. */
  readonly replyTo?: string;
}

export interface PasswordRules {
  /** Characters, 8–99. */
  readonly minimumLength?: number;
  /** Days until an invitation's temporary password lapses, 1–365. */
  readonly temporaryPasswordDays?: number;
}

export interface Passkeys {
  /**
   * Domain that passkeys are bound to: the domain of the sign-in page, or a parent of it. If it changes,
   * every passkey becomes useless.
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
  email = "cognito",
}: UserPoolSettings): aws.cognito.UserPoolArgs => ({
  userPoolTier: featurePlan.toUpperCase(),
  // What is off is said to be off, here and below: what is only left out stays as it was on AWS.
  userPoolAddOns: { advancedSecurityMode: threatProtection.toUpperCase() },
  usernameAttributes: ["email"],
  usernameConfiguration: { caseSensitive: false },
  autoVerifiedAttributes: ["email"],
  accountRecoverySetting: { recoveryMechanisms: [{ name: "verified_email", priority: 1 }] },
  adminCreateUserConfig: { allowAdminCreateUserOnly: signUp !== "self-service" },
  passwordPolicy: passwordPolicy(password),
  emailConfiguration: emailArgs(email),
  ...passkeyArgs(passkeys),
  mfaConfiguration: { required: "ON", optional: "OPTIONAL", off: "OFF" }[mfa],
  ...(mfa !== "off" && { softwareTokenMfaConfiguration: { enabled: true } }),
});

const emailArgs = (email: "cognito" | SesSender) =>
  email === "cognito"
    ? { emailSendingAccount: "COGNITO_DEFAULT" }
    : {
        emailSendingAccount: "DEVELOPER",
        sourceArn: email.sesIdentityArn,
        fromEmailAddress: email.from,
        ...(email.replyTo !== undefined && { replyToEmailAddress: email.replyTo }),
      };

/**
 * Passwords stay, for whoever has no device at hand yet. Only a policy that says so turns passkeys off: a pool
 * whose policy is left out goes on offering them (aws/aws-cdk#32369). The plan `lite` takes this one factor and no
 * other: AWS's CDK deploys such a pool in its integration tests (`integ.user-pool-passwordless`).
 */
function passkeyArgs(passkeys: "off" | Passkeys) {
  if (passkeys === "off") return { signInPolicy: { allowedFirstAuthFactors: ["PASSWORD"] } };
  const { relyingPartyId, userVerification = "required" } = passkeys;
  return {
    webAuthnConfiguration: { relyingPartyId, userVerification },
    signInPolicy: { allowedFirstAuthFactors: ["PASSWORD", "WEB_AUTHN"] },
  };
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
export const riskResponses = {
  compromisedCredentialsRiskConfiguration: { actions: { eventAction: "BLOCK" } },
  accountTakeoverRiskConfiguration: {
    actions: {
      mediumAction: { eventAction: "MFA_IF_CONFIGURED", notify: false },
      highAction: { eventAction: "BLOCK", notify: false },
    },
  },
};
