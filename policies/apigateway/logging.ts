import { compliance, hipaa, nag, securityHub } from "../frameworks.ts";
import { at, isObject, listAt, textAt } from "../reading/read.ts";
import { resourceRule, stackRule } from "../rule.ts";
import {
  methodSettings,
  protocolOf,
  restStages,
  settingsOf,
  settingsOfAllMethods,
  v2Stages,
} from "./apis.ts";

export const accessLog = resourceRule({
  id: "api-access-log",
  service: "API Gateway",
  description: "Stages must log who asked for what.",
  reason: "After a leak nobody could say what was taken, by whom and from where.",
  fix: "set accessLogSettings with a destinationArn and a format.",
  severity: "high",
  level: "mandatory",
  frameworks: [
    ...nag("AwsSolutions-APIG1", "Serverless-APIGWAccessLogging"),
    ...securityHub("APIGateway.9"),
    ...compliance("aws.apigatewayv2.Stage.enableAccessLogging"),
    ...hipaa("164.312(b)"),
  ],
  types: [restStages, v2Stages],
  judge({ props }, report) {
    const destination = at(props, "accessLogSettings.destinationArn");
    if (destination === undefined || destination === "")
      report("accessLogSettings.destinationArn", destination, "a log group or delivery stream");
  },
});

export const structuredLog = resourceRule({
  id: "api-structured-log",
  service: "API Gateway",
  description: "Access logs must be JSON and say who, whence and with what result.",
  reason: "Lines that no query can take apart answer no question in time.",
  fix: 'set accessLogSettings.format to a JSON object of $context variables, e.g. {"requestId":"$context.requestId", …}.',
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...nag("Serverless-APIGWStructuredLogging"),
    ...compliance("aws.apigatewayv2.Stage.configureAccessLogging"),
    ...hipaa("164.312(b)"),
  ],
  config: {
    variables: {
      type: "array",
      items: { type: "string" },
      default: ["$context.requestId", "$context.identity.sourceIp", "$context.status"],
      description: "Variables that each line must show.",
    },
  },
  types: [restStages, v2Stages],
  judge({ props }, report, { variables }) {
    const path = "accessLogSettings.format";
    const format = textAt(props, path);
    const missing = variables.filter((variable) => !format?.includes(variable));
    if (format === undefined) report(path, format, "a JSON object");
    else if (!isJsonFormat(format)) report(path, "no JSON object", "a JSON object");
    else if (missing.length > 0)
      report(path, `without ${missing.join(", ")}`, `with ${variables.join(", ")}`);
  },
});

/** Variables stand for texts, or, without quotes, for numbers. */
function isJsonFormat(format: string): boolean {
  try {
    const line: unknown = JSON.parse(format.replaceAll(/\$context(\.[\w-]+)+/g, "0"));
    return isObject(line) && !Array.isArray(line);
  } catch {
    return false;
  }
}

const loggingLevels = ["ERROR", "INFO"];

export const executionLog = stackRule({
  id: "api-execution-log",
  service: "API Gateway",
  description: "Stages must log what fails inside the gateway.",
  reason: "A request that the gateway itself refuses or breaks leaves no other trace.",
  fix: 'set loggingLevel: "ERROR" in an aws.apigateway.MethodSettings for "*/*" (WebSocket: in defaultRouteSettings).',
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...nag("AwsSolutions-APIG6", "HIPAA.Security-APIGWExecutionLoggingEnabled"),
    ...securityHub("APIGateway.1"),
    ...hipaa("164.312(b)"),
  ],
  types: [restStages, v2Stages],
  judge(stage, report, _config, stack) {
    if (stage.type === v2Stages) {
      // HTTP APIs have access logs only.
      if (protocolOf(stage, stack) !== "WEBSOCKET") return;
      const level = textAt(stage.props, "defaultRouteSettings.loggingLevel");
      if (!isLogging(level)) report("defaultRouteSettings.loggingLevel", level, "ERROR or INFO");
      return;
    }
    if (settingsOfAllMethods(stage, stack) === undefined)
      report("aws.apigateway.MethodSettings", undefined, 'one for "*/*" of the stage');
    for (const settings of settingsOf(stage, stack)) {
      const level = textAt(settings.props, "settings.loggingLevel");
      if (!isLogging(level)) report("settings.loggingLevel", level, "ERROR or INFO", settings);
    }
  },
});

const isLogging = (level: string | undefined) => loggingLevels.includes(level ?? "OFF");

export const dataTrace = resourceRule({
  id: "api-data-trace",
  service: "API Gateway",
  description: "Execution logs must not hold requests and responses.",
  reason: "Data traces write tokens and whole conversations to a log that operators read.",
  fix: "remove dataTraceEnabled, or set it to false.",
  severity: "high",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  types: [methodSettings, v2Stages],
  judge({ props }, report) {
    const paths = [
      "settings.dataTraceEnabled",
      "defaultRouteSettings.dataTraceEnabled",
      ...listAt(props, "routeSettings").map((_, n) => `routeSettings.${n}.dataTraceEnabled`),
    ];
    for (const path of paths) if (at(props, path) === true) report(path, true, "false");
  },
});

export const xray = resourceRule({
  id: "api-xray",
  service: "API Gateway",
  description: "REST stages must trace their requests.",
  reason: "Without the gateway's part a trace does not show where an answer was lost.",
  fix: "set xrayTracingEnabled: true.",
  severity: "low",
  level: "mandatory",
  frameworks: [
    ...nag("HIPAA.Security-APIGWXrayEnabled", "Serverless-APIGWXrayEnabled"),
    ...securityHub("APIGateway.3"),
    ...hipaa("164.312(b)"),
  ],
  // HTTP and WebSocket APIs cannot trace.
  types: [restStages],
  judge({ props }, report) {
    const enabled = at(props, "xrayTracingEnabled");
    if (enabled !== true) report("xrayTracingEnabled", enabled, "true");
  },
  remediate(props) {
    props.xrayTracingEnabled = true;
  },
});
