/**
 * `app/logging/`: what log lines say of a request, beside what is logged.
 */
import type { MiddlewareStack } from "@smithy/types";

interface AwsCall {
  readonly service: string | undefined;
  readonly call: string | undefined;
}

const calls = new WeakMap<object, AwsCall>();

/** Remembers of each failure of a client which service and which call it was: an SDK's errors do not say. */
export function noteFailures<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
): void {
  stack.add(
    (next, { clientName, commandName }) =>
      async (args) => {
        try {
          return await next(args);
        } catch (error) {
          if (typeof error === "object" && error !== null && !calls.has(error)) {
            calls.set(error, {
              service: clientName?.replace(/Client$/, ""),
              call: commandName?.replace(/Command$/, ""),
            });
          }
          throw error;
        }
      },
    { step: "initialize", priority: "low", name: "noteFailures" },
  );
}

/** Of the failure, or of what caused it: service, call, AWS's status and AWS's request id. */
export function awsCallOf(failure: Error) {
  let error: unknown = failure;
  for (let depth = 0; depth < 5 && error instanceof Error; depth++, error = error.cause) {
    const call = calls.get(error);
    if (call === undefined) continue;
    const { httpStatusCode, requestId } = metadataOf(error);
    return { ...call, awsStatus: httpStatusCode, awsRequestId: requestId };
  }
  return {};
}

function metadataOf(error: Error): { httpStatusCode?: number; requestId?: string } {
  const metadata: unknown = Reflect.get(error, "$metadata");
  if (typeof metadata !== "object" || metadata === null) return {};
  const [status, id] = [
    Reflect.get(metadata, "httpStatusCode"),
    Reflect.get(metadata, "requestId"),
  ];
  return {
    ...(typeof status === "number" && { httpStatusCode: status }),
    ...(typeof id === "string" && { requestId: id }),
  };
}
