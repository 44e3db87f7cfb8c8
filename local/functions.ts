import { createWriteStream, type WriteStream } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { z } from "zod";
import type { ResourceRecord } from "../offline/record.ts";
import { type Front, startFront } from "./iam/front.ts";
import { roleOf, tablesOf } from "./iam/roles.ts";
import { LambdaFunction } from "./lambda/function.ts";
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
  /** Folder that gets a file for what each function prints. */
  readonly logDir: string;
}

export interface Functions {
  invoke(urn: string, event: object): Readable;
  stop(): Promise<void>;
}

/**
 * The functions of the records, each running the very files that would be deployed, and reaching DynamoDB
 * with no more than its role allows.
 */
export async function createFunctions(
  records: readonly ResourceRecord[],
  options: FunctionsOptions,
): Promise<Functions> {
  const fronts: Front[] = [];
  const tables = tablesOf(records);
  const functions = new Map<string, LambdaFunction>();
  const logs: WriteStream[] = [];
  const found = recordsOf(records, "aws:lambda/function:Function", functionSchema);
  for (const { record, inputs } of found) {
    const functionName = String(record.outputs.name ?? record.name);
    const log = createWriteStream(join(options.logDir, `${record.name}.log`), { flags: "a" });
    logs.push(log);
    const front = await startFront({
      upstream: options.endpoints.dynamodb,
      role: roleOf(record, records),
      tables,
    });
    fronts.push(front);
    const endpoints = { ...options.endpoints, dynamodb: front.endpoint };
    functions.set(
      record.urn,
      new LambdaFunction({
        codeDir: inputs.code.archive.path,
        handler: inputs.handler,
        environment: {
          ...runtimeVariables(functionName, inputs.memorySize, { ...options, endpoints }),
          ...inputs.environment?.variables,
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
  return {
    invoke(urn, event) {
      const fn = functions.get(urn);
      if (fn === undefined) throw new Error(`There is no function ${urn}.`);
      return fn.invoke(event);
    },
    async stop() {
      await Promise.all(functions.values().map((fn) => fn.stop()));
      await Promise.all(fronts.map((front) => front.stop()));
      await Promise.all(logs.map((log) => finished(log.end())));
    },
  };
}

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
