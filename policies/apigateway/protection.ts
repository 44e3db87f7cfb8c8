import { awsguard, compliance, hipaa, nag, securityHub } from "../frameworks.ts";
import { judgeOrigin } from "../reading/origin.ts";
import { like } from "../reading/policy-document.ts";
import { at, isObject, listAt, numberAt, textAt, textsAt } from "../reading/read.ts";
import type { StackResource } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";
import {
  apiOf,
  restApis,
  restIntegrations,
  restStages,
  settingsOf,
  settingsOfAllMethods,
  v2Apis,
  v2Integrations,
  v2Stages,
} from "./apis.ts";

const limits = ["throttlingRateLimit", "throttlingBurstLimit"] as const;

export const throttle = stackRule({
  id: "api-throttle",
  service: "API Gateway",
  description: "Stages must limit requests a second.",
  reason: "Without limits of their own, one tenant's clients use up the account's for all.",
  fix: 'set throttlingRateLimit and throttlingBurstLimit in an aws.apigateway.MethodSettings for "*/*" (HTTP APIs: in defaultRouteSettings).',
  severity: "medium",
  level: "mandatory",
  frameworks: nag("Serverless-APIGWDefaultThrottling"),
  config: {
    rate: {
      type: "integer",
      default: 5_000,
      minimum: 1,
      description: "Highest rate of one stage, in requests a second; the account has 10,000.",
    },
    burst: {
      type: "integer",
      default: 4_000,
      minimum: 1,
      description: "Highest burst of one stage, in requests; the account has 5,000.",
    },
  },
  types: [restStages, v2Stages],
  judge(stage, report, { rate, burst }, stack) {
    const check = (
      holder: StackResource,
      block: string,
      these: readonly (typeof limits)[number][] = limits,
    ) => {
      for (const limit of these) {
        const most = limit === "throttlingRateLimit" ? rate : burst;
        const found = numberAt(holder.props, `${block}.${limit}`);
        // -1 lifts the limit.
        if (found === undefined || found < 0 || found > most)
          report(`${block}.${limit}`, found, `0 to ${most}`, holder);
      }
    };
    if (stage.type === v2Stages) {
      check(stage, "defaultRouteSettings");
      // What a route sets for itself counts instead.
      for (const [index, route] of listAt(stage.props, "routeSettings").entries())
        for (const limit of limits)
          if (at(route, limit) !== undefined) check(stage, `routeSettings.${index}`, [limit]);
      return;
    }
    if (settingsOfAllMethods(stage, stack) === undefined)
      report("aws.apigateway.MethodSettings", undefined, 'one for "*/*" of the stage');
    for (const settings of settingsOf(stage, stack)) check(settings, "settings");
  },
});

const domainNames = "aws:apigateway/domainName:DomainName";
const v2DomainNames = "aws:apigatewayv2/domainName:DomainName";

export const tls = resourceRule({
  id: "api-tls",
  service: "API Gateway",
  description: "APIs and their domains must refuse TLS before 1.2.",
  reason: "API Gateway's default accepts TLS 1.0, which lets tokens be read on the way.",
  fix: 'set securityPolicy to a TLS 1.2 or 1.3 policy, with endpointAccessMode: "STRICT" where it starts with SecurityPolicy_.',
  severity: "high",
  level: "mandatory",
  frameworks: [
    ...securityHub("APIGateway.11"),
    ...compliance(
      "aws.apigateway.DomainName.configureSecurityPolicy",
      "aws.apigatewayv2.DomainName.configureDomainNameSecurityPolicy",
    ),
    ...hipaa("164.312(e)(1)"),
  ],
  config: {
    policies: {
      type: "array",
      items: { type: "string" },
      default: ["TLS_1_2", "SecurityPolicy_TLS12_*", "SecurityPolicy_TLS13_*"],
      description: "Allowed security policies; * stands for any text.",
    },
  },
  types: [restApis, domainNames, v2DomainNames],
  judge({ type, props }, report, { policies }) {
    // Private endpoints speak TLS 1.2 only ("Security policies for REST APIs" in the developer guide).
    const isPrivate = textsAt(props, "endpointConfiguration.types").includes("PRIVATE");
    const path =
      type === v2DomainNames ? "domainNameConfiguration.securityPolicy" : "securityPolicy";
    const found = textAt(props, path);
    if (found === undefined && isPrivate) return;
    if (found === undefined || !policies.some((policy) => like(policy, found)))
      report(path, found, policies.join(", "));
    // Otherwise a request may name another host than its handshake did.
    if (found?.startsWith("SecurityPolicy_") && at(props, "endpointAccessMode") !== "STRICT")
      report("endpointAccessMode", at(props, "endpointAccessMode"), "STRICT");
  },
});

export const endpointType = resourceRule({
  id: "api-endpoint-type",
  service: "API Gateway",
  description: "REST APIs and their domains must answer in their own region.",
  reason:
    "An edge-optimized API, the default, decrypts requests in CloudFront wherever the user is, and cuts streams that pause for 30 seconds.",
  fix: 'set endpointConfiguration: { types: "REGIONAL" }.',
  severity: "medium",
  level: "mandatory",
  frameworks: awsguard("apigateway-endpoint-type"),
  config: {
    types: {
      type: "array",
      items: { type: "string" },
      default: ["REGIONAL", "PRIVATE"],
      description: "Allowed endpoint types.",
    },
  },
  types: [restApis, domainNames],
  judge({ props }, report, { types }) {
    const path = "endpointConfiguration.types";
    const found = textsAt(props, path);
    if (found.length === 0 || !found.every((type) => types.includes(type)))
      report(path, found.length === 0 ? undefined : found.join(", "), types.join(" or "));
  },
});

export const backendTls = resourceRule({
  id: "api-backend-tls",
  service: "API Gateway",
  description: "Integrations must speak verified TLS.",
  reason: "What the gateway received encrypted it would hand on in the clear, or to an impostor.",
  fix: "use an https:// URI, remove insecureSkipVerification, and give a private HTTP API integration a tlsConfig.",
  severity: "high",
  level: "mandatory",
  frameworks: [...securityHub("APIGateway.10"), ...hipaa("164.312(e)(1)")],
  types: [restIntegrations, v2Integrations],
  judge({ type, props }, report) {
    if (at(props, "tlsConfig.insecureSkipVerification") === true)
      report("tlsConfig.insecureSkipVerification", true, "false");
    const uri = type === v2Integrations ? "integrationUri" : "uri";
    const isVpcLink = at(props, "connectionType") === "VPC_LINK";
    if (type === v2Integrations && isVpcLink && at(props, "tlsConfig") === undefined)
      report("tlsConfig", undefined, "one that names the server to verify");
    if (/^http:/i.test(textAt(props, uri) ?? "")) report(uri, "http:", "https:");
  },
});

export const corsOrigin = resourceRule({
  id: "api-cors-origin",
  service: "API Gateway",
  description: "APIs must name the origins that browsers may call from.",
  reason: "With any origin allowed, every website a user visits may call the API.",
  fix: "list the web app's https:// origins.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [],
  config: {
    variables: {
      type: "array",
      items: { type: "string" },
      default: ["CORS_ORIGINS"],
      description:
        "Environment variables in which functions are told origins, with commas between.",
    },
  },
  types: [
    v2Apis,
    "aws:apigateway/integrationResponse:IntegrationResponse",
    "aws:apigateway/response:Response",
    "aws:lambda/functionUrl:FunctionUrl",
    "aws:lambda/function:Function",
  ],
  judge({ props }, report, { variables }) {
    for (const name of variables)
      for (const origin of textAt(props, ["environment", "variables", name])?.split(",") ?? [])
        judgeOrigin(`environment.variables.${name}`, origin.trim(), report);
    for (const block of ["corsConfiguration", "cors"])
      for (const origin of textsAt(props, `${block}.allowOrigins`))
        judgeOrigin(`${block}.allowOrigins`, origin, report);
    const parameters = at(props, "responseParameters");
    if (!isObject(parameters)) return;
    for (const name of Object.keys(parameters))
      if (/\.header\.access-control-allow-origin$/i.test(name)) {
        const value = textAt(parameters, [name]) ?? "";
        // Literal values stand in single quotes; others are taken from the integration.
        const [, origin] = /^'(.*)'$/.exec(value) ?? [];
        if (origin !== undefined) judgeOrigin(`responseParameters.${name}`, origin, report);
      }
  },
});

export const clientCert = stackRule({
  id: "api-client-cert",
  service: "API Gateway",
  description: "Stages in front of HTTP backends should present a client certificate.",
  reason: "A backend that cannot recognise the gateway can be called around it.",
  fix: "set clientCertificateId, and verify the certificate in the backend.",
  severity: "low",
  level: "advisory",
  frameworks: [...nag("HIPAA.Security-APIGWSSLEnabled"), ...securityHub("APIGateway.2")],
  types: [restStages],
  judge(stage, report, _config, stack) {
    const api = apiOf(stage, "restApi", stack);
    if (api === undefined) return;
    // Lambda functions and AWS services know their caller by its signature.
    const hasHttpBackend = stack
      .namedBy(api, "restApi", restIntegrations)
      .some(({ props }) => ["HTTP", "HTTP_PROXY"].includes(textAt(props, "type") ?? ""));
    const found = at(stage.props, "clientCertificateId");
    if (hasHttpBackend && found === undefined)
      report("clientCertificateId", found, "a client certificate");
  },
});
