/** Directories outside of a tenant's pool whose users may sign in: the tenant's own, as a rule. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { atMost, awsLimits } from "../aws-limits.ts";
import type { Fault } from "../fault.ts";

/**
 * Users of an external provider need no invitation: everybody who can sign in there is a user here. Billed
 * per active user, $0.015 beyond the first 50 an account (Amazon Cognito pricing).
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

/** Which provider Cognito refuses, by argument below the provider. */
export function* providerFaults(name: string, provider: IdentityProvider): Generator<Fault> {
  if (
    !providerName.test(name) ||
    ownNames.includes(name) ||
    name.length > awsLimits.providerName.most
  )
    yield ["", name, `${allowedName}, ${atMost(awsLimits.providerName, "characters")}`];
  if (provider.kind === "saml") {
    const { metadataUrl } = provider;
    if (!isHttps.test(metadataUrl)) yield ["metadataUrl", metadataUrl, "an https:// address"];
    return;
  }
  const { issuer, scopes } = provider;
  if (!isHttps.test(issuer)) yield ["issuer", issuer, "an https:// address"];
  else if (!/^https:\/\/[^/:?#]+(:(80|443))?(\/[^?#]*)?$/.test(issuer))
    yield ["issuer", issuer, `an https:// address on port 443 or 80, without query (${oidcPage})`];
  if (scopes !== undefined && !scopes.includes("openid"))
    yield ["scopes", scopes, `"openid" among them (OpenID Connect Core, section 3.1.2.1)`];
}

const isHttps = /^https:\/\/[^/\s]+/;
const oidcPage = 'Amazon Cognito Developer Guide, "Using OIDC identity providers with a user pool"';

/**
 * Cognito's own pattern is `[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+`: three characters at least, and
 * an underscore in the second place alone; here within letters, digits and hyphens.
 */
const providerName = /^[A-Za-z][\w-][A-Za-z0-9-]+$/;

/** Names that a client's list of providers has a meaning for (Cognito API reference, SupportedIdentityProviders). */
const ownNames = ["COGNITO", "Facebook", "Google", "LoginWithAmazon", "SignInWithApple"];
const allowedName = `3 or more letters, digits and hyphens, a letter first, none of Cognito's own names (${ownNames.join(", ")})`;
