import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsCredentialIdentity, SourceData } from "@smithy/types";
import * as z from "zod";

/** The form in which Secrets Manager rotates what PostgreSQL is signed in with. */
const connection = z.object({
  host: z.string().min(1),
  port: z.coerce.number().int().min(1).max(65_535).default(5432),
  dbname: z.string().min(1).default("postgres"),
  username: z.string().min(1),
  password: z.string().min(1),
});
export type Connection = z.infer<typeof connection>;

export interface SecretRequest {
  readonly secretArn: string;
  /** Of Secrets Manager. */
  readonly endpoint: string;
  readonly credentials: AwsCredentialIdentity;
}

const answerMilliseconds = 5_000;

/**
 * One request, signed here: the SDK's client for it is larger than all else that the function runs.
 *
 * @throws Error that repeats nothing of the secret.
 */
export async function readConnection(request: SecretRequest): Promise<Connection> {
  const { secretArn, endpoint, credentials } = request;
  const [, , , region = ""] = secretArn.split(":");
  const signer = new SignatureV4({
    service: "secretsmanager",
    region,
    credentials,
    sha256: Sha256,
  });
  const { protocol, hostname, port, host } = new URL(endpoint);
  const body = JSON.stringify({ SecretId: secretArn });
  const signed = await signer.sign({
    method: "POST",
    protocol,
    hostname,
    ...(port !== "" && { port: Number(port) }),
    path: "/",
    headers: {
      host,
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "secretsmanager.GetSecretValue",
    },
    body,
  });
  const answer = await fetch(endpoint, {
    method: "POST",
    headers: signed.headers,
    body,
    signal: AbortSignal.timeout(answerMilliseconds),
  });
  if (!answer.ok) throw new Error(`Secrets Manager answers ${answer.status}`);
  const { SecretString = "" } = z
    .object({ SecretString: z.string().optional() })
    .parse(await answer.json());
  const read = connection.safeParse(jsonOf(SecretString));
  if (read.success) return read.data;
  const wrong = [...new Set(read.error.issues.map(({ path }) => path.join(".") || "JSON"))];
  throw new Error(`the secret has no good ${wrong.join(", ")}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

class Sha256 {
  readonly #secret: SourceData | undefined;
  #hash: Hash | Hmac;

  constructor(secret?: SourceData) {
    this.#secret = secret;
    this.#hash = this.#begun();
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {
    this.#hash = this.#begun();
  }

  #begun(): Hash | Hmac {
    if (this.#secret === undefined) return createHash("sha256");
    return createHmac("sha256", bytesOf(this.#secret));
  }
}

function bytesOf(data: SourceData): Uint8Array | string {
  if (typeof data === "string") return data;
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
