import { testRule, unknown } from "../testing.ts";
import { restIntegrations, restMethods } from "./apis.ts";
import { ofApi, settings, stage } from "./samples.ts";
import { cacheCluster, cacheEncrypted, streamShape, validation } from "./transfer.ts";

const invocation = (kind: string) =>
  `arn:aws:apigateway:eu-west-1:lambda:path/2021-11-15/functions/arn:aws:lambda:eu-west-1:1:function:f/${kind}`;
const streaming = {
  type: "AWS_PROXY",
  responseTransferMode: "STREAM",
  uri: invocation("response-streaming-invocations"),
  timeoutMilliseconds: 900_000,
};
const integration = (change: object = {}) => ofApi(restIntegrations, { ...streaming, ...change });

testRule(streamShape, {
  passes: {
    "a streaming function": [integration()],
    "a streaming backend": [integration({ type: "HTTP_PROXY", uri: "https://example.org" })],
    "a buffered function": [
      ofApi(restIntegrations, { type: "AWS_PROXY", uri: invocation("invocations") }),
    ],
    "a mock": [ofApi(restIntegrations, { type: "MOCK" })],
  },
  objects: {
    "the integration is no proxy": [[integration({ type: "AWS" })], "type"],
    "the URI buffers": [[integration({ uri: invocation("invocations") })], "uri"],
    "the URI is absent": [[integration({ uri: undefined })], "uri"],
    "the mode is absent": [
      [integration({ responseTransferMode: undefined, timeoutMilliseconds: 29_000 })],
      "responseTransferMode",
    ],
    "the timeout is longer than a stream may be": [
      [integration({ timeoutMilliseconds: 900_001 })],
      "timeoutMilliseconds",
    ],
    "the timeout is longer than a buffer may wait": [
      [
        ofApi(restIntegrations, {
          type: "AWS_PROXY",
          uri: invocation("invocations"),
          timeoutMilliseconds: 300_001,
        }),
      ],
      "timeoutMilliseconds",
    ],
    "the URI is unknown": [[integration({ uri: unknown })], "cannot tell: uri"],
  },
});

testRule(cacheEncrypted, {
  passes: {
    "no cache": [settings({})],
    "an encrypted cache": [settings({ cachingEnabled: true, cacheDataEncrypted: true })],
  },
  objects: {
    "encryption is absent": [[settings({ cachingEnabled: true })], "settings.cacheDataEncrypted"],
    "it is off": [
      [settings({ cachingEnabled: true, cacheDataEncrypted: false })],
      "settings.cacheDataEncrypted",
    ],
    "anybody may empty the cache": [
      [
        settings({
          cachingEnabled: true,
          cacheDataEncrypted: true,
          requireAuthorizationForCacheControl: false,
        }),
      ],
      "settings.requireAuthorizationForCacheControl",
    ],
  },
});

const cached = stage({ cacheClusterEnabled: true });

testRule(cacheCluster, {
  passes: {
    "a stage without a cache": [stage()],
    "an encrypted cache": [cached, settings({ cachingEnabled: true, cacheDataEncrypted: true })],
    "a cache that nothing uses": [cached, settings({ cachingEnabled: false })],
  },
  objects: {
    "there are no settings": [[cached], "settings.cacheDataEncrypted"],
    "the settings are one method's": [
      [cached, settings({ cacheDataEncrypted: true }, "chats/GET")],
      "settings.cacheDataEncrypted",
    ],
    "encryption is absent": [
      [cached, settings({ cachingEnabled: true })],
      "settings.cacheDataEncrypted",
    ],
  },
});

const method = (httpMethod: string, props: object = {}) =>
  ofApi(restMethods, { httpMethod, ...props });

testRule(validation, {
  passes: {
    "a method that validates": [method("POST", { requestValidatorId: "abc" })],
    "a method without a body": [method("GET"), method("DELETE")],
  },
  objects: {
    "a validator is absent": [[method("POST")], "requestValidatorId"],
    "any method is taken": [[method("ANY")], "requestValidatorId"],
  },
});
