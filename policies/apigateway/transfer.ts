import { awsguard, hipaa, nag, securityHub } from "../frameworks.ts";
import { at, numberAt, textAt } from "../reading/read.ts";
import { resourceRule, stackRule } from "../rule.ts";
import {
  methodSettings,
  restIntegrations,
  restMethods,
  restStages,
  settingsOfAllMethods,
} from "./apis.ts";

/** Developer guide, "Stream the integration response for your proxy integrations in API Gateway". */
export const streamShape = resourceRule({
  id: "api-stream-shape",
  service: "API Gateway",
  description: "Streaming integrations must be able to stream.",
  reason:
    "A stream that API Gateway buffers or cuts off loses the answer's end, and the user pays for it.",
  fix: 'with responseTransferMode: "STREAM" use AWS_PROXY and the function\'s responseStreamingInvokeArn (or HTTP_PROXY), and a timeout of at most 15 minutes.',
  severity: "high",
  level: "mandatory",
  frameworks: [],
  types: [restIntegrations],
  judge({ props }, report) {
    const type = textAt(props, "type") ?? "";
    const isStream = at(props, "responseTransferMode") === "STREAM";
    if (isStream && !["AWS_PROXY", "HTTP_PROXY"].includes(type))
      report("type", type, "AWS_PROXY or HTTP_PROXY");
    const timeout = numberAt(props, "timeoutMilliseconds");
    const longest = isStream ? 900_000 : 300_000;
    if (timeout !== undefined && timeout > longest)
      report("timeoutMilliseconds", timeout, `at most ${longest}`);
    if (type !== "AWS_PROXY") return;
    const streams = textAt(props, "uri")?.includes("/response-streaming-invocations");
    if (isStream && !streams) report("uri", "the buffering one", "responseStreamingInvokeArn");
    if (!isStream && streams)
      report("responseTransferMode", at(props, "responseTransferMode"), "STREAM, as the uri does");
  },
});

const encryptedCache = [
  ...nag("HIPAA.Security-APIGWCacheEnabledAndEncrypted"),
  ...securityHub("APIGateway.5"),
  ...awsguard("apigateway-method-cached-and-encrypted"),
  ...hipaa("164.312(a)(2)(iv)"),
];

export const cacheEncrypted = resourceRule({
  id: "api-cache-encrypted",
  service: "API Gateway",
  description: "Caches must be encrypted, and emptied by authorized requests only.",
  reason: "A cache holds what users asked for, outside the table that protects it.",
  fix: "set cacheDataEncrypted: true and leave requireAuthorizationForCacheControl on, or cachingEnabled off.",
  severity: "high",
  level: "mandatory",
  frameworks: encryptedCache,
  types: [methodSettings],
  judge({ props }, report) {
    if (at(props, "settings.cachingEnabled") !== true) return;
    const encrypted = at(props, "settings.cacheDataEncrypted");
    if (encrypted !== true) report("settings.cacheDataEncrypted", encrypted, "true");
    if (at(props, "settings.requireAuthorizationForCacheControl") === false)
      report("settings.requireAuthorizationForCacheControl", false, "true");
  },
});

export const cacheCluster = stackRule({
  id: "api-cache-cluster",
  service: "API Gateway",
  description: "Stages with a cache must say how it is encrypted.",
  reason: "Where no settings say otherwise, a stage's cache takes every GET, in the clear.",
  fix: 'add an aws.apigateway.MethodSettings for "*/*" with cacheDataEncrypted: true, or remove cacheClusterEnabled.',
  severity: "high",
  level: "mandatory",
  frameworks: encryptedCache,
  types: [restStages],
  judge(stage, report, _config, stack) {
    if (at(stage.props, "cacheClusterEnabled") !== true) return;
    const settings = settingsOfAllMethods(stage, stack);
    const caching = at(settings?.props, "settings.cachingEnabled");
    const encrypted = at(settings?.props, "settings.cacheDataEncrypted");
    if (encrypted !== true && caching !== false)
      report("settings.cacheDataEncrypted", encrypted, "true", settings);
  },
});

/** Methods whose requests carry a body. */
const bodied = ["ANY", "PATCH", "POST", "PUT"];

export const validation = resourceRule({
  id: "api-validation",
  service: "API Gateway",
  description: "Methods with a body should validate it.",
  reason: "What the gateway refuses costs no invocation; the app validates again in any case.",
  fix: "set requestValidatorId and requestModels.",
  severity: "low",
  level: "advisory",
  frameworks: nag("AwsSolutions-APIG2"),
  types: [restMethods],
  judge({ props }, report) {
    if (!bodied.includes(textAt(props, "httpMethod") ?? "ANY")) return;
    const found = at(props, "requestValidatorId");
    if (found === undefined) report("requestValidatorId", found, "a request validator");
  },
});
