/** What an API shows its clients, how much it takes from them, and whom it tells when that fails. */

import { exactOrigins, isExactOrigin } from "../origins.ts";
import type { ApiAlarmSettings } from "./api-alarms.ts";
import type { ApiDomainSettings } from "./api-domain.ts";
import type { RequestQuota } from "./api-quota.ts";
import type { ApiReference } from "./api-routes.ts";
import type { Throttle } from "./api-stage.ts";

export interface ApiOptions {
  /** Requests of all users together; beyond it API Gateway answers 429. Default 50 a second, bursts of 100. */
  throttle?: Throttle;
  /**
   * Requests that the tenant has paid for. Default `"unlimited"`. With a quota every request but
   * `/health` must bring the key of `ChatApi.apiKey` as `x-api-key`, beside its token.
   */
  quota?: "unlimited" | RequestQuota;
  /**
   * Who may read the API reference, `/docs` and `/openapi.json`. Default `"signed-in"`: whoever brings
   * an access token, as for every path; a browser needs `"public"`. It holds nothing of a tenant.
   */
  reference?: ApiReference;
  /** Origins whose pages may call the API, e.g. `["https://app.acme.example"]`. Default none. */
  corsOrigins?: readonly string[];
  /** A host name of the tenant's own. Default `"off"`: only AWS's, which keeps working beside it. */
  domain?: "off" | ApiDomainSettings;
  /** Oldest TLS that the API and its domain speak. Default `"1.2"`, without weak ciphers. */
  minimumTls?: "1.2" | "1.3";
  /**
   * Turn away known attackers, exploits and floods before they reach the function. Default `"off"`, as
   * it costs $9 a month and $0.60 per million requests.
   */
  firewall?: "off" | "on";
  /** Requests that one IP address may make in 5 minutes while the firewall is on. Default 2,000. */
  requestsPerAddress?: number;
  /** Tells an operator of failures, slowness and throttles. Default `"off"`; $0.60 a month. */
  alarms?: "off" | ApiAlarmSettings;
}

/** API Gateway Developer Guide, "Supported security policies"; AWS's default is TLS 1.0. */
export const securityPolicies = {
  "1.2": "SecurityPolicy_TLS13_1_2_2021_06",
  "1.3": "SecurityPolicy_TLS13_1_3_2025_09",
} as const;

type Fault = readonly [argument: string, found: unknown, allowed: string];

/** Which options API Gateway or CloudWatch would refuse. */
export function* optionFaults({
  throttle,
  quota,
  corsOrigins,
  alarms,
}: ApiOptions): Generator<Fault> {
  if (throttle) {
    yield* integerFaults("throttle.requestsPerSecond", throttle.requestsPerSecond, 10_000);
    yield* integerFaults("throttle.burst", throttle.burst, 5_000);
  }
  if (typeof quota === "object") {
    yield* integerFaults("quota.requests", quota.requests, 2_147_483_647);
  }
  for (const [index, origin] of (corsOrigins ?? []).entries()) {
    if (!isExactOrigin(origin)) yield [`corsOrigins[${index}]`, origin, exactOrigins];
  }
  if (typeof alarms === "object" && alarms.latencySeconds !== undefined) {
    yield* integerFaults("alarms.latencySeconds", alarms.latencySeconds, 900);
  }
}

function* integerFaults(argument: string, found: number, max: number): Generator<Fault> {
  if (!Number.isInteger(found) || found < 1 || found > max)
    yield [argument, found, `a whole number from 1 to ${max}`];
}
