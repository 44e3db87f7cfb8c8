/**
 * `testing/aws/`: what tests need of AWS: answers on the wire, measured units, tables, buckets, roles.
 */
import { Readable } from "node:stream";
import { HttpRequest, HttpResponse } from "@smithy/core/protocols";

/** Failures in the form in which AWS and Node send them, so that the SDK's own reading is part of the test. */

/** DynamoDB Developer Guide, "Error handling with DynamoDB". */
export function dynamodb(statusCode: number, name: string, more: object = {}): HttpResponse {
  const __type = `com.amazonaws.dynamodb.v20120810#${name}`;
  return json(statusCode, { __type, message: "injected", ...more });
}

/** One reason for each write, all but the first without a reason of their own. */
export function cancelled(request: HttpRequest, code: string): HttpResponse {
  const { TransactItems } = parsed(request);
  const CancellationReasons = TransactItems.map((_: unknown, index: number) => ({
    Code: index === 0 ? code : "None",
  }));
  return dynamodb(400, "TransactionCanceledException", { CancellationReasons });
}

/** Half of a batch is carried out; nothing of a batch of one. */
export async function unprocessed(
  request: HttpRequest,
  send: (request: HttpRequest) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { RequestItems, ...rest } = parsed(request);
  const [[table, writes = []] = ["", []]] = Object.entries<unknown[]>(RequestItems);
  const done = writes.slice(0, Math.floor(writes.length / 2));
  if (done.length > 0) {
    const body = JSON.stringify({ ...rest, RequestItems: { [table]: done } });
    const part = HttpRequest.clone(request);
    part.headers["content-length"] = String(Buffer.byteLength(body));
    part.body = Buffer.from(body);
    await send(part);
  }
  return json(200, { UnprocessedItems: { [table]: writes.slice(done.length) } });
}

/** S3 API Reference, "Error responses". An answer to HEAD has no body, so no code either. */
export function s3(statusCode: number, code: string, command: string): HttpResponse {
  const error = `<Error><Code>${code}</Code><Message>injected</Message></Error>`;
  return xml(statusCode, command === "HeadObject" ? "" : error);
}

/** DeleteObjects says 200 even when not one of them was deleted. */
export function notDeleted(code: string): HttpResponse {
  const error = `<Error><Key>a-key</Key><Code>${code}</Code><Message>injected</Message></Error>`;
  return xml(200, `<DeleteResult>${error}</DeleteResult>`);
}

/** As Node's HTTP client fails. */
export function broken(code: string): Promise<never> {
  const error = Object.assign(new Error(`injected ${code}`), { code });
  const isTimeout = ["ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(code);
  // What @smithy/node-http-handler makes of these.
  return Promise.reject(isTimeout ? Object.assign(error, { name: "TimeoutError" }) : error);
}

/** The connection breaks in the middle of the body. */
export async function half(response: HttpResponse): Promise<HttpResponse> {
  const bytes = Buffer.concat(await Array.fromAsync<Uint8Array>(response.body));
  async function* firstHalf() {
    yield bytes.subarray(0, bytes.length / 2);
    throw Object.assign(new Error("aborted"), { code: "ECONNRESET" });
  }
  const { statusCode, headers } = response;
  return new HttpResponse({ statusCode, headers, body: Readable.from(firstHalf()) });
}

/** The SDK sends bytes. */
function parsed({ body }: HttpRequest) {
  return JSON.parse(new TextDecoder().decode(body));
}

function json(statusCode: number, body: object): HttpResponse {
  const headers = { "content-type": "application/x-amz-json-1.0" };
  return new HttpResponse({ statusCode, headers, body: Readable.from([JSON.stringify(body)]) });
}

function xml(statusCode: number, body: string): HttpResponse {
  const document = body === "" ? [] : [`<?xml version="1.0" encoding="UTF-8"?>\n${body}`];
  const headers = { "content-type": "application/xml" };
  return new HttpResponse({ statusCode, headers, body: Readable.from(document) });
}
