import * as pulumi from "@pulumi/pulumi";
import type { AuthPoolArgs } from "../components/auth-pool/auth-pool.ts";
import type { IdentityProvider } from "../components/auth-pool/identity-providers.ts";
import type { Settings } from "./settings.ts";

/** A tenant's settings as the component wants them: secrets come from the stack's config, by key. */
export function authArgs({ identityProviders, ...settings }: NonNullable<Settings["auth"]>) {
  if (identityProviders === undefined) return settings;
  const providers: Record<string, IdentityProvider> = {};
  for (const [name, provider] of Object.entries(identityProviders)) {
    if (provider.kind === "saml") {
      providers[name] = provider;
    } else {
      const { clientSecretKey, ...rest } = provider;
      providers[name] = {
        ...rest,
        clientSecret: new pulumi.Config().requireSecret(clientSecretKey),
      };
    }
  }
  return { ...settings, identityProviders: providers } satisfies Partial<AuthPoolArgs>;
}
