/** What an event says of a request. */
interface Parts {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | Buffer<ArrayBuffer> | null;
  /** None where nobody could tell that the client has left. */
  readonly signal?: AbortSignal | undefined;
}

const encoder = new TextEncoder();

/**
 * A `Request` of what an event says. Node's own one makes streams, which take longer than all that the app does
 * with a message: this one makes it when somebody asks for more than address, method, headers and bytes. Node takes
 * no other class for its own: see `nodeRequest`.
 */
export class EventRequest implements Request {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly #parts: Parts;
  #made: Request | undefined;
  #isRead = false;

  constructor(parts: Parts) {
    this.url = parts.url;
    this.method = parts.method;
    this.headers = parts.headers;
    this.#parts = parts;
  }

  /** Node's own, which reads the body from now on. */
  get whole(): Request {
    if (this.#made === undefined) {
      const { url, method, headers, body, signal } = this.#parts;
      this.#made = new Request(url, { method, headers, body, ...(signal && { signal }) });
      if (this.#isRead) void this.#made.arrayBuffer();
    }
    return this.#made;
  }

  /** The body, where nobody has it. */
  #taken(): string | Buffer<ArrayBuffer> {
    if (this.#isRead) throw new TypeError("Body is unusable: Body has already been read");
    const { body } = this.#parts;
    this.#isRead = body !== null;
    return body ?? "";
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    if (this.#made) return this.#made.arrayBuffer();
    const body = this.#taken();
    if (typeof body === "string") return encoder.encode(body).buffer;
    const { buffer, byteOffset, byteLength } = body;
    return buffer.slice(byteOffset, byteOffset + byteLength);
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async text(): Promise<string> {
    if (this.#made) return this.#made.text();
    const body = this.#taken();
    return typeof body === "string" ? body : new TextDecoder().decode(body);
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  get bodyUsed(): boolean {
    return this.#made?.bodyUsed ?? this.#isRead;
  }

  get body() {
    return this.#parts.body === null ? null : this.whole.body;
  }

  get signal() {
    return this.#parts.signal ?? this.whole.signal;
  }

  clone(): Request {
    return this.whole.clone();
  }

  blob() {
    return this.whole.blob();
  }

  formData() {
    return this.whole.formData();
  }

  get cache() {
    return this.whole.cache;
  }

  get credentials() {
    return this.whole.credentials;
  }

  get destination() {
    return this.whole.destination;
  }

  get integrity() {
    return this.whole.integrity;
  }

  get mode() {
    return this.whole.mode;
  }

  get redirect() {
    return this.whole.redirect;
  }

  get referrer() {
    return this.whole.referrer;
  }

  get referrerPolicy() {
    return this.whole.referrerPolicy;
  }

  get keepalive() {
    return this.whole.keepalive;
  }

  get duplex() {
    return this.whole.duplex;
  }
}

/** For code that is not ours, which may hand the request to `new Request(request)` or to `fetch(request)`. */
export function nodeRequest(request: Request): Request {
  return request instanceof EventRequest ? request.whole : request;
}
