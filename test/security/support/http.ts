import { once } from "node:events";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { text } from "node:stream/consumers";

/** Name and value, as often and in the order in which they are sent. */
export type HeaderList = readonly (readonly [string, string])[];

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 8 });

/** Sends what `fetch` would tidy up first: repeated headers, odd paths, a body with any method. */
export async function exchange(
  method: string,
  url: string,
  headers: HeaderList = [],
  body: string | Buffer = "",
): Promise<HttpAnswer> {
  const { hostname, port } = new URL(url);
  const path = url.slice(new URL(url).origin.length);
  const bytes = Buffer.from(body);
  const sent = request({
    agent,
    hostname,
    port,
    path,
    method,
    headers: [
      ["host", `${hostname}:${port}`],
      ...(bytes.length > 0 ? [["content-length", String(bytes.length)]] : []),
      ...headers,
    ].flat(),
  });
  sent.end(bytes);
  const [response] = await once(sent, "response");
  return {
    status: response.statusCode,
    headers: response.headers,
    text: await text(response),
  };
}
