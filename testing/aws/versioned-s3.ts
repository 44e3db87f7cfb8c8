import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

interface Version {
  readonly id: string;
  readonly modified: Date;
  readonly body: Buffer | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

type Buckets = Map<string, { tags: Record<string, string>; keys: Map<string, Version[]> }>;

/** S3 answers in seconds. */
const seconds = (time: Date): Date => new Date(Math.floor(time.getTime() / 1000) * 1000);

/**
 * A bucket store that keeps versions, in memory, as far as restoring documents needs one: put, get, head, copy,
 * delete, tags, and the lists of buckets, objects and versions, the latter in pages of three.
 */
export async function startVersionedS3() {
  const buckets: Buckets = new Map();
  const copies: string[] = [];
  const server = createServer(async (request, response) => {
    try {
      await new Exchange(buckets, copies, request, response).answer();
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Keys of the copies that were made, in their order. */
    copies,
    createBucket(name: string, tags: Record<string, string>) {
      buckets.set(name, { tags, keys: new Map() });
    },
    /** Puts what was there at a time that is over. */
    put(bucket: string, key: string, body: string, modified: Date) {
      add(buckets.get(bucket)!.keys, key, Buffer.from(body), {}, modified);
    },
    /** What is there now; undefined behind a delete marker. */
    read: (bucket: string, key: string) =>
      buckets.get(bucket)?.keys.get(key)?.[0]?.body?.toString(),
    versions: (bucket: string, key: string) => buckets.get(bucket)?.keys.get(key)?.length ?? 0,
    delete(bucket: string, key: string) {
      add(buckets.get(bucket)!.keys, key, undefined, {}, new Date());
    },
    /** What a life cycle does with versions that are not present ones. */
    forget(bucket: string, key: string) {
      const { keys } = buckets.get(bucket)!;
      keys.set(key, keys.get(key)!.slice(0, 1));
    },
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export type VersionedS3 = Awaited<ReturnType<typeof startVersionedS3>>;

function add(
  keys: Map<string, Version[]>,
  key: string,
  body: Buffer | undefined,
  headers: Readonly<Record<string, string>>,
  modified: Date,
): Version {
  const version = { id: randomUUID(), modified: seconds(modified), body, headers };
  keys.set(key, [version, ...(keys.get(key) ?? [])]);
  return version;
}

class Exchange {
  readonly #buckets: Buckets;
  readonly #copies: string[];
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(
    buckets: Buckets,
    copies: string[],
    request: IncomingMessage,
    response: ServerResponse,
  ) {
    this.#buckets = buckets;
    this.#copies = copies;
    this.#request = request;
    this.#response = response;
  }

  async answer(): Promise<void> {
    const { method, url = "" } = this.#request;
    const { pathname, searchParams } = new URL(url, "http://stand-in");
    const [, name = "", ...rest] = pathname.split("/");
    const key = decodeURIComponent(rest.join("/"));
    if (name === "") return this.#listBuckets(searchParams.get("prefix") ?? "");
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) return this.#error(404, "NoSuchBucket");
    if (key === "" && searchParams.has("tagging")) return this.#tags(bucket.tags);
    if (key === "" && searchParams.has("versions")) return this.#listVersions(name, searchParams);
    if (method === "PUT") return this.#put(bucket.keys, key);
    if (method === "DELETE") {
      add(bucket.keys, key, undefined, {}, new Date());
      this.#response.writeHead(204).end();
      return;
    }
    if (method !== "GET" && method !== "HEAD") return this.#error(501, "NotImplemented");
    this.#get(bucket.keys.get(key) ?? [], searchParams.get("versionId"));
  }

  #listBuckets(prefix: string): void {
    const names = [...this.#buckets.keys()].filter((name) => name.startsWith(prefix));
    this.#xml(
      "ListAllMyBucketsResult",
      `<Buckets>${names.map((name) => `<Bucket><Name>${name}</Name></Bucket>`).join("")}</Buckets>`,
    );
  }

  #tags(tags: Readonly<Record<string, string>>): void {
    const all = Object.entries(tags).map(
      ([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`,
    );
    this.#xml("Tagging", `<TagSet>${all.join("")}</TagSet>`);
  }

  #listVersions(name: string, query: URLSearchParams): void {
    const keys = this.#buckets.get(name)?.keys ?? new Map<string, Version[]>();
    const prefix = query.get("prefix") ?? "";
    const all = [...keys.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort()
      .flatMap((key) => (keys.get(key) ?? []).map((version, index) => ({ key, version, index })));
    const marker = query.get("version-id-marker");
    const start = marker === null ? 0 : all.findIndex(({ version }) => version.id === marker) + 1;
    const page = all.slice(start, start + 3);
    const last = page.at(-1);
    const isMore = start + 3 < all.length;
    this.#xml(
      "ListVersionsResult",
      page
        .map(({ key, version, index }) => {
          const tag = version.body === undefined ? "DeleteMarker" : "Version";
          const time = version.modified.toISOString();
          return `<${tag}><Key>${key}</Key><VersionId>${version.id}</VersionId><IsLatest>${index === 0}</IsLatest><LastModified>${time}</LastModified></${tag}>`;
        })
        .join("") +
        (isMore && last
          ? `<IsTruncated>true</IsTruncated><NextKeyMarker>${last.key}</NextKeyMarker><NextVersionIdMarker>${last.version.id}</NextVersionIdMarker>`
          : "<IsTruncated>false</IsTruncated>"),
    );
  }

  async #put(keys: Map<string, Version[]>, key: string): Promise<void> {
    const body = await buffer(this.#request);
    const source = this.#request.headers["x-amz-copy-source"];
    const headers = Object.fromEntries(
      Object.entries(this.#request.headers).flatMap(([name, value]) =>
        name.startsWith("x-amz-meta-") || name === "content-type" ? [[name, String(value)]] : [],
      ),
    );
    if (source === undefined) {
      const { id } = add(keys, key, body, headers, new Date());
      this.#response.writeHead(200, { etag: etag(body), "x-amz-version-id": id }).end();
      return;
    }
    const { pathname, searchParams } = new URL(String(source), "http://stand-in/");
    const [, bucket = "", ...rest] = pathname.split("/");
    const from = decodeURIComponent(rest.join("/"));
    const versions = this.#buckets.get(bucket)?.keys.get(from) ?? [];
    const found = versions.find(({ id }) => id === searchParams.get("versionId"));
    if (found?.body === undefined) return this.#error(404, "NoSuchVersion");
    add(keys, key, found.body, headers, new Date());
    this.#copies.push(key);
    this.#xml("CopyObjectResult", `<ETag>${etag(found.body)}</ETag>`);
  }

  #get(versions: readonly Version[], id: string | null): void {
    const found = id === null ? versions[0] : versions.find((version) => version.id === id);
    if (found?.body === undefined) {
      this.#error(404, "NoSuchKey");
      return;
    }
    this.#response.writeHead(200, {
      ...found.headers,
      etag: etag(found.body),
      "content-length": found.body.length,
      "last-modified": found.modified.toUTCString(),
    });
    this.#response.end(this.#request.method === "HEAD" ? undefined : found.body);
  }

  #xml(root: string, content: string): void {
    this.#response.writeHead(200, { "content-type": "application/xml" });
    this.#response.end(`<?xml version="1.0"?><${root}>${content}</${root}>`);
  }

  #error(status: number, code: string): void {
    this.#response.writeHead(status, { "content-type": "application/xml" });
    this.#response.end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
  }
}

const etag = (body: Buffer): string => `"${createHash("md5").update(body).digest("hex")}"`;
