import { resource, testRule, unknown } from "../testing.ts";
import { providerTls } from "./provider.ts";

const provider = (providerDetails: object) =>
  resource("aws:cognito/identityProvider:IdentityProvider", { providerDetails });

testRule(providerTls, {
  passes: {
    "an issuer with TLS": [
      provider({ oidc_issuer: "https://login.example.org", client_secret: unknown }),
    ],
    "metadata with TLS": [provider({ MetadataURL: "https://login.example.org/saml" })],
    "metadata as a file": [provider({ MetadataFile: "<EntityDescriptor/>" })],
  },
  objects: {
    "the issuer has none": [
      [provider({ oidc_issuer: "http://login.example.org" })],
      "providerDetails.oidc_issuer",
    ],
    "the metadata has none": [
      [provider({ MetadataURL: "http://login.example.org/saml" })],
      "providerDetails.MetadataURL",
    ],
    "the keys have none": [
      [
        provider({
          oidc_issuer: "https://login.example.org",
          jwks_uri: "http://login.example.org/keys",
        }),
      ],
      "providerDetails.jwks_uri",
    ],
    "the issuer is unknown": [
      [provider({ oidc_issuer: unknown })],
      "cannot tell: providerDetails.oidc_issuer",
    ],
  },
});
