import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { connectionOptions } from "../lambda/aws-connections.ts";
import { isPassing } from "../lambda/aws-errors.ts";
import { noteFailures } from "../logging/aws-calls.ts";
import { StoreError } from "../store/store-error.ts";
import {
  ConditionLost,
  type DownloadOptions,
  type ListedObject,
  type ObjectHead,
  type ObjectStore,
  type PutOptions,
  type StoredObject,
  type UploadForm,
  type UploadOptions,
} from "./object-store.ts";
import { needsPathStyle, ownEndpoint } from "./path-style.ts";
import { signForm } from "./upload-form.ts";

/** S3's limit for one DeleteObjects. */
const deleteBatch = 1_000;

/** Region, endpoint and credentials come from the environment, as the SDK reads it. */
export function s3Client(config: S3ClientConfig = {}): S3Client {
  const client = new S3Client({
    maxAttempts: 3,
    // Three tries end before API Gateway gives up after 29 seconds.
    requestHandler: connectionOptions({ answer: 5_000, silence: 5_000 }),
    forcePathStyle: needsPathStyle(ownEndpoint(process.env)),
    ...config,
  });
  noteFailures(client.middlewareStack);
  return client;
}

/** One tenant's bucket. */
export interface BucketAccess {
  readonly client: S3Client;
  readonly bucketName: string;
  readonly now: () => Date;
}

export class S3ObjectStore implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #now: () => Date;

  constructor({ client, bucketName, now }: BucketAccess) {
    this.#client = client;
    this.#bucket = bucketName;
    this.#now = now;
  }

  async get(key: string): Promise<StoredObject | undefined> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: key });
    return this.#found(key, async () => {
      const { Body, ETag } = await this.#client.send(command);
      // Read here: the SDK's retries end where the body begins, which may break off too.
      const body = await must(Body).transformToByteArray();
      return { body, size: body.length, etag: must(ETag) };
    });
  }

  async head(key: string): Promise<ObjectHead | undefined> {
    const command = new HeadObjectCommand({ Bucket: this.#bucket, Key: key });
    const answer = await this.#found(key, () => this.#client.send(command));
    return answer && { size: must(answer.ContentLength), etag: must(answer.ETag) };
  }

  async put(key: string, body: Uint8Array | string, options: PutOptions): Promise<string> {
    const { contentType, when } = options;
    const command = new PutObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      Body: body,
      ContentType: contentType,
      ...(when === "absent" && { IfNoneMatch: "*" }),
      ...(typeof when === "object" && { IfMatch: when.etag }),
    });
    return must((await explained(() => this.#client.send(command))).ETag);
  }

  async copy(from: string, to: string, etag: string): Promise<void> {
    const command = new CopyObjectCommand({
      Bucket: this.#bucket,
      Key: to,
      CopySource: `${this.#bucket}/${from}`,
      CopySourceIfMatch: etag,
    });
    await explained(() => this.#client.send(command));
  }

  async delete(keys: readonly string[]): Promise<void> {
    for (let from = 0; from < keys.length; from += deleteBatch) {
      const Objects = keys.slice(from, from + deleteBatch).map((Key) => ({ Key }));
      const command = new DeleteObjectsCommand({
        Bucket: this.#bucket,
        Delete: { Objects, Quiet: true },
      });
      const { Errors = [] } = await explained(() => this.#client.send(command));
      // The answer is 200 even when not one of them was deleted.
      const [first] = Errors;
      if (first !== undefined) throw notDeleted(first.Code);
    }
  }

  async *list(prefix: string, after = ""): AsyncIterable<ListedObject> {
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({
        Bucket: this.#bucket,
        Prefix: prefix,
        StartAfter: after === "" ? undefined : after,
        ContinuationToken: token,
      });
      const page = await explained(() => this.#client.send(command));
      for (const { Key, ETag, Size, LastModified } of page.Contents ?? []) {
        yield {
          key: must(Key),
          etag: must(ETag),
          size: must(Size),
          lastModified: must(LastModified),
        };
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  async downloadUrl(key: string, options: DownloadOptions): Promise<string> {
    const fileName = encodeURIComponent(options.fileName).replaceAll("'", "%27");
    const command = new GetObjectCommand({
      Bucket: this.#bucket,
      Key: key,
      ResponseContentType: options.contentType,
      // Never shown in the bucket's origin: an HTML file would run there as a page.
      ResponseContentDisposition: `attachment; filename*=UTF-8''${fileName}`,
    });
    return getSignedUrl(this.#client, command, {
      expiresIn: options.seconds,
      signingDate: this.#now(),
    });
  }

  async uploadForm(key: string, options: UploadOptions): Promise<UploadForm> {
    const command = new GetObjectCommand({ Bucket: this.#bucket, Key: key });
    // The SDK knows how this bucket is addressed here; the form goes to the same place, less the key.
    const { origin, pathname } = new URL(await getSignedUrl(this.#client, command));
    return signForm({
      url: `${origin}${pathname.slice(0, -key.length)}`,
      bucket: this.#bucket,
      key,
      region: await this.#client.config.region(),
      credentials: await this.#client.config.credentials(),
      now: this.#now(),
      ...options,
    });
  }

  /**
   * Undefined when there is no such object. S3 says "access denied" instead where the role may not
   * list the very key; listing it, which the role may by prefix, then tells one from the other.
   */
  async #found<T>(key: string, read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await explained(read);
    } catch (error) {
      if (!(error instanceof S3ServiceException)) throw error;
      const status = error.$metadata.httpStatusCode;
      if (error.name === "NoSuchKey" || error.name === "NotFound") return undefined;
      if (status !== 403) throw error;
      const { Contents = [] } = await explained(() =>
        this.#client.send(
          new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: key, MaxKeys: 1 }),
        ),
      );
      if (Contents[0]?.Key === key) throw error;
      return undefined;
    }
  }
}

/** 409 is what S3 answers when two conditional writes of one key overlap. */
const lostConditions = new Set(["PreconditionFailed", "ConditionalRequestConflict"]);

async function explained<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (lostConditions.has(error.name)) throw new ConditionLost();
    if (isPassing(error)) throw new StoreError("busy", { cause: error });
    throw error;
  }
}

/** What S3 says of one object is said in the words of its errors. */
function notDeleted(code: string | undefined): Error {
  const cause = Object.assign(new Error("S3 did not delete every object"), { name: code });
  const isBusy = isPassing(cause) || code === "InternalError" || code === "ServiceUnavailable";
  return isBusy ? new StoreError("busy", { cause }) : cause;
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("S3 answered without a field that it always sends");
  return value;
}
