import { answer, type Fetcher, headersOf } from "./answer.ts";
import type { InvocationContext, ProxyEvent } from "./event.ts";

export interface ProxyResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/**
 * A handler that answers in one piece, for runtimes and integrations that do not stream.
 *
 * @param ended resolves when nothing goes on behind the answer any more: the process is stopped with it.
 */
export function bufferedHandler(
  app: Fetcher,
  ended: () => Promise<void> = async () => {},
): (event: ProxyEvent, context?: InvocationContext) => Promise<ProxyResult> {
  return async (event, context) => {
    const response = await answer(app, event, undefined, context);
    const isText = isTextual(response.headers.get("content-type"));
    const body = isText ? await response.text() : await base64Of(response);
    await ended();
    return {
      statusCode: response.status,
      ...headersOf(response),
      body,
      isBase64Encoded: !isText,
    };
  };
}

async function base64Of(response: Response): Promise<string> {
  return Buffer.from(await response.arrayBuffer()).toString("base64");
}

const textual = /^(text\/|application\/([\w.-]+\+)?(json|xml|x-ndjson|javascript)\b)/;

/** No content type means no content. */
function isTextual(contentType: string | null): boolean {
  return contentType === null || textual.test(contentType);
}
