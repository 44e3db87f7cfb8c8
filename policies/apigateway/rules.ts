/** Rules about APIs: who may call, what is logged, and what stands in front. */
import type { AnyRule } from "../rule.ts";
import { authorizer } from "./authorizer.ts";
import { defaultEndpoint, stageSecrets } from "./exposure.ts";
import { waf, wafGroups, wafLog, wafMetrics, wafRedaction, wafRules } from "./firewall.ts";
import { accessLog, dataTrace, executionLog, structuredLog, xray } from "./logging.ts";
import { openApiAuthorizer } from "./openapi.ts";
import { backendTls, clientCert, corsOrigin, endpointType, throttle, tls } from "./protection.ts";
import { cacheCluster, cacheEncrypted, streamShape, validation } from "./transfer.ts";

export const apiGatewayRules: readonly AnyRule[] = [
  accessLog,
  structuredLog,
  executionLog,
  dataTrace,
  xray,
  authorizer,
  openApiAuthorizer,
  waf,
  wafRules,
  wafGroups,
  wafLog,
  wafRedaction,
  wafMetrics,
  throttle,
  tls,
  backendTls,
  endpointType,
  streamShape,
  cacheEncrypted,
  cacheCluster,
  corsOrigin,
  validation,
  clientCert,
  stageSecrets,
  defaultEndpoint,
];
