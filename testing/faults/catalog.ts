import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { HttpRequest } from "@smithy/core/protocols";
import { z } from "zod";
import * as answers from "../aws/aws-answers.ts";
import type { Call } from "../aws/wire.ts";
import {
  command,
  everywhere,
  type Fault,
  inTheWay,
  ofDynamoDB,
  ofS3,
  onceAndAlways,
} from "./fault.ts";

/** What DynamoDB, S3 and the network do, and the embedded engines never: the list is the last export. */
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

/** Accepts connections and never answers, as the far end of a connection that a freeze has cut. */
let silentPort: Promise<number> | undefined;
async function listenInSilence(): Promise<number> {
  const server = createServer(() => {}).unref();
  await once(server.listen(0, "127.0.0.1"), "listening");
  return z.object({ port: z.number() }).parse(server.address()).port;
}

const silence = onceAndAlways("connected but silent", everywhere, [
  {
    name: "no answer on an open connection",
    strike: async (_call, request, send) => {
      silentPort ??= listenInSilence();
      const port = await silentPort;
      return send(new HttpRequest({ ...request, hostname: "127.0.0.1", port }), 40);
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
  ...silence,
  ...credentials,
  slow,
  ...contended,
  ...bodies,
];
