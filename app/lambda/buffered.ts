import { answer, type Fetcher, headersOf } from "./answer.ts";
import type { InvocationContext, ProxyEvent } from "./event.ts";

export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** A handler that answers in one piece, for runtimes and integrations that do not stream. */
export function bufferedHandler(
  app: Fetcher,
): (event: ProxyEvent, context?: InvocationContext) => Promise<ProxyResult> {
  return async (event, context) => {
    const response = await answer(app, event, new AbortController().signal, context);
    const bytes = Buffer.from(await response.arrayBuffer());
    const isText = isTextual(response.headers.get("content-type"));
    return {
      statusCode: response.status,
      ...headersOf(response),
      body: bytes.toString(isText ? "utf8" : "base64"),
      isBase64Encoded: !isText,
    };
  };
}

const textual = /^(text\/|application\/([\w.-]+\+)?(json|xml|x-ndjson|javascript)\b)/;

/** No content type means no content. */
function isTextual(contentType: string | null): boolean {
  return contentType === null || textual.test(contentType);
}
