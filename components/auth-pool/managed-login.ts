/** Cognito's own sign-in pages, and the OAuth endpoints that come with their domain. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../component.ts";
import type { Redirects } from "./auth-clients.ts";

/** Free. Needs the `essentials` or `plus` plan. */
export interface ManagedLogin {
  readonly domain: LoginDomain;
  /** For the pool's own client. Default `"off"`: only the further clients use the pages. */
  readonly redirects?: "off" | Redirects;
}

/**
 * - `prefix`: `https://<prefix>.auth.<region>.amazoncognito.com`; unique in the region, lower-case
 *   letters, digits and hyphens, without `aws`, `amazon` or `cognito`.
 * - `name`: a host name of your own, with the ARN of its certificate in us-east-1; its alias record must
 *   lead to `nodes.login.domain.cloudfrontDistribution`.
 */
export type LoginDomain =
  | { readonly prefix: string }
  | { readonly name: string; readonly certificateArn: pulumi.Input<string> };

export interface Login {
  readonly domain: aws.cognito.UserPoolDomain;
  /** By the logical name of the client whose pages they style. */
  readonly brandings: Readonly<Record<string, aws.cognito.ManagedLoginBranding>>;
}

export interface LoginTransform {
  domain?: Transform<aws.cognito.UserPoolDomainArgs>;
  branding?: Transform<aws.cognito.ManagedLoginBrandingArgs>;
}

export function createLogin(
  name: string,
  userPoolId: pulumi.Output<string>,
  domain: LoginDomain,
  clients: Readonly<Record<string, aws.cognito.UserPoolClient>>,
  resource: DescribeResource,
  transform: LoginTransform | undefined,
): Login {
  const created = new aws.cognito.UserPoolDomain(
    name,
    ...resource(
      {
        userPoolId,
        managedLoginVersion: 2,
        ...("prefix" in domain
          ? { domain: domain.prefix }
          : { domain: domain.name, certificateArn: domain.certificateArn }),
      },
      transform?.domain,
      // A pool has one domain.
      { deleteBeforeReplace: true },
    ),
  );
  const brandings: Record<string, aws.cognito.ManagedLoginBranding> = {};
  for (const [clientName, client] of Object.entries(clients)) {
    // Without a style, even Cognito's own, managed login shows a client no page at all.
    brandings[clientName] = new aws.cognito.ManagedLoginBranding(
      clientName,
      ...resource(
        { userPoolId, clientId: client.id, useCognitoProvidedValues: true },
        transform?.branding,
        // A client has one style.
        { dependsOn: [created], deleteBeforeReplace: true },
      ),
    );
  }
  return { domain: created, brandings };
}

/** Cognito API reference, CreateUserPoolDomain. */
export const isDomainPrefix = (prefix: string): boolean =>
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(prefix) && !/aws|amazon|cognito/.test(prefix);

/**
 * Exact, and over TLS, on the developer's own machine, or of an app's own scheme (RFC 9700 section 2.1;
 * Cognito API reference, CreateUserPoolClient, CallbackURLs: "App callback URLs such as myapp://example are
 * also supported"). Another app may claim a scheme that is not in reverse-domain form (RFC 8252 section 7.1).
 */
export function isRedirect(url: string): boolean {
  const [, scheme = ""] = /^([a-z][a-z0-9+.-]*):\/[^*\s#]+$/.exec(url) ?? [];
  if (scheme === "https") return /^https:\/\/[^/*\s?#]+(\/[^*\s#]*)?$/.test(url);
  if (scheme === "http") return /^http:\/\/localhost(:\d{1,5})?(\/[^*\s#]*)?$/.test(url);
  return scheme !== "" && !browserSchemes.includes(scheme);
}

/** Browsers and systems answer these themselves. */
const browserSchemes =
  "about blob data file filesystem ftp javascript mailto tel vbscript view-source ws wss".split(
    " ",
  );
