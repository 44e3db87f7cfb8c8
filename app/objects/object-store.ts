/**
 * The port to a tenant's bucket. A missing object is undefined, a lost condition is
 * `ConditionLost`, throttling is `StoreError` busy; whatever else goes wrong is thrown as it came, so
 * that no failure is ever taken for an empty history.
 */
export interface ObjectStore {
  get(key: string): Promise<StoredObject | undefined>;

  head(key: string): Promise<ObjectHead | undefined>;

  /** Answers the new ETag. */
  put(key: string, body: Uint8Array | string, options: PutOptions): Promise<string>;

  /** Copies the version of that ETag, server side. */
  copy(from: string, to: string, etag: string): Promise<void>;

  /** Deletes what is there; a missing object is as good as deleted. */
  delete(keys: readonly string[]): Promise<void>;

  /** Every object below a prefix, in the order of keys, however many; those behind the key `after`. */
  list(prefix: string, after?: string): AsyncIterable<ListedObject>;

  /** A URL that downloads one object, good for so many seconds. */
  downloadUrl(key: string, options: DownloadOptions): Promise<string>;

  /** A form that uploads one object of exactly this key, type and size. */
  uploadForm(key: string, options: UploadOptions): Promise<UploadForm>;
}

export interface ObjectHead {
  readonly etag: string;
  readonly size: number;
}

export interface StoredObject extends ObjectHead {
  readonly body: Uint8Array;
}

export interface ListedObject extends ObjectHead {
  readonly key: string;
  readonly lastModified: Date;
}

export interface PutOptions {
  readonly contentType: string;
  /** Write only if there is no such object, or if it is still that version. */
  readonly when: "absent" | "always" | { readonly etag: string };
}

export interface DownloadOptions {
  readonly seconds: number;
  readonly contentType: string;
  /** What the browser shall call the file. */
  readonly fileName: string;
}

export interface UploadOptions {
  readonly seconds: number;
  readonly contentType: string;
  /** Bytes, no more and no fewer. */
  readonly size: number;
  /** SHA-256 of the bytes in base64: S3 refuses others. A bucket that locks objects demands it. */
  readonly sha256?: string | undefined;
}

/** `multipart/form-data` to POST to `url`: the fields as they are, then the file as `file`. */
export interface UploadForm {
  readonly url: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly expiresAt: string;
}

/** The object is no longer, or not yet, what the write expected. */
export class ConditionLost extends Error {
  override readonly name = "ConditionLost";
}
