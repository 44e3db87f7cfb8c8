/** Directories outside of a tenant's pool whose users may sign in: the tenant's own, as a rule. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * Users of an external provider need no invitation: whoever signs in there is in. Billed per active
 * user, $0.015 beyond the first 50 an account (Amazon Cognito pricing).
 */
export type IdentityProvider = OidcProvider | SamlProvider;

export interface OidcProvider {
  readonly kind: "oidc";
  /** `https://login.example.com`: Cognito reads its discovery document and keys. */
  readonly issuer: string;
  /** Cognito's client id at the provider. */
  readonly clientId: string;
  /** Secret of that client; secret in Pulumi's state as well. */
  readonly clientSecret: pulumi.Input<string>;
  /** What to ask the provider for. Default `["openid", "email"]`. */
  readonly scopes?: readonly string[];
}

export interface SamlProvider {
  readonly kind: "saml";
  /** `https://…`: where the provider publishes its metadata; Cognito follows its key changes. */
  readonly metadataUrl: string;
}

/** Cognito API reference, CreateIdentityProvider. */
export const identityProviderArgs = (provider: IdentityProvider): ProviderArgs =>
  provider.kind === "oidc"
    ? {
        providerType: "OIDC",
        providerDetails: {
          oidc_issuer: provider.issuer,
          client_id: provider.clientId,
          client_secret: pulumi.secret(provider.clientSecret),
          authorize_scopes: (provider.scopes ?? ["openid", "email"]).join(" "),
          attributes_request_method: "GET",
        },
        attributeMapping: { username: "sub", email: "email" },
      }
    : {
        providerType: "SAML",
        providerDetails: {
          MetadataURL: provider.metadataUrl,
          // A session that ended here ends there as well.
          IDPSignout: "true",
          RequestSigningAlgorithm: "rsa-sha256",
        },
        attributeMapping: {
          email: "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
        },
      };

type ProviderArgs = Omit<aws.cognito.IdentityProviderArgs, "userPoolId" | "providerName">;

/** What is wrong with a provider, if anything: argument, what was found, what is allowed. */
export function providerFault(
  name: string,
  provider: IdentityProvider,
): [argument: string, found: string, allowed: string] | undefined {
  if (!namePattern.test(name)) return ["", name, `a name that matches ${namePattern.source}`];
  const [argument, url] =
    provider.kind === "oidc"
      ? ["issuer", provider.issuer]
      : (["metadataUrl", provider.metadataUrl] as const);
  return /^https:\/\/[^/\s]+/.test(url) ? undefined : [argument, url, "an https:// address"];
}

/** No underscore in front, and none of Cognito's own names. */
const namePattern = /^(?!COGNITO$)[A-Za-z][\w-]{0,31}$/;
