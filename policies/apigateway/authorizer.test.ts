import { resource, testRule, unknown } from "../testing.ts";
import { restMethods, restResources, v2Routes } from "./apis.ts";
import { authorizer } from "./authorizer.ts";
import { openApiAuthorizer } from "./openapi.ts";
import { httpApi, ofApi, referring, restApi, webSocketApi } from "./samples.ts";

const path = (pathPart: string, parent = restApi) =>
  ofApi(restResources, { pathPart }, { parentId: parent });
const health = path("health");
const app = path("{proxy+}");
const method = (props: object, at = app) =>
  ofApi(restMethods, { httpMethod: "ANY", ...props }, { resourceId: at });
const open = { authorization: "NONE", httpMethod: "GET" };
const cognito = { authorization: "COGNITO_USER_POOLS", authorizationScopes: ["chat"] };
const route = (routeKey: string, props: object = {}, api = httpApi) =>
  referring(v2Routes, { routeKey, ...props }, { apiId: api });

testRule(authorizer, {
  passes: {
    "a method with Cognito's authorizer and a scope": [method(cognito)],
    "a method that asks for IAM credentials": [method({ authorization: "AWS_IAM" })],
    "a method with a custom authorizer": [method({ authorization: "CUSTOM" })],
    "a health check": [method(open, health)],
    preflight: [method({ ...open, httpMethod: "OPTIONS" })],
    "a health check by literal ids": [
      resource(restResources, { id: "r1", parentId: "root", pathPart: "health" }),
      resource("aws:apigateway/restApi:RestApi", { id: "abc", rootResourceId: "root" }),
      resource(restMethods, { ...open, restApi: "abc", resourceId: "r1" }),
    ],
    "a route with a JWT authorizer": [httpApi, route("GET /chats", { authorizationType: "JWT" })],
    "an HTTP health check": [httpApi, route("GET /health")],
    "HTTP preflight": [httpApi, route("OPTIONS /{proxy+}")],
    "a WebSocket route after its connection": [webSocketApi, route("send", {}, webSocketApi)],
    "a connection with an authorizer": [
      webSocketApi,
      route("$connect", { authorizationType: "CUSTOM" }, webSocketApi),
    ],
  },
  objects: {
    "a method is open": [[method(open)], "authorization of /{proxy+}"],
    "authorization is absent": [[method({})], "authorization of /{proxy+}"],
    "the root is open": [[method(open, restApi)], "authorization of /"],
    "a path below an open one is open": [
      [method(open, path("users", health))],
      "authorization of /health/users",
    ],
    "a path that ends like an open one is open": [
      [method(open, path("health", path("users")))],
      "authorization of /users/health",
    ],
    "the path is outside the stack": [
      [resource(restMethods, { ...open, resourceId: "r9" })],
      "authorization of a path outside this stack",
    ],
    "the path begins outside the stack": [
      [method(open, resource(restResources, { parentId: "r9", pathPart: "health" }))],
      "authorization of a path outside this stack",
    ],
    "the path is unknown and from nowhere": [
      [resource(restMethods, { ...open, resourceId: unknown })],
      "authorization of a path outside this stack",
    ],
    "Cognito's authorizer takes ID tokens": [
      [method({ authorization: "COGNITO_USER_POOLS" })],
      "authorizationScopes",
    ],
    "authorization is unknown": [
      [method({ authorization: unknown })],
      "cannot tell: authorization",
    ],
    "a route is open": [
      [httpApi, route("GET /chats", { authorizationType: "NONE" })],
      "authorizationType of GET /chats",
    ],
    "a route's type is absent": [[httpApi, route("$default")], "authorizationType of $default"],
    "a connection is open": [
      [webSocketApi, route("$connect", {}, webSocketApi)],
      "authorizationType of $connect",
    ],
    "a route's API is outside the stack": [
      [resource(v2Routes, { apiId: "abc", routeKey: "send" })],
      "authorizationType of send",
    ],
  },
});

testRule(authorizer, {
  config: { open: ["/shares/{id}"] },
  passes: { "a path that the config opens": [method(open, path("{id}", path("shares")))] },
  objects: {
    "the config closes the health check": [[method(open, health)], "authorization of /health"],
  },
});

const schemes = {
  pool: { type: "apiKey", "x-amazon-apigateway-authorizer": { type: "cognito_user_pools" } },
  key: { type: "apiKey", name: "x-api-key", in: "header" },
};
const described = (operation: object, more: object = {}) =>
  resource("aws:apigateway/restApi:RestApi", {
    body: JSON.stringify({
      paths: { "/chats": { get: operation }, "/health": { get: {} } },
      components: { securitySchemes: schemes },
      ...more,
    }),
  });

testRule(openApiAuthorizer, {
  passes: {
    "an API without a body": [restApi, httpApi],
    "an operation with an authorizer": [described({ security: [{ pool: [] }] })],
    "an operation with an authorizer and a key": [described({ security: [{ key: [], pool: [] }] })],
    "a document with an authorizer": [described({}, { security: [{ pool: [] }] })],
    "an operation that asks for IAM credentials": [
      described({ "x-amazon-apigateway-auth": { type: "AWS_IAM" } }),
    ],
    "Swagger 2.0": [
      described(
        { security: [{ pool: [] }] },
        { components: undefined, securityDefinitions: schemes },
      ),
    ],
    preflight: [
      resource("aws:apigatewayv2/api:Api", {
        body: JSON.stringify({ paths: { "/chats": { options: {} } } }),
      }),
    ],
  },
  objects: {
    "an operation names no scheme": [[described({})], "body get /chats"],
    "an operation opts out": [
      [described({ security: [] }, { security: [{ pool: [] }] })],
      "body get /chats",
    ],
    "signing in is optional": [[described({ security: [{ pool: [] }, {}] })], "body get /chats"],
    "an API key is all it takes": [[described({ security: [{ key: [] }] })], "body get /chats"],
    "the scheme is not described": [[described({ security: [{ jwt: [] }] })], "body get /chats"],
    "any method is open": [
      [
        resource("aws:apigateway/restApi:RestApi", {
          body: JSON.stringify({
            paths: { "/{proxy+}": { "x-amazon-apigateway-any-method": {} } },
          }),
        }),
      ],
      "body x-amazon-apigateway-any-method /{proxy+}",
    ],
    "the body is YAML": [
      [resource("aws:apigateway/restApi:RestApi", { body: "paths: {}" })],
      "body",
    ],
    "the body is unknown": [
      [resource("aws:apigateway/restApi:RestApi", { body: unknown })],
      "cannot tell: body",
    ],
    "an HTTP API is made by quick create": [
      [resource("aws:apigatewayv2/api:Api", { target: "arn:aws:lambda:eu-west-1:1:function:f" })],
      "target",
    ],
  },
});
