import type { ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { z } from "zod";
import { FunctionTimeout } from "../lambda/function.ts";
import type { Route } from "./api.ts";
import { Refusal } from "./response.ts";

/**
 * Turns what a function answered into an HTTP response. A client that leaves destroys the payload.
 *
 * @throws Refusal when the answer is late or is none; other errors once the response has begun.
 */
export async function sendPayload(
  response: ServerResponse,
  payload: Readable,
  route: Pick<Route, "transfer" | "timeoutMilliseconds">,
): Promise<void> {
  const leave = () => payload.destroy();
  response.once("close", leave);
  const timer = setTimeout(
    () => payload.destroy(new FunctionTimeout("Endpoint request timed out")),
    route.timeoutMilliseconds,
  );
  try {
    if (route.transfer === "STREAM") await sendStream(response, payload);
    else sendDocument(response, await text(payload));
  } catch (error) {
    if (isDisconnect(error)) return;
    if (response.headersSent || response.destroyed) throw error;
    if (error instanceof FunctionTimeout) throw new Refusal("INTEGRATION_TIMEOUT");
    throw error;
  } finally {
    clearTimeout(timer);
    response.off("close", leave);
  }
}

/** The client left, which fails nothing but its own response. */
const isDisconnect = (error: unknown) =>
  error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE";

const headerValue = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Developer Guide, "Lambda proxy integration with payload response streaming", and its buffered kin. */
const metadataSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), headerValue).nullish(),
  multiValueHeaders: z.record(z.string(), z.array(headerValue)).nullish(),
  cookies: z.array(z.string()).nullish(),
});

const documentSchema = metadataSchema.extend({
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Eight NUL bytes end the metadata, which must come within the first 16 KB. */
const delimiter = Buffer.alloc(8);
const maxMetadataBytes = 16 * 1024;

/** Milliseconds without a byte after which a regional API ends a stream. */
const idleMilliseconds = 5 * 60 * 1000;

async function sendStream(response: ServerResponse, payload: Readable): Promise<void> {
  writeHead(response, metadataSchema.parse(await readMetadata(payload)));
  // The head goes out now: the first byte of a slow body may be long in coming.
  response.flushHeaders();
  const timer = setTimeout(
    () => payload.destroy(new FunctionTimeout("The stream was silent for too long.")),
    idleMilliseconds,
  );
  try {
    await pipeline(payload, (chunks) => restarting(timer, chunks), response);
  } finally {
    clearTimeout(timer);
  }
}

async function* restarting(timer: NodeJS.Timeout, chunks: AsyncIterable<Buffer>) {
  for await (const chunk of chunks) {
    timer.refresh();
    yield chunk;
  }
}

/** Leaves the payload at the first byte of the body. */
async function readMetadata(payload: Readable): Promise<unknown> {
  let head = Buffer.alloc(0);
  for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf(delimiter);
    if (end >= 0) {
      const rest = head.subarray(end + delimiter.length);
      if (rest.length > 0) payload.unshift(rest);
      return JSON.parse(head.subarray(0, end).toString());
    }
    if (head.length > maxMetadataBytes) break;
  }
  throw new Error(
    "The function's answer has no metadata: a streaming handler must use HttpResponseStream.from and write at least once.",
  );
}

function sendDocument(response: ServerResponse, document: string): void {
  const { body, isBase64Encoded, ...head } = documentSchema.parse(JSON.parse(document));
  writeHead(response, head);
  response.end(Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8"));
}

/** Headers that belong to one connection are the gateway's own (RFC 9110, section 7.6.1). */
const connectionHeaders = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

/**
 * Headers of an answer that a REST API renames (API Gateway Developer Guide, "Amazon API Gateway important
 * notes"), of those that it names the ones that an app may send. It counts `Content-Length` itself.
 */
const renamedHeaders = new Set(["authorization", "date", "server", "www-authenticate"]);

const sentName = (name: string): string =>
  renamedHeaders.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name;

function writeHead(response: ServerResponse, head: z.output<typeof metadataSchema>): void {
  response.statusCode = head.statusCode;
  const set = (name: string, value: string | string[]) => {
    if (!connectionHeaders.has(name.toLowerCase())) response.setHeader(sentName(name), value);
  };
  // API Gateway's own default.
  response.setHeader("content-type", "application/json");
  for (const [name, value] of Object.entries(head.headers ?? {})) set(name, value);
  for (const [name, values] of Object.entries(head.multiValueHeaders ?? {})) set(name, values);
  if (head.cookies?.length) set("set-cookie", head.cookies);
}
