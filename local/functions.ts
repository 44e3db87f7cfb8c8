import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { z } from "zod";
import { fakeAccountId } from "../offline/fake-provider.ts";
import type { ResourceRecord } from "../offline/record.ts";
import { busesOf, startBuses } from "./events/buses.ts";
import { type Front, startFront } from "./iam/front.ts";
import type { Principals } from "./iam/principals.ts";
import { bucketsOf, type FunctionRole, roleOf, tablesOf } from "./iam/roles.ts";
import { LambdaFunction } from "./lambda/function.ts";
import type { Queues } from "./lambda/queues.ts";
import { type Endpoints, localCredentials } from "./provider/clients.ts";
import { recordsOf } from "./records.ts";

const functionSchema = z.object({
  /** A folder; archives of other kinds would have to be unpacked first. */
  code: z.object({ archive: z.object({ path: z.string() }) }),
  handler: z.string(),
  timeout: z.number().default(3),
  memorySize: z.number().default(128),
  environment: z.object({ variables: z.record(z.string(), z.string()).default({}) }).optional(),
});

export interface FunctionsOptions {
  readonly endpoints: Endpoints;
  readonly region: string;
  /** Variables of the functions that ask models, in the place of their own. Default: none. */
  readonly instead?: Readonly<Record<string, string>>;
  /** Folder that gets a file for what each function prints. */
  readonly logDir: string;
  /** Queues that invoke them: where SQS is, and the queues' addresses there. */
  readonly queues?: Pick<Queues, "endpoint" | "addressed">;
  /** Learns who the functions are, for the embedded S3; absent where S3 is another's. */
  readonly principals?: Principals | undefined;
}

export interface Functions {
  invoke(urn: string, event: object): Readable;
  stop(): Promise<void>;
}

/**
 * The functions of the records, each running the very files that would be deployed, and reaching DynamoDB and
 * the embedded S3 with no more than its role allows.
 */
export async function createFunctions(
  records: readonly ResourceRecord[],
  options: FunctionsOptions,
): Promise<Functions> {
  const fronts: Pick<Front, "stop">[] = [];
  const tables = tablesOf(records);
  const buckets = bucketsOf(records, options.region);
  const buses = busesOf(records);
  const functions = new Map<string, LambdaFunction>();
  const logs: WriteStream[] = [];
  const found = recordsOf(records, "aws:lambda/function:Function", functionSchema);
  for (const { record, inputs } of found) {
    const functionName = String(record.outputs.name ?? record.name);
    const log = createWriteStream(join(options.logDir, `${record.name}.log`), { flags: "a" });
    logs.push(log);
    const role = roleOf(record, records);
    const front = await startFront({ upstream: options.endpoints.dynamodb, role, tables });
    const token = options.principals?.add(functionName, { role, buckets });
    fronts.push(front);
    const endpoints = { ...options.endpoints, dynamodb: front.endpoint };
    const told = buses.size === 0 ? undefined : await openBuses(buses, role, options, logs);
    if (told !== undefined) fronts.push(told);
    functions.set(
      record.urn,
      new LambdaFunction({
        codeDir: inputs.code.archive.path,
        handler: inputs.handler,
        environment: {
          ...runtimeVariables(functionName, inputs.memorySize, { ...options, endpoints }),
          ...(token !== undefined && { AWS_SESSION_TOKEN: token }),
          ...(told !== undefined && { AWS_ENDPOINT_URL_EVENTBRIDGE: told.endpoint }),
          ...(options.queues?.endpoint && { AWS_ENDPOINT_URL_SQS: options.queues.endpoint }),
          ...addressed(inputs.environment?.variables ?? {}, options.queues),
          ...replaced(inputs.environment?.variables ?? {}, options.instead),
        },
        timeoutSeconds: inputs.timeout,
        memoryMegabytes: inputs.memorySize,
        log,
        context: {
          functionName,
          invokedFunctionArn: String(record.outputs.arn),
          memoryLimitInMB: String(inputs.memorySize),
          logGroupName: `/aws/lambda/${functionName}`,
        },
      }),
    );
  }
  let stopped: Promise<void> | undefined;
  const stop = async () => {
    await Promise.all(functions.values().map((fn) => fn.stop()));
    await Promise.all(fronts.map((front) => front.stop()));
    await Promise.all(logs.map((log) => finished(log.end())));
  };
  return {
    invoke(urn, event) {
      const fn = functions.get(urn);
      if (fn === undefined) throw new Error(`There is no function ${urn}.`);
      return fn.invoke(event);
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Writes what the function tells a bus into `<bus>.events.log`, an event a line. */
function openBuses(
  buses: ReadonlyMap<string, string>,
  role: FunctionRole,
  { region, logDir }: FunctionsOptions,
  logs: WriteStream[],
) {
  const files = new Map<string, WriteStream>();
  return startBuses({
    ...{ buses, role, region, account: fakeAccountId },
    onEvent(busName, event) {
      let file = files.get(busName);
      if (file === undefined) {
        file = createWriteStream(join(logDir, `${busName}.events.log`), { flags: "a" });
        files.set(busName, file);
        logs.push(file);
      }
      file.write(`${JSON.stringify(event)}\n`);
    },
  });
}

/** Whoever asks no model is given none. */
function replaced(variables: Record<string, string>, instead: FunctionsOptions["instead"] = {}) {
  return "MODELS" in variables ? instead : {};
}

/** Variables that name queues name those on this machine. */
const addressed = (
  variables: Readonly<Record<string, string>>,
  queues: FunctionsOptions["queues"],
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(variables).map(([name, text]) => [name, queues?.addressed(text) ?? text]),
  );

/** Lambda Developer Guide, "Defined runtime environment variables", and where AWS is. */
function runtimeVariables(
  functionName: string,
  memorySize: number,
  { endpoints, region }: FunctionsOptions,
): Record<string, string> {
  const { accessKeyId, secretAccessKey, ...session } = localCredentials();
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...("sessionToken" in session && { AWS_SESSION_TOKEN: session.sessionToken }),
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_ENDPOINT_URL_DYNAMODB: endpoints.dynamodb,
    AWS_ENDPOINT_URL_S3: endpoints.s3,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: endpoints.cognito,
    TZ: ":UTC",
  };
}
