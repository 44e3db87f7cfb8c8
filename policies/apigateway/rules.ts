import type { AnyRule } from "../rule.ts";
import { authorizer } from "./authorizer.ts";
import { waf, wafLog, wafRedaction, wafRules } from "./firewall.ts";
import { accessLog, dataTrace, executionLog, structuredLog, xray } from "./logging.ts";
import { openApiAuthorizer } from "./openapi.ts";
import { backendTls, clientCert, corsOrigin, throttle, tls } from "./protection.ts";
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
  wafLog,
  wafRedaction,
  throttle,
  tls,
  backendTls,
  streamShape,
  cacheEncrypted,
  cacheCluster,
  corsOrigin,
  validation,
  clientCert,
];
