import { AsyncLocalStorage } from "node:async_hooks";
import { S3Client } from "@aws-sdk/client-s3";
import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { HttpRequest, HttpResponse } from "@smithy/core/protocols";
import { ConfiguredRetryStrategy } from "@smithy/core/retry";
import type { DeserializeHandler, HandlerExecutionContext } from "@smithy/types";

/** One call of the SDK, however often the SDK sends it. */
export interface Call {
  readonly service: "dynamodb" | "s3";
  /** E.g. `PutItem`. */
  readonly command: string;
  /** From 1, among the calls of that command: which of two in parallel comes first is chance. */
  readonly nth: number;
  /** How often it was sent, this time included. */
  attempt: number;
}

/** What happens on the way: answers, or throws, as Node's HTTP client would. */
export type Interference = (call: Call, request: HttpRequest, send: Send) => Promise<HttpResponse>;

/** @param timeout milliseconds, instead of the client's own time for an answer. */
export type Send = (request?: HttpRequest, timeout?: number) => Promise<HttpResponse>;

interface Run {
  readonly calls: Call[];
  readonly byContext: WeakMap<HandlerExecutionContext, Call>;
  readonly interfere: Interference;
}

/**
 * The network between the app's AWS clients and the engines, below the retries of the SDK and below its
 * reading of answers. Requests made within `run` pass through that run's interference, others as they are.
 */
export class Wire {
  readonly #runs = new AsyncLocalStorage<Run>();

  /** The client keeps its number of attempts, and loses the time between them. */
  attach<T extends DynamoDBDocumentClient | S3Client>(client: T): T {
    const { config } = client;
    config.retryStrategy = async () =>
      new ConfiguredRetryStrategy(await config.maxAttempts(), () => 1);
    const place = { step: "deserialize", priority: "low", name: "wire" } as const;
    const { requestHandler } = config;
    if (client instanceof S3Client) {
      client.middlewareStack.add(this.#middleware("s3", requestHandler), place);
    } else client.middlewareStack.add(this.#middleware("dynamodb", requestHandler), place);
    return client;
  }

  /** Whatever `work` asks of AWS, also behind its end. `calls` grows with it. */
  run<T>(interfere: Interference, work: () => Promise<T>): { result: Promise<T>; calls: Call[] } {
    const calls: Call[] = [];
    const run: Run = { calls, byContext: new WeakMap(), interfere };
    return { result: this.#runs.run(run, work), calls };
  }

  #middleware(service: Call["service"], handler: S3Client["config"]["requestHandler"]) {
    return <Input extends object, Output extends object>(
      next: DeserializeHandler<Input, Output>,
      context: HandlerExecutionContext,
    ): DeserializeHandler<Input, Output> =>
      async (args) => {
        const run = this.#runs.getStore();
        if (run === undefined) return next(args);
        const call = callOf(run, service, context);
        call.attempt++;
        const original = args.request;
        if (!HttpRequest.isInstance(original)) throw new Error("not sent over HTTP");
        const send: Send = async (request = original, timeout) => {
          const { response } = await (timeout === undefined
            ? next({ ...args, request })
            : handler.handle(request, { requestTimeout: timeout }));
          if (!HttpResponse.isInstance(response)) throw new Error("not answered over HTTP");
          return response;
        };
        return { response: await run.interfere(call, original, send) };
      };
  }
}

function callOf(run: Run, service: Call["service"], context: HandlerExecutionContext): Call {
  const known = run.byContext.get(context);
  if (known !== undefined) return known;
  const command = (context.commandName ?? "").replace(/Command$/, "");
  const nth = 1 + run.calls.filter((call) => call.command === command).length;
  const call = { service, command, nth, attempt: 0 };
  run.calls.push(call);
  run.byContext.set(context, call);
  return call;
}
