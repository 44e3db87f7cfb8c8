import { setTimeout as sleep } from "node:timers/promises";
import type { HttpRequest } from "@smithy/core/protocols";
import * as answers from "../support/aws-answers.ts";
import type { Call, Interference } from "../support/wire.ts";

/** What DynamoDB, S3 and the network do, and the embedded engines never. */
export interface Fault {
  /** What the report calls it; faults of one kind take turns at the call sites, unless all are asked for. */
  readonly kind: string;
  readonly name: string;
  /**
   * - `absorbed`: the app or its SDK tries again, and the client notices nothing
   * - `busy`: 503 with `Retry-After`, or absorbed after all
   * - `internal`: 500; repeating may not help
   */
  readonly outcome: "absorbed" | "busy" | "internal";
  /** Default: only the call at which it strikes. `later`: all of that command from there on too. */
  readonly lasts?: "later";
  /** Whether the request may have been carried out though the answer never came. */
  readonly isAmbiguous?: boolean;
  appliesTo(call: Call, request: HttpRequest): boolean;
  readonly strike: Interference;
}

type Strike = Pick<Fault, "name" | "strike"> & Partial<Fault>;

const everywhere = () => true;
const ofDynamoDB = ({ service }: Call) => service === "dynamodb";
const ofS3 = ({ service }: Call) => service === "s3";
const command =
  (...names: string[]) =>
  (call: Call) =>
    names.includes(call.command);

/** The same for one attempt, which the SDK makes good, and for every attempt. */
function onceAndAlways(kind: string, appliesTo: Fault["appliesTo"], strikes: readonly Strike[]) {
  return strikes.flatMap(({ name, strike, ...rest }): Fault[] => [
    {
      ...rest,
      kind: `${kind}, once`,
      name: `${name}, once`,
      outcome: "absorbed",
      appliesTo,
      strike: (call, request, send) => (call.attempt > 1 ? send() : strike(call, request, send)),
    },
    { outcome: "busy", ...rest, kind, name, appliesTo, strike },
  ]);
}

const network = onceAndAlways("no connection", everywhere, [
  { name: "connection refused", strike: () => answers.broken("ECONNREFUSED") },
  { name: "connection reset before the request", strike: () => answers.broken("ECONNRESET") },
  { name: "no such host", strike: () => answers.broken("ENOTFOUND") },
]);

const lost = onceAndAlways("answer lost", everywhere, [
  {
    name: "connection reset behind the request",
    isAmbiguous: true,
    strike: async (_call, _request, send) => {
      await send();
      return answers.broken("ECONNRESET");
    },
  },
  {
    name: "timeout behind the request",
    isAmbiguous: true,
    strike: async (_call, _request, send) => {
      await send();
      return answers.broken("ETIMEDOUT");
    },
  },
]);

const throttledDynamoDB = onceAndAlways(
  "throttled",
  ofDynamoDB,
  ["ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded"].map(
    (name) => ({ name, strike: async () => answers.dynamodb(400, name) }),
  ),
);

const throttledS3 = onceAndAlways("throttled", ofS3, [
  { name: "SlowDown", strike: async ({ command }) => answers.s3(503, "SlowDown", command) },
]);

const failing = [
  ...onceAndAlways("failing", ofDynamoDB, [
    {
      name: "InternalServerError",
      strike: async () => answers.dynamodb(500, "InternalServerError"),
    },
    { name: "ServiceUnavailable", strike: async () => answers.dynamodb(503, "ServiceUnavailable") },
  ]),
  ...onceAndAlways("failing", ofS3, [
    {
      name: "InternalError",
      strike: async ({ command }) => answers.s3(500, "InternalError", command),
    },
    {
      name: "ServiceUnavailable",
      strike: async ({ command }) => answers.s3(503, "ServiceUnavailable", command),
    },
  ]),
];

const credentials: Fault[] = [
  {
    kind: "credentials expired",
    name: "ExpiredTokenException",
    outcome: "internal",
    appliesTo: ofDynamoDB,
    strike: async () => answers.dynamodb(400, "ExpiredTokenException"),
  },
  {
    kind: "credentials expired",
    name: "ExpiredToken",
    outcome: "internal",
    appliesTo: ofS3,
    strike: async ({ command }) => answers.s3(400, "ExpiredToken", command),
  },
];

const slow: Fault = {
  kind: "slow answer",
  name: "slow answer",
  outcome: "absorbed",
  appliesTo: everywhere,
  strike: async (_call, _request, send) => {
    const response = await send();
    await sleep(30);
    return response;
  },
};

const lockable = command("PutItem", "UpdateItem", "DeleteItem");

/** The app tries again, a call of its own each time: for ever in the way is in the way of each. */
const contended: Fault[] = [
  ...inTheWay("transaction conflict", command("TransactWriteItems"), (request) =>
    answers.cancelled(request, "TransactionConflict"),
  ),
  ...inTheWay("transaction conflict", lockable, () =>
    answers.dynamodb(400, "TransactionConflictException"),
  ),
  ...onceAndAlways("transaction in progress", command("TransactWriteItems"), [
    {
      name: "TransactionInProgressException",
      strike: async () => answers.dynamodb(400, "TransactionInProgressException"),
    },
  ]),
  ...["ThrottlingError", "ProvisionedThroughputExceeded"].map(
    (code): Fault => ({
      kind: "transaction throttled",
      name: code,
      outcome: "busy",
      appliesTo: command("TransactWriteItems"),
      strike: async (_call, request) => answers.cancelled(request, code),
    }),
  ),
  ...inTheWay("conditional writes overlap", isConditionalPut, (_request, call) =>
    answers.s3(409, "ConditionalRequestConflict", call.command),
  ),
  ...inTheWay("batch part unprocessed", command("BatchWriteItem"), (request, _call, send) =>
    answers.unprocessed(request, send),
  ),
  {
    kind: "objects not deleted",
    name: "SlowDown for an object",
    outcome: "busy",
    appliesTo: command("DeleteObjects"),
    strike: async () => answers.notDeleted("SlowDown"),
  },
];

function inTheWay(
  kind: string,
  appliesTo: Fault["appliesTo"],
  answer: (
    request: HttpRequest,
    call: Call,
    send: Parameters<Interference>[2],
  ) => ReturnType<Interference> | Awaited<ReturnType<Interference>>,
): Fault[] {
  const strike: Interference = async (call, request, send) => answer(request, call, send);
  const once: Interference = (call, request, send) =>
    call.attempt > 1 ? send() : strike(call, request, send);
  return [
    { kind: `${kind}, once`, name: `${kind}, once`, outcome: "absorbed", appliesTo, strike: once },
    { kind, name: kind, outcome: "busy", lasts: "later", appliesTo, strike },
  ];
}

const bodies: Fault[] = [
  {
    kind: "body broken off",
    name: "half of an object",
    outcome: "busy",
    lasts: "later",
    appliesTo: command("GetObject"),
    strike: async (_call, _request, send) => {
      const response = await send();
      return response.statusCode === 200 ? answers.half(response) : response;
    },
  },
  {
    kind: "copy failed behind its status",
    name: "InternalError in a 200",
    outcome: "busy",
    appliesTo: command("CopyObject"),
    strike: async ({ command }) => answers.s3(200, "InternalError", command),
  },
];

function isConditionalPut({ command }: Call, { headers }: HttpRequest): boolean {
  return command === "PutObject" && ("if-match" in headers || "if-none-match" in headers);
}

export const faults: readonly Fault[] = [
  ...throttledDynamoDB,
  ...throttledS3,
  ...failing,
  ...network,
  ...lost,
  ...credentials,
  slow,
  ...contended,
  ...bodies,
];
