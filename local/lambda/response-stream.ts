import { Writable } from "node:stream";

/**
 * The stream a streaming handler writes to. It does as Lambda's does, down to the trap that the
 * prelude goes out with the first `write()` and not with an `end()` that nothing was written before
 * (aws-lambda-nodejs-runtime-interface-client, `src/stream/response-stream.ts`).
 */
export class ResponseStream extends Writable {
  _onBeforeFirstWrite: ((write: (chunk: string | Uint8Array) => void) => void) | undefined;
  readonly #send: (bytes: Uint8Array) => Promise<void>;
  #contentType = "application/octet-stream";
  #written = false;

  /** @param send resolves when the receiver took the bytes, which is what makes writers wait. */
  constructor(send: (bytes: Uint8Array) => Promise<void>) {
    super();
    this.#send = send;
    // As in Lambda, a client that leaves must not end the process of a handler that does not listen.
    this.on("error", () => {});
  }

  get contentType(): string {
    return this.#contentType;
  }

  setContentType(contentType: string): void {
    if (this.#written) throw new Error("Cannot set content-type, too late.");
    this.#contentType = contentType;
  }

  override write(
    chunk: unknown,
    encoding?: BufferEncoding | Callback,
    callback?: Callback,
  ): boolean {
    if (!this.#written) {
      this.#written = true;
      this._onBeforeFirstWrite?.((first) => super.write(first));
    }
    const isBytes = typeof chunk === "string" || chunk instanceof Uint8Array;
    const data = isBytes ? chunk : JSON.stringify(chunk);
    return typeof encoding === "string"
      ? super.write(data, encoding, callback)
      : super.write(data, encoding);
  }

  /** Chunks that queued up behind a slow receiver go out as one. */
  override _writev(chunks: { chunk: Buffer }[], done: Callback): void {
    this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk))).then(() => done(), done);
  }
}

type Callback = (error?: Error | null) => void;

const preludeContentType = "application/vnd.awslambda.http-integration-response";

/** The `awslambda` global of Lambda's Node runtimes. */
export const awslambda = {
  streamifyResponse(handler: object, options?: object): object {
    return Object.assign(handler, { [streaming]: "response", [streamingOptions]: options });
  },
  HttpResponseStream: {
    /** Metadata JSON and eight NUL bytes, then the body. */
    from(stream: ResponseStream, metadata: unknown): ResponseStream {
      stream.setContentType(preludeContentType);
      stream._onBeforeFirstWrite = (write) => {
        write(JSON.stringify(metadata));
        write(new Uint8Array(8));
      };
      return stream;
    },
  },
};

const streaming = Symbol.for("aws.lambda.runtime.handler.streaming");
const streamingOptions = Symbol.for("aws.lambda.runtime.handler.streaming.options");

export const isStreaming = (handler: object): boolean =>
  Reflect.get(handler, streaming) === "response";
