import * as pulumi from "@pulumi/pulumi";
import type { AuthPoolArgs } from "../components/auth-pool/auth-pool.ts";
import type { IdentityProvider } from "../components/auth-pool/identity-providers.ts";
import type { Settings } from "./settings.ts";

/**
 * A tenant's settings as the component wants them.
 *
 * @param secret answers a key of the stack's config. Default: with its secret value.
 */
export function authArgs(
  { identityProviders, ...settings }: NonNullable<Settings["auth"]>,
  secret: (key: string) => pulumi.Input<string> = (key) => new pulumi.Config().requireSecret(key),
) {
  if (identityProviders === undefined) return settings;
  const providers: Record<string, IdentityProvider> = {};
  for (const [name, provider] of Object.entries(identityProviders)) {
    if (provider.kind === "saml") {
      providers[name] = provider;
    } else {
      const { clientSecretKey, ...rest } = provider;
      providers[name] = {
        ...rest,
        clientSecret: secret(clientSecretKey),
      };
    }
  }
  return { ...settings, identityProviders: providers } satisfies Partial<AuthPoolArgs>;
}
