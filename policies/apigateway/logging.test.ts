import { resource, testRule, unknown } from "../testing.ts";
import { methodSettings, restStages } from "./apis.ts";
import { accessLog, dataTrace, executionLog, structuredLog, xray } from "./logging.ts";
import { ofApi, settings, stage, v2Stage, webSocketApi } from "./samples.ts";

const logs = "arn:aws:logs:eu-west-1:1:log-group:access";
const line = {
  requestId: "$context.requestId",
  ip: "$context.identity.sourceIp",
  status: "$context.status",
};
const accessLogSettings = (change: object = {}) => ({
  accessLogSettings: { destinationArn: logs, format: JSON.stringify(line), ...change },
});

testRule(accessLog, {
  passes: {
    "a REST stage that logs": [stage(accessLogSettings())],
    "an HTTP stage that logs": [v2Stage(accessLogSettings())],
  },
  objects: {
    "a REST stage's log is absent": [[stage()], "accessLogSettings.destinationArn"],
    "an HTTP stage's log is absent": [[v2Stage()], "accessLogSettings.destinationArn"],
    "the destination is empty": [
      [stage(accessLogSettings({ destinationArn: "" }))],
      "accessLogSettings.destinationArn",
    ],
    "it is unknown": [
      [stage(accessLogSettings({ destinationArn: unknown }))],
      "cannot tell: accessLogSettings.destinationArn",
    ],
  },
});

const format = (text: string) => [stage(accessLogSettings({ format: text }))];

testRule(structuredLog, {
  passes: {
    "a JSON object of variables": [stage(accessLogSettings())],
    "numbers without quotes": format(
      '{"id":"$context.requestId","ip":"$context.identity.sourceIp","status":$context.status,"ms":$context.responseLatency}',
    ),
  },
  objects: {
    "the log is absent": [[v2Stage()], "accessLogSettings.format"],
    "it is Common Log Format": [
      format(
        "$context.identity.sourceIp [$context.requestTime] $context.status $context.requestId",
      ),
      "accessLogSettings.format",
    ],
    "it is a list": [
      format('["$context.requestId","$context.identity.sourceIp","$context.status"]'),
      "accessLogSettings.format",
    ],
    "it does not say whence": [
      format('{"id":"$context.requestId","status":"$context.status"}'),
      "accessLogSettings.format",
    ],
  },
});

testRule(structuredLog, {
  config: { variables: ["$context.requestId"] },
  passes: { "what the config asks for": format('{"id":"$context.requestId"}') },
  objects: { "the config's variable is missing": [format("{}"), "accessLogSettings.format"] },
});

const errors = { loggingLevel: "ERROR" };

testRule(executionLog, {
  passes: {
    "settings that name the stage by name": [stage(), settings(errors)],
    "settings that refer to the stage": [
      stage(),
      ofApi(methodSettings, { methodPath: "*/*", settings: errors }, { stageName: stage() }),
    ],
    "settings that name API and stage literally": [
      resource(restStages, { restApi: "abc", stageName: "v1" }),
      resource(methodSettings, {
        restApi: "abc",
        stageName: "v1",
        methodPath: "*/*",
        settings: errors,
      }),
    ],
    "an HTTP stage, which has none": [v2Stage()],
    "a WebSocket stage that logs": [v2Stage({ defaultRouteSettings: errors }, webSocketApi)],
  },
  objects: {
    "there are no settings": [[stage()], "aws.apigateway.MethodSettings"],
    "the settings are another stage's": [
      [stage(), settings(errors, "*/*", "v2")],
      "aws.apigateway.MethodSettings",
    ],
    "the settings are another API's stage of that name": [
      [
        stage(),
        resource(methodSettings, {
          restApi: "other",
          stageName: "v1",
          methodPath: "*/*",
          settings: errors,
        }),
      ],
      "aws.apigateway.MethodSettings",
    ],
    "only one method logs": [
      [stage(), settings(errors, "health/GET")],
      "aws.apigateway.MethodSettings",
    ],
    "logging is off": [[stage(), settings({ loggingLevel: "OFF" })], "settings.loggingLevel"],
    "the level is absent": [[stage(), settings({})], "settings.loggingLevel"],
    "one method does not log": [
      [stage(), settings(errors), settings({}, "health/GET")],
      "settings.loggingLevel",
    ],
    "a WebSocket stage does not": [
      [v2Stage({}, webSocketApi)],
      "defaultRouteSettings.loggingLevel",
    ],
  },
});

testRule(dataTrace, {
  passes: {
    "settings without a trace": [settings(errors)],
    "a trace that is off": [settings({ dataTraceEnabled: false })],
    "a stage without a trace": [v2Stage()],
  },
  objects: {
    "it is on": [[settings({ dataTraceEnabled: true })], "settings.dataTraceEnabled"],
    "a stage's default is on": [
      [v2Stage({ defaultRouteSettings: { dataTraceEnabled: true } })],
      "defaultRouteSettings.dataTraceEnabled",
    ],
    "one route's is on": [
      [v2Stage({ routeSettings: [{}, { dataTraceEnabled: true }] })],
      "routeSettings.1.dataTraceEnabled",
    ],
  },
});

testRule(xray, {
  passes: { "a stage that traces": [stage({ xrayTracingEnabled: true })] },
  objects: {
    "it is absent": [[stage()], "xrayTracingEnabled"],
    "it is off": [[stage({ xrayTracingEnabled: false })], "xrayTracingEnabled"],
  },
});
