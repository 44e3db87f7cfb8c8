/**
 * `offline/cost/services/`: what each AWS service bills a resource for.
 *
 * The API in front, the function behind it, and what it asks models.
 */

import {
  at,
  byUse,
  fixed,
  number,
  type Priced,
  type Pricer,
  type PricingContext,
} from "../line.ts";
import { tokenPriceIds } from "../prices/bedrock-prices.ts";
import { hoursAMonth } from "../prices/prices.ts";
import { gigabytes, product, type Quantity, scaled, total } from "../quantity.ts";

/** A streamed answer counts as one request for each 10 MB begun. */
export const restApi: Pricer = (_, { usage, workload }) => ({
  lines: [
    byUse("requests", workload.requests, "api-gateway.requests", "no answer is above 10 MB"),
    byUse(
      "answers sent",
      gigabytes(scaled(workload.requests, "requests", [usage.responseKB, "KB"])),
      "data-transfer.out",
    ),
  ],
});

/** Five metrics of each method, for the hours in which it is called. */
export const methodSettings: Pricer = ({ inputs }, { usage, siblings }) => {
  if (at(inputs, "settings", "metricsEnabled") !== true) return {};
  const methods = siblings("aws:apigateway/method:Method").length;
  const share = (usage.activeHours / hoursAMonth).toFixed(4);
  return {
    lines: [
      byUse(
        "detailed metrics of the API",
        product([methods, "methods"], [5, "metrics"], [share, "of the month"]),
        "cloudwatch.custom-metrics",
        "every method is called in each active hour; one that is not costs nothing",
      ),
    ],
  };
};

export const lambdaFunction: Pricer = (record, context) => {
  const { inputs, name } = record;
  if (!JSON.stringify(inputs.architectures ?? []).includes("arm64")) {
    return unknown(`function ${name}`, "only arm64 is priced");
  }
  const { workload, usage } = context;
  const memory = memoryOf(inputs.memorySize);
  const models = bedrock(inputs, context);
  return {
    lines: [
      byUse("requests", workload.requests, "lambda.requests"),
      byUse(
        "duration",
        scaled(workload.functionSeconds, "s", [memory, "GB"]),
        "lambda.arm-duration",
        `${usage.chatSeconds} s a chat, ${usage.requestSeconds} s any other request`,
      ),
      ...(at(inputs, "tracingConfig", "mode") === "Active"
        ? [byUse("traces", traces(workload.requests), "xray.traces", "X-Ray's default sampling")]
        : []),
      ...(models.lines ?? []),
    ],
    unpriced: models.unpriced ?? [],
  };
};

const memoryOf = (megabytes: unknown) => number(megabytes, 128) / 1024;

/** One request a second and 5% of what is more (AWS X-Ray Developer Guide, "Configuring sampling rules"). */
function traces(requests: Quantity): Quantity {
  const reservoir = hoursAMonth * 3600;
  const above = requests.value.toNumber() - reservoir;
  if (above <= 0) return scaled(requests, "requests, all traced");
  return total(
    product([reservoir, "requests, one a second"]),
    product([Math.round(above), "requests above that"], ["0.05", ""]),
  );
}

/** Without `MODELS` chats are refused; the embedded model costs nothing. */
function bedrock(
  inputs: Readonly<Record<string, unknown>>,
  { usage, prices }: PricingContext,
): Priced {
  const allowed = at(inputs, "environment", "variables", "MODELS");
  if (typeof allowed !== "string" || allowed === "embedded") return {};
  const model = usage.model ?? allowed.split(/[,=]/)[0] ?? "";
  const ids = tokenPriceIds(model);
  if (!(ids.input in prices)) {
    return unknown(`model ${model}`, "its price is not in the table; --prices adds it");
  }
  const { chats, inputTokensPerChat, outputTokensPerChat } = usage;
  const cached = Math.min(usage.cachedTokensPerChat, inputTokensPerChat);
  return {
    lines: [
      byUse(
        `tokens to ${model}`,
        product([chats, "chats"], [inputTokensPerChat - cached, "tokens in"]),
        ids.input,
      ),
      ...(cached === 0
        ? []
        : [
            byUse(
              `tokens that ${model} had in its cache`,
              product([chats, "chats"], [cached, "tokens in"]),
              ids.cached in prices ? ids.cached : ids.input,
            ),
          ]),
      byUse(
        `tokens of ${model}`,
        product([chats, "chats"], [outputTokensPerChat, "tokens out"]),
        ids.output,
      ),
    ],
  };
}

/** On top of what the function costs while it runs. */
export const provisionedConcurrency: Pricer = ({ inputs }, { siblings }) => {
  const [fn] = siblings("aws:lambda/function:Function");
  return {
    lines: [
      fixed(
        "processes kept started",
        product(
          [number(inputs.provisionedConcurrentExecutions), "processes"],
          [memoryOf(fn?.inputs.memorySize), "GB"],
          [hoursAMonth * 3600, "s"],
        ),
        "lambda.arm-provisioned",
        "their requests are counted at the higher price of others",
      ),
    ],
  };
};

/** Seconds of a run while nothing is due, the process's start among them. */
const idleRunSeconds = 1;
const unitHours: Readonly<Record<string, number>> = { minute: 1 / 60, hour: 1, day: 24 };

/** Of a rate; undefined for a cron expression, which takes a calendar. */
function hoursOf(expression: unknown): number | undefined {
  const [, count, unit = ""] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(expression)) ?? [];
  return count === undefined ? undefined : Number(count) * (unitHours[unit] ?? Number.NaN);
}

/** What a schedule's runs cost while nothing is due: they come whether or not anybody uses the tenant. */
export const schedule: Pricer = ({ inputs, name, urn }, { siblings }) => {
  if (inputs.state === "DISABLED") return {};
  const hours = hoursOf(inputs.scheduleExpression);
  if (hours === undefined) {
    return unknown(`schedule ${name}`, "rates are priced, cron expressions are not");
  }
  const [fn] = siblings("aws:lambda/function:Function");
  const runs = Math.round(hoursAMonth / hours);
  const memory = memoryOf(fn?.inputs.memorySize);
  const isApps = isOf(urn, "EventSchedule");
  return {
    lines: [
      byUse(
        isApps ? `runs of ${name}` : "runs of the maintenance",
        product([runs, "runs"]),
        "eventbridge.schedule-invocations",
        isApps ? "what the app does in a run is not known" : "purges cost as deletions do",
      ),
      byUse("their requests", product([runs, "requests"]), "lambda.requests"),
      byUse(
        "their duration",
        product([runs, "runs"], [idleRunSeconds, "s"], [memory, "GB"]),
        "lambda.arm-duration",
        ...(isApps ? ["a second each is taken"] : []),
      ),
      ...(isApps
        ? []
        : [
            byUse(
              "their reads",
              product([runs, "runs"], [2.5, "read units"]),
              "dynamodb.read-requests",
              "on demand; provisioned capacity includes them",
            ),
          ]),
    ],
  };
};

/** Whether a component of the type has made it: its URN names the types of all above it. */
const isOf = (urn: string, type: string): boolean => urn.includes(`chatstack:index:${type}$aws:`);

/** Five connections of Lambda's that wait up to 20 seconds each (AWS Lambda Developer Guide, "Polling and batching streams"). */
const pollsAMonth = (5 * hoursAMonth * 3600) / 20;

/** Of a failed event: sent, received and deleted. Of a queue of an app's own: polls, which come also while it is empty. */
export const queue: Pricer = ({ urn, name }, { usage }) => ({
  lines: isOf(urn, "EventQueue")
    ? [
        byUse(
          `polls of ${name}`,
          product([pollsAMonth, "requests"]),
          "sqs.requests",
          "messages come on top: sent and deleted",
        ),
      ]
    : [
        byUse(
          "failed events",
          product([usage.failedEvents, "events"], [3, "requests"]),
          "sqs.requests",
        ),
      ],
});

const unknown = (what: string, because: string): Priced => ({
  unpriced: [{ what, because, isUnknown: true }],
});
