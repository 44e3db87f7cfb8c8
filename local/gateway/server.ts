import { randomUUID } from "node:crypto";
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Duplex, Readable } from "node:stream";
import { EventTooLarge } from "../lambda/function.ts";
import type { Api } from "./api.ts";
import type { Authorize } from "./authorizer.ts";
import { proxyEvent } from "./event.ts";
import { sendPayload } from "./integration.ts";
import { matchRoute } from "./match.ts";
import { Refusal, sendRefusal } from "./response.ts";

export interface GatewayOptions {
  readonly apis: readonly Api[];
  readonly authorize: Authorize;
  /** Runs a function with an event and returns the payload that it streams. */
  readonly invoke: (functionUrn: string, event: object) => Readable;
  readonly accountId: string;
  /** Told of every request that no function answered properly. */
  readonly onFailure?: (api: Api, error: unknown) => void;
}

/**
 * API Gateway on this machine: `/<tenant>/<stage>/…` goes to that tenant's REST API as its records
 * describe it. Not emulated: throttling, usage plans, WAF, caching and request validation.
 */
export function createGateway(options: GatewayOptions): RequestListener {
  const apis = new Map(options.apis.map((api) => [`${api.tenant}/${api.stage}`, api]));
  return async (request, response) => {
    if (ending.has(request.socket)) return;
    const [, tenant = "", stage = "", ...rest] = pathOf(request).split("/");
    const api = apis.get(`${tenant}/${stage}`);
    if (api === undefined) return sendUnknownTenant(response, [...apis.keys()]);
    const requestId = randomUUID();
    response.setHeader("x-amzn-RequestId", requestId);
    try {
      await handle(options, api, { request, response, requestId, path: `/${rest.join("/")}` });
    } catch (error) {
      answerFailure(options, api, response, error, requestId);
    }
  };
}

/** A server for a gateway: it reads requests beyond API Gateway's limits, and answers in JSON what it cannot read. */
export function gatewayServer(listener: RequestListener): Server {
  return createServer({ maxHeaderSize: readHeadBytes }, listener).on("clientError", refuseUnread);
}

/** Line and headers of a request. */
const readHeadBytes = 256 * 1024;

function refuseUnread(error: NodeJS.ErrnoException, socket: Duplex): void {
  // A client that left, or an answer that has begun.
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const [status, title] =
    error.code === "HPE_HEADER_OVERFLOW"
      ? [431, "Request Header Fields Too Large"]
      : error.code === "ERR_HTTP_REQUEST_TIMEOUT"
        ? [408, "Request Timeout"]
        : [400, "Bad Request"];
  const body = JSON.stringify({ type: "about:blank", title, status });
  socket.end(
    [
      `HTTP/1.1 ${status} ${title}`,
      "content-type: application/problem+json",
      `content-length: ${Buffer.byteLength(body)}`,
      "connection: close",
      "",
      body,
    ].join("\r\n"),
  );
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly path: string;
}

async function handle(options: GatewayOptions, api: Api, exchange: Exchange): Promise<void> {
  const { request, response, requestId, path } = exchange;
  const { accountId } = options;
  refuseLarge(api, exchange);
  const match = matchRoute(api, request.method ?? "GET", path);
  if (match === undefined) throw new Refusal("MISSING_AUTHENTICATION_TOKEN");
  const { route } = match;
  if (route.authorizer) refuseLongArn(api, accountId, request.method ?? "GET", path);
  const claims =
    route.authorizer && (await options.authorize(route.authorizer, request.headers.authorization));
  const body = await readBody(request);
  const query = request.url?.split("?").slice(1).join("?") ?? "";
  const event = proxyEvent({
    api,
    match,
    request,
    path,
    query,
    body,
    claims,
    requestId,
    accountId,
  });
  await sendPayload(response, invoke(options, route.functionUrn, event), route);
}

/** API Gateway quotas, "Length, in characters, of the URL for a regional API". */
const maxUrlCharacters = 10_240;
/** API Gateway quotas, "Total combined size of all header values". */
const maxHeaderValueBytes = 10_240;
/** API Gateway quotas, "ARN length of a method with authorization". */
const maxMethodArnBytes = 1_600;

/** Connections that end with an answer under way: whatever else the client wrote there is no request. */
const ending = new WeakSet<Duplex>();

function refuseLarge(api: Api, { request, response }: Exchange): void {
  const url = (request.url ?? "").replace(`/${api.tenant}/`, "/");
  const isLong = `https://${request.headers.host}${url}`.length > maxUrlCharacters;
  const values = request.rawHeaders.filter((_, index) => index % 2 === 1);
  const isLarge = values.reduce((sum, value) => sum + value.length, 0) > maxHeaderValueBytes;
  if (!isLong && !isLarge) return;
  ending.add(request.socket);
  response.setHeader("connection", "close");
  throw new Refusal(isLong ? "REQUEST_URI_TOO_LONG" : "REQUEST_HEADERS_TOO_LARGE");
}

function refuseLongArn({ id, stage }: Api, accountId: string, method: string, path: string): void {
  const arn = `arn:aws:execute-api:us-east-1:${accountId}:${id}/${stage}/${method}${path}`;
  if (Buffer.byteLength(arn) > maxMethodArnBytes) throw new Refusal("REQUEST_URI_TOO_LONG");
}

/** Lambda's limit is smaller than API Gateway's own, and counts the body as it stands in the event. */
function invoke({ invoke }: GatewayOptions, functionUrn: string, event: object): Readable {
  try {
    return invoke(functionUrn, event);
  } catch (error) {
    if (error instanceof EventTooLarge) throw new Refusal("REQUEST_TOO_LARGE", error.message);
    throw error;
  }
}

function answerFailure(
  options: GatewayOptions,
  api: Api,
  response: ServerResponse,
  error: unknown,
  requestId: string,
): void {
  if (!(error instanceof Refusal)) options.onFailure?.(api, error);
  if (response.headersSent || response.destroyed) {
    // Too late for a status: a broken connection is the only way left to say that it is incomplete.
    response.destroy();
    return;
  }
  const refusal = error instanceof Refusal ? error : new Refusal("INTEGRATION_FAILURE");
  sendRefusal(response, refusal, api.responses, requestId);
}

const pathOf = (request: IncomingMessage) => (request.url ?? "/").split("?")[0] ?? "/";

/** API Gateway quotas, "Payload size": 10 MB, however the integration is set up. */
const maxBodyBytes = 10 * 1024 * 1024;

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // The rest is read and dropped: a client that is still sending would not see an answer.
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  if (size > maxBodyBytes) throw new Refusal("REQUEST_TOO_LARGE");
  return Buffer.concat(chunks);
}

function sendUnknownTenant(response: ServerResponse, known: readonly string[]): void {
  const detail = `No API at this path; this environment has ${known.map((k) => `/${k}`).join(", ")}.`;
  response.writeHead(404, { "content-type": "application/problem+json" });
  response.end(JSON.stringify({ type: "about:blank", title: "Not Found", status: 404, detail }));
}
