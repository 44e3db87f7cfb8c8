import { hipaa } from "../frameworks.ts";
import { textAt } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";

/** "CreateIdentityProvider" in Cognito's API reference. */
const addresses = [
  "MetadataURL",
  "oidc_issuer",
  "authorize_url",
  "token_url",
  "attributes_url",
  "jwks_uri",
];

export const providerTls = resourceRule({
  id: "cog-provider-tls",
  service: "Cognito",
  description: "Directories that users come from must be asked over TLS.",
  reason: "Whoever is on the way could hand out keys of his own, and be any user.",
  fix: "give providerDetails https:// addresses.",
  severity: "critical",
  level: "mandatory",
  frameworks: hipaa("164.312(d)", "164.312(e)(1)"),
  types: ["aws:cognito/identityProvider:IdentityProvider"],
  judge({ props }, report) {
    for (const name of addresses) {
      const address = textAt(props, ["providerDetails", name]);
      // An address may hold credentials: only its beginning is told.
      if (address !== undefined && !address.startsWith("https://"))
        report(`providerDetails.${name}`, address.split("/")[0], "https://");
    }
  },
});
