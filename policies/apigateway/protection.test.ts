import { resource, testRule, unknown } from "../testing.ts";
import { restApis, restIntegrations, restStages, v2Integrations } from "./apis.ts";
import { backendTls, clientCert, corsOrigin, endpointType, throttle, tls } from "./protection.ts";
import { httpApi, ofApi, restApi, settings, stage, v2Stage } from "./samples.ts";

const limits = { throttlingRateLimit: 50, throttlingBurstLimit: 100 };

testRule(throttle, {
  passes: {
    "a REST stage with limits": [stage(), settings(limits)],
    "an HTTP stage with limits": [v2Stage({ defaultRouteSettings: limits })],
    "a route of it with lower ones": [
      v2Stage({
        defaultRouteSettings: limits,
        routeSettings: [{ routeKey: "GET /", throttlingRateLimit: 5, throttlingBurstLimit: 5 }],
      }),
    ],
    "the highest limits": [
      stage(),
      settings({ throttlingRateLimit: 5_000, throttlingBurstLimit: 4_000 }),
    ],
    "a stage that is closed": [
      stage(),
      settings({ throttlingRateLimit: 0, throttlingBurstLimit: 0 }),
    ],
  },
  objects: {
    "there are no settings": [[stage()], "aws.apigateway.MethodSettings"],
    "the limits are absent": [
      [stage(), settings({})],
      "settings.throttlingRateLimit",
      "settings.throttlingBurstLimit",
    ],
    "a limit is lifted": [
      [stage(), settings({ ...limits, throttlingRateLimit: -1 })],
      "settings.throttlingRateLimit",
    ],
    "a limit is no limit": [
      [stage(), settings({ ...limits, throttlingBurstLimit: 4_001 })],
      "settings.throttlingBurstLimit",
    ],
    "one method has none": [
      [stage(), settings(limits), settings({ throttlingRateLimit: 5 }, "chats/POST")],
      "settings.throttlingBurstLimit",
    ],
    "an HTTP stage's are absent": [
      [v2Stage()],
      "defaultRouteSettings.throttlingRateLimit",
      "defaultRouteSettings.throttlingBurstLimit",
    ],
    "a route lifts them": [
      [
        v2Stage({
          defaultRouteSettings: limits,
          routeSettings: [{ routeKey: "GET /", throttlingRateLimit: -1 }],
        }),
      ],
      "routeSettings.0.throttlingRateLimit",
    ],
  },
});

const api = (props: object) => resource(restApis, { ...props });
const domain = (props: object) => resource("aws:apigateway/domainName:DomainName", { ...props });
const v2Domain = (securityPolicy?: string) =>
  resource("aws:apigatewayv2/domainName:DomainName", {
    domainNameConfiguration: { securityPolicy },
  });

testRule(tls, {
  passes: {
    "TLS 1.2": [api({ securityPolicy: "TLS_1_2" }), domain({ securityPolicy: "TLS_1_2" })],
    "TLS 1.3, strictly": [
      api({ securityPolicy: "SecurityPolicy_TLS13_1_2_2021_06", endpointAccessMode: "STRICT" }),
    ],
    "a private API, which has nothing older": [
      api({ endpointConfiguration: { types: "PRIVATE" } }),
    ],
    "an HTTP API's domain": [v2Domain("TLS_1_2")],
  },
  objects: {
    "an API's policy is absent": [
      [api({ endpointConfiguration: { types: "REGIONAL" } })],
      "securityPolicy",
    ],
    "it is TLS 1.0": [[api({ securityPolicy: "TLS_1_0" })], "securityPolicy"],
    "a domain's is absent": [[domain({})], "securityPolicy"],
    "a v2 domain's is absent": [[v2Domain()], "domainNameConfiguration.securityPolicy"],
    "the access mode is absent": [
      [api({ securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09" })],
      "endpointAccessMode",
    ],
    "the access mode is basic": [
      [api({ securityPolicy: "SecurityPolicy_TLS13_1_3_2025_09", endpointAccessMode: "BASIC" })],
      "endpointAccessMode",
    ],
  },
});

const endpoint = (types: unknown) => api({ endpointConfiguration: { types } });

testRule(endpointType, {
  passes: {
    "a regional API": [endpoint("REGIONAL"), endpoint(["REGIONAL"])],
    "a private API": [endpoint("PRIVATE")],
    "a regional domain": [domain({ endpointConfiguration: { types: "REGIONAL" } })],
  },
  objects: {
    "the type is absent": [[api({})], "endpointConfiguration.types"],
    "it is the edge": [[endpoint("EDGE")], "endpointConfiguration.types"],
    "the edge is one of two": [[endpoint(["REGIONAL", "EDGE"])], "endpointConfiguration.types"],
    "a domain's is absent": [[domain({})], "endpointConfiguration.types"],
  },
});

testRule(endpointType, {
  config: { types: ["PRIVATE"] },
  passes: { "what the config allows": [endpoint("PRIVATE")] },
  objects: { "the config leaves it out": [[endpoint("REGIONAL")], "endpointConfiguration.types"] },
});

const integration = (props: object) => ofApi(restIntegrations, props);
const v2Integration = (props: object) => resource(v2Integrations, { ...props });

testRule(backendTls, {
  passes: {
    "a backend by HTTPS": [integration({ type: "HTTP_PROXY", uri: "https://example.org" })],
    "a function": [integration({ type: "AWS_PROXY", uri: "arn:aws:apigateway:…" })],
    "a private backend that is verified": [
      v2Integration({
        connectionType: "VPC_LINK",
        integrationUri: "arn:aws:elasticloadbalancing:…",
        tlsConfig: { serverNameToVerify: "chat.internal" },
      }),
    ],
  },
  objects: {
    "a backend is called by HTTP": [
      [integration({ type: "HTTP_PROXY", uri: "http://example.org" })],
      "uri",
    ],
    "an HTTP API calls one by HTTP": [
      [v2Integration({ integrationUri: "http://example.org" })],
      "integrationUri",
    ],
    "certificates are not verified": [
      [integration({ uri: "https://a", tlsConfig: { insecureSkipVerification: true } })],
      "tlsConfig.insecureSkipVerification",
    ],
    "a private backend's TLS is absent": [
      [v2Integration({ connectionType: "VPC_LINK", integrationUri: "arn:aws:…" })],
      "tlsConfig",
    ],
    "the URI is unknown": [[integration({ uri: unknown })], "cannot tell: uri"],
  },
});

const cors = (...allowOrigins: string[]) =>
  resource("aws:apigatewayv2/api:Api", { corsConfiguration: { allowOrigins } });
const response = (value: string) =>
  resource("aws:apigateway/response:Response", {
    responseParameters: { "gatewayresponse.header.Access-Control-Allow-Origin": value },
  });

const told = (CORS_ORIGINS: string) =>
  resource("aws:lambda/function:Function", { environment: { variables: { CORS_ORIGINS } } });

testRule(corsOrigin, {
  passes: {
    "an API without CORS": [httpApi],
    "named origins": [cors("https://chat.example.org", "https://admin.example.org")],
    "a function that is told named origins": [
      told("https://chat.example.org, https://admin.example.org"),
      resource("aws:lambda/function:Function", {}),
    ],
    "a response to a named origin": [response("'https://chat.example.org'")],
    "an origin that the integration names": [
      resource("aws:apigateway/integrationResponse:IntegrationResponse", {
        responseParameters: {
          "method.response.header.Access-Control-Allow-Origin":
            "integration.response.header.Access-Control-Allow-Origin",
        },
      }),
    ],
    "responses without the header": [
      resource("aws:apigateway/response:Response", {
        responseParameters: { "gatewayresponse.header.Retry-After": "'1'" },
      }),
    ],
  },
  objects: {
    "any origin may call": [[cors("*")], "corsConfiguration.allowOrigins"],
    "any origin with TLS may": [[cors("https://*")], "corsConfiguration.allowOrigins"],
    "an origin without TLS may": [
      [cors("https://chat.example.org", "http://chat.example.org")],
      "corsConfiguration.allowOrigins",
    ],
    "a function is told any": [[told("*")], "environment.variables.CORS_ORIGINS"],
    "one of those it is told has no TLS": [
      [told("https://chat.example.org,http://chat.example.org")],
      "environment.variables.CORS_ORIGINS",
    ],
    "a response allows any": [
      [response("'*'")],
      "responseParameters.gatewayresponse.header.Access-Control-Allow-Origin",
    ],
    "a function URL allows any": [
      [resource("aws:lambda/functionUrl:FunctionUrl", { cors: { allowOrigins: ["*"] } })],
      "cors.allowOrigins",
    ],
  },
});

const backend = integration({ type: "HTTP_PROXY", uri: "https://example.org" });

testRule(clientCert, {
  passes: {
    "a stage in front of functions": [stage(), integration({ type: "AWS_PROXY" })],
    "a stage that presents one": [stage({ clientCertificateId: "abc" }), backend],
    "a stage of no API that is known": [resource(restStages, {}), backend],
    "a stage of another API": [resource(restStages, { restApi: "other" }), restApi, backend],
  },
  objects: { "it is absent": [[stage(), backend], "clientCertificateId"] },
});
