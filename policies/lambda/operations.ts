import { compliance, hipaa, nag, securityHub } from "../frameworks.ts";
import { at, knownAt, listAt, numberAt, textAt } from "../reading/read.ts";
import { perStack, resourceRule, stackRule } from "../rule.ts";

export const functions = ["aws:lambda/function:Function"];

/** What Lambda patches as of 2026-11 ("Lambda runtimes" in its developer guide). */
const supportedRuntimes = [
  "nodejs22.x",
  "nodejs24.x",
  "python3.12",
  "python3.13",
  "python3.14",
  "java21",
  "java25",
  "dotnet10",
  "ruby3.3",
  "ruby3.4",
  "provided.al2023",
];

export const runtime = resourceRule({
  id: "fn-runtime",
  service: "Lambda",
  description: "Functions must run on a runtime that AWS still patches.",
  reason: "A runtime without security fixes runs with access to a tenant's data.",
  fix: 'set runtime: "nodejs24.x".',
  severity: "high",
  level: "mandatory",
  frameworks: [
    ...nag("AwsSolutions-L1", "Serverless-LambdaLatestVersion"),
    ...securityHub("Lambda.2"),
  ],
  config: {
    runtimes: {
      type: "array",
      items: { type: "string" },
      default: supportedRuntimes,
      description: "Allowed runtime identifiers.",
    },
  },
  types: functions,
  judge({ props }, report, { runtimes }) {
    // An image brings its own.
    if (at(props, "packageType") === "Image") return;
    const found = textAt(props, "runtime");
    if (found === undefined || !runtimes.includes(found))
      report("runtime", found, runtimes.join(", "));
  },
});

export const tracing = resourceRule({
  id: "fn-tracing",
  service: "Lambda",
  description: "Functions must trace their requests.",
  reason: "Without traces nobody can say where a slow or failed answer was lost.",
  fix: 'set tracingConfig: { mode: "Active" }.',
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...nag("Serverless-LambdaTracing"),
    ...securityHub("Lambda.7"),
    ...compliance(
      "aws.lambda.Function.enableTracingConfig",
      "aws.lambda.Function.configureTracingConfig",
    ),
  ],
  types: functions,
  judge({ props }, report) {
    const mode = at(props, "tracingConfig.mode");
    if (mode !== "Active") report("tracingConfig.mode", mode, "Active");
  },
});

export const jsonLogs = resourceRule({
  id: "fn-json-logs",
  service: "Lambda",
  description: "Functions must log JSON.",
  reason: "Plain text cannot be searched by tenant, user or request when something leaks.",
  fix: 'set loggingConfig: { logFormat: "JSON" }.',
  severity: "medium",
  level: "mandatory",
  frameworks: hipaa("164.312(b)"),
  types: functions,
  judge({ props }, report) {
    const format = at(props, "loggingConfig.logFormat");
    if (format !== "JSON") report("loggingConfig.logFormat", format, "JSON");
  },
});

const logGroups = "aws:cloudwatch/logGroup:LogGroup";

export const logGroup = stackRule({
  id: "fn-log-group",
  service: "Lambda",
  description: "Functions must log to a log group of their stack.",
  reason:
    "The group that Lambda makes by itself never forgets, has no key and outlives the tenant.",
  fix: "name an aws.cloudwatch.LogGroup in loggingConfig.logGroup.",
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...nag("Serverless-CloudWatchLogGroupRetentionPeriod"),
    ...securityHub("CloudWatch.16"),
    ...hipaa("164.312(b)"),
  ],
  types: functions,
  judge(fn, report, _config, stack) {
    const sources = fn.propertyDependencies.loggingConfig ?? [];
    if (sources.some(({ type }) => type === logGroups)) return;
    if (stack.namedBy(fn, "name", logGroups).length > 0) return;
    const named = textAt(fn.props, "loggingConfig.logGroup");
    const group = named ?? `/aws/lambda/${textAt(fn.props, "name")}`;
    if (!logGroupNames(stack).has(group))
      report("loggingConfig.logGroup", named, "a log group of this stack");
  },
});

const logGroupNames = perStack(
  (stack) => new Set(stack.ofType(logGroups).map(({ props }) => knownAt(props, "name"))),
);

export const sizing = resourceRule({
  id: "fn-sizing",
  service: "Lambda",
  description: "Functions must name their memory and their timeout.",
  reason: "The defaults, 128 MB and 3 seconds, cut answers off; far too much pays for runaways.",
  fix: "set memorySize and timeout.",
  severity: "low",
  level: "mandatory",
  frameworks: nag("Serverless-LambdaDefaultMemorySize", "Serverless-LambdaDefaultTimeout"),
  config: {
    megabytes: {
      type: "integer",
      default: 3008,
      minimum: 128,
      maximum: 10_240,
      description: "Most memory, in megabytes.",
    },
    seconds: {
      type: "integer",
      default: 900,
      minimum: 1,
      maximum: 900,
      description: "Longest timeout, in seconds.",
    },
  },
  types: functions,
  judge({ props }, report, { megabytes, seconds }) {
    for (const [property, most] of [
      ["memorySize", megabytes],
      ["timeout", seconds],
    ] as const) {
      const found = numberAt(props, property);
      if (found === undefined || found > most) report(property, found, `at most ${most}`);
    }
  },
});

export const concurrency = resourceRule({
  id: "fn-concurrency",
  service: "Lambda",
  description: "Functions must reserve their concurrency.",
  reason: "One busy tenant would take the account's concurrency from all others.",
  fix: "set reservedConcurrentExecutions.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [...nag("HIPAA.Security-LambdaConcurrency"), ...hipaa("164.312(b)")],
  types: functions,
  judge({ props }, report) {
    const found = numberAt(props, "reservedConcurrentExecutions");
    // 0 stops the function, which is how a tenant is suspended; -1 lifts the limit.
    if (found === undefined || found < 0)
      report("reservedConcurrentExecutions", found, "0 or more");
  },
});

const eventConfigs = "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig";

export const asyncDestination = stackRule({
  id: "fn-async-destination",
  service: "Lambda",
  description: "Functions must hand failed events on.",
  reason: "An event that fails three times is dropped without a trace.",
  fix: "name the function in an aws.lambda.FunctionEventInvokeConfig with destinationConfig.onFailure, or set deadLetterConfig.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [
    ...nag(
      "HIPAA.Security-LambdaDLQ",
      "Serverless-LambdaDLQ",
      "Serverless-LambdaAsyncFailureDestination",
    ),
    ...hipaa("164.312(b)"),
  ],
  types: functions,
  judge(fn, report, _config, stack) {
    const configs = stack.namedBy(fn, "functionName", eventConfigs);
    const destination = "destinationConfig.onFailure.destination";
    for (const config of configs)
      if (at(config.props, destination) === undefined)
        report(destination, undefined, "a queue, topic, bucket, bus or function", config);
    if (configs.length === 0 && at(fn.props, "deadLetterConfig.targetArn") === undefined)
      report("aws.lambda.FunctionEventInvokeConfig", undefined, "one that names the function");
  },
});

export const codeSigning = resourceRule({
  id: "fn-code-signing",
  service: "Lambda",
  description: "Functions should accept signed code only.",
  reason: "Whoever may update a function's code may read what it reads.",
  fix: "set codeSigningConfigArn.",
  severity: "low",
  level: "advisory",
  frameworks: [],
  types: functions,
  judge({ props }, report) {
    // Lambda cannot sign images; registries do.
    if (at(props, "packageType") === "Image") return;
    const found = at(props, "codeSigningConfigArn");
    if (found === undefined) report("codeSigningConfigArn", found, "a code signing config");
  },
});

export const vpc = resourceRule({
  id: "fn-vpc",
  service: "Lambda",
  description: "Functions should run in private subnets of two zones.",
  reason: "Outside a VPC, code that was tampered with may send data anywhere.",
  fix: "set vpcConfig with subnets in two availability zones.",
  severity: "low",
  level: "advisory",
  frameworks: [...nag("HIPAA.Security-LambdaInsideVPC"), ...securityHub("Lambda.3", "Lambda.5")],
  types: functions,
  judge({ props }, report) {
    const { length } = listAt(props, "vpcConfig.subnetIds");
    if (length < 2) report("vpcConfig.subnetIds", length || undefined, "two or more");
  },
});
