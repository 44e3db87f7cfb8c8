/** What AWS takes at most where a setting decides how long a text or a list gets, with AWS's page. */

export interface AwsLimit {
  /** Characters of a text, items of a list, or bytes where the name says so. */
  readonly most: number;
  /** Page of AWS's that says so. */
  readonly source: string;
}

const limit = (most: number, source: string): AwsLimit => ({ most, source });

export const awsLimits = {
  /** A managed policy, white space not counted. */
  policy: limit(6_144, 'IAM User Guide, "IAM and AWS STS quotas"'),
  /** Names and values of a function's environment. */
  environmentBytes: limit(4_096, 'AWS Lambda Developer Guide, "Lambda quotas"'),
  /** First name of a certificate that AWS issues. */
  certificateName: limit(64, "ACM API reference, RequestCertificate, DomainName"),
  responseHeader: limit(255, "AWS WAF API reference, CustomHTTPHeader, Value"),
  hostName: limit(253, "ACM API reference, RequestCertificate, DomainName"),
  hostedZoneId: limit(32, "Route 53 API reference, ChangeResourceRecordSets, HostedZoneId"),
  loginDomain: limit(63, "Cognito API reference, CreateUserPoolDomain, Domain"),
  relyingPartyId: limit(127, "Cognito API reference, WebAuthnConfigurationType, RelyingPartyId"),
  redirect: limit(1_024, "Cognito API reference, CreateUserPoolClient, CallbackURLs"),
  redirects: limit(100, "Cognito API reference, CreateUserPoolClient, CallbackURLs"),
  providerName: limit(32, "Cognito API reference, CreateIdentityProvider, ProviderName"),
  dashboardName: limit(255, "CloudWatch API reference, PutDashboard, DashboardName"),
  trailName: limit(128, "CloudTrail API reference, CreateTrail, Name"),
} as const satisfies Record<string, AwsLimit>;

/** In words: `at most 64 characters (ACM API reference, …)`. */
export const atMost = ({ most, source }: AwsLimit, unit: string): string =>
  `at most ${most} ${unit} (${source})`;
