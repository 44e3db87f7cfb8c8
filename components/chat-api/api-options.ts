/** What an API shows its clients, how much it takes from them, and whom it tells when that fails. */

import { alarmActions } from "../alarms.ts";
import { accountFaults, arnFaults, arns } from "../arn.ts";
import { atMost, awsLimits } from "../aws-limits.ts";
import { type Fault, integerFaults } from "../fault.ts";
import { exactOrigins, isExactOrigin, isHostName } from "../origins.ts";
import type { Home } from "../region.ts";
import type { Addresses } from "./addresses.ts";
import type { ApiAlarmSettings } from "./api-alarms.ts";
import type { ApiDomainSettings } from "./api-domain.ts";
import type { RequestQuota } from "./api-quota.ts";
import type { ApiReference } from "./api-routes.ts";
import type { Throttle } from "./api-stage.ts";

export interface ApiOptions {
  /** Requests of all users together; beyond it API Gateway answers 429. Default 50 a second, bursts of 100. */
  throttle?: Throttle;
  /**
   * Requests that the tenant may make. Default `"unlimited"`. With a quota, every request but `/health`
   * must send the key of `ChatApi.apiKey` as `x-api-key`, beside its token.
   */
  quota?: "unlimited" | RequestQuota;
  /**
   * Who may read the API reference, `/docs` and `/openapi.json`. Default `"signed-in"`: an access token is
   * needed, as for every path. Use `"public"` to open it in a browser. It has no data of a tenant.
   */
  reference?: ApiReference;
  /**
   * Origins whose pages may call the API, e.g. `["https://app.acme.example"]`. Default none. In a tenant's
   * settings they may upload documents as well.
   */
  corsOrigins?: readonly string[];
  /** A host name of the tenant's own. Default `"off"`: only AWS's host name, which always works. */
  domain?: "off" | ApiDomainSettings;
  /**
   * Which IP addresses may call the API and its domain. Default `"ipv4"`; `"dualstack"` takes IPv6 too.
   * With the firewall on, its limit counts each IPv6 address by itself, and one client may have many.
   * (API Gateway Developer Guide, "IP address types for REST APIs in API Gateway".)
   */
  addresses?: Addresses;
  /** Oldest TLS that the API and its domain speak. Default `"1.2"`, without weak ciphers. */
  minimumTls?: "1.2" | "1.3";
  /**
   * Refuse known attackers, exploits and floods before they reach the function. Default `"off"`, since it
   * costs $9 a month and $0.60 per million requests.
   */
  firewall?: "off" | "on";
  /** Requests that one IP address may make in 5 minutes while the firewall is on. Default 2,000. */
  requestsPerAddress?: number;
  /**
   * Notifies an operator of failures, slow answers and throttling. Default `"off"`. Costs $0.60 a month.
   */
  alarms?: "off" | ApiAlarmSettings;
}

/** API Gateway Developer Guide, "Supported security policies"; AWS's default is TLS 1.0. */
export const securityPolicies = {
  "1.2": "SecurityPolicy_TLS13_1_2_2021_06",
  "1.3": "SecurityPolicy_TLS13_1_3_2025_09",
} as const;

/**
 * Which options API Gateway, AWS Certificate Manager or CloudWatch refuses.
 *
 * @param home of the API.
 */
export function* optionFaults(
  { throttle, quota, corsOrigins, firewall, domain = "off", alarms }: ApiOptions,
  home: Home,
): Generator<Fault> {
  if (throttle) {
    yield* integerFaults("throttle.requestsPerSecond", throttle.requestsPerSecond, 1, 10_000);
    yield* integerFaults("throttle.burst", throttle.burst, 1, 5_000);
  }
  if (typeof quota === "object") {
    yield* integerFaults("quota.requests", quota.requests, 1, 2_147_483_647);
  }
  for (const [index, origin] of (corsOrigins ?? []).entries()) {
    if (!isExactOrigin(origin)) yield [`corsOrigins[${index}]`, origin, exactOrigins];
    // The firewall names the only origin in a header of its own.
    const isInHeader = firewall === "on" && corsOrigins?.length === 1;
    if (isInHeader && origin.length > awsLimits.responseHeader.most)
      yield [`corsOrigins[${index}]`, origin, atMost(awsLimits.responseHeader, "characters")];
  }
  if (domain !== "off") yield* domainFaults(domain, home);
  if (typeof alarms === "object") {
    yield* integerFaults("alarms.latencySeconds", alarms.latencySeconds, 1, 900);
    yield* arnFaults("alarms.topicArn", alarms.topicArn, arns.topic, home.region, alarmActions);
  }
}

function* domainFaults(
  { name, hostedZoneId, certificateArn }: ApiDomainSettings,
  { region, accounts }: Home,
): Generator<Fault> {
  if (!isHostName(name)) yield ["domain.name", name, "a host name"];
  if (certificateArn === undefined && hostedZoneId === undefined)
    yield ["domain", { name }, "a hostedZoneId or a certificateArn"];
  if (certificateArn === undefined && name.length > awsLimits.certificateName.most) {
    const allowed = `${atMost(awsLimits.certificateName, "characters")}, or a certificateArn`;
    yield ["domain.name", name, allowed];
  }
  if (name.length > awsLimits.hostName.most)
    yield ["domain.name", name, atMost(awsLimits.hostName, "characters")];
  const { most } = awsLimits.hostedZoneId;
  if (typeof hostedZoneId === "string" && hostedZoneId.length > most)
    yield ["domain.hostedZoneId", hostedZoneId, atMost(awsLimits.hostedZoneId, "characters")];
  const page = "API Gateway API reference, CreateDomainName, regionalCertificateArn";
  yield* arnFaults("domain.certificateArn", certificateArn, arns.certificate, region, page);
  yield* accountFaults("domain.certificateArn", certificateArn, accounts, page);
}
