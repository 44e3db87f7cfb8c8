import {
  CreateBucketCommand,
  DeleteBucketCorsCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { signForm } from "../../app/objects/upload-form.ts";
import type { Engine } from "../../local/engine.ts";
import { startS3 } from "../../local/s3.ts";

const app = "https://app.acme.example";
const page = "http://127.0.0.1:8787";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** As the documents' bucket allows it, and a second rule as other buckets write it. */
const CORSRules = [
  {
    AllowedOrigins: [app],
    AllowedMethods: ["GET", "HEAD", "POST"],
    AllowedHeaders: ["content-type", "range"],
    ExposeHeaders: ["ETag"],
    MaxAgeSeconds: 3600,
  },
  {
    AllowedOrigins: ["https://*.wide.example"],
    AllowedMethods: ["PUT"],
    AllowedHeaders: ["x-amz-*"],
  },
];

describe("the embedded S3, asked by a page of another origin", () => {
  let engine: Engine;
  let client: S3Client;
  beforeAll(async () => {
    engine = await startS3({ pageOrigin: page });
    const { endpoint } = engine;
    client = new S3Client({ endpoint, region: "us-east-1", credentials, forcePathStyle: true });
    for (const Bucket of ["docs", "closed", "undone"])
      await client.send(new CreateBucketCommand({ Bucket }));
    for (const Bucket of ["docs", "undone"])
      await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    await client.send(new DeleteBucketCorsCommand({ Bucket: "undone" }));
    await client.send(new PutObjectCommand({ Bucket: "docs", Key: "a.txt", Body: "words" }));
  });
  afterAll(() => engine.stop());

  const preflight = (bucket: string, origin: string, method: string, asked?: string) =>
    fetch(`${engine.endpoint}/${bucket}/a.txt`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": method,
        ...(asked !== undefined && { "access-control-request-headers": asked }),
      },
    });

  it("answers a preflight with what the first rule that matches allows", async () => {
    const answer = await preflight("docs", app, "POST", "Content-Type");
    expect(answer.status).toBe(200);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "access-control-allow-origin": app,
      "access-control-allow-methods": "GET, HEAD, POST",
      "access-control-allow-headers": "content-type",
      "access-control-expose-headers": "ETag",
      "access-control-max-age": "3600",
      "access-control-allow-credentials": "true",
      vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    });
    const wide = await preflight("docs", "https://a.wide.example", "PUT", "x-amz-date");
    expect(wide.headers.get("access-control-allow-origin")).toBe("https://a.wide.example");
  });

  it.each([
    ["another origin", "docs", "https://evil.example", "POST", undefined],
    ["an origin that begins alike", "docs", `${app}.evil.example`, "POST", undefined],
    ["another method", "docs", app, "DELETE", undefined],
    ["a method of another rule", "docs", app, "PUT", undefined],
    ["another header", "docs", app, "POST", "content-type, x-secret"],
    ["a bucket without a configuration", "closed", app, "POST", undefined],
    ["a bucket whose configuration was deleted", "undone", app, "POST", undefined],
  ])("refuses a preflight for %s", async (_, bucket, origin, method, asked) => {
    const answer = await preflight(bucket, origin, method, asked);
    expect(answer.status).toBe(403);
    expect(answer.headers.has("access-control-allow-origin")).toBe(false);
    expect(await answer.text()).toContain("<Code>AccessForbidden</Code>");
  });

  it("lets the page read what is downloaded, and refusals, and others nothing", async () => {
    const get = new GetObjectCommand({ Bucket: "docs", Key: "a.txt" });
    const url = await getSignedUrl(client, get, { expiresIn: 60 });
    const allowed = async (address: string, origin: string) => {
      const { status, headers } = await fetch(address, { headers: { origin } });
      return [status, headers.get("access-control-allow-origin")];
    };
    expect(await allowed(url, app)).toEqual([200, app]);
    expect(await allowed(`${url}x`, app)).toEqual([403, app]);
    expect(await allowed(url, "https://evil.example")).toEqual([200, null]);
  });

  it("lets the page and the local page upload a form, and read how it went", async () => {
    const body = new TextEncoder().encode("from a page");
    for (const [origin, expected] of [
      [app, app],
      [page, page],
      ["https://evil.example", null],
    ] as const) {
      const { url, fields } = signForm({
        url: `${engine.endpoint}/docs`,
        bucket: "docs",
        key: "form.txt",
        region: "us-east-1",
        credentials,
        now: new Date(),
        size: body.length,
        seconds: 60,
        contentType: "text/plain",
      });
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append("file", new Blob([body]));
      const answer = await fetch(url, { method: "POST", body: form, headers: { origin } });
      expect(answer.status).toBe(204);
      expect(answer.headers.get("access-control-allow-origin")).toBe(expected);
    }
  });

  it("allows the local page only in the methods that it uses", async () => {
    expect((await preflight("closed", page, "POST")).status).toBe(200);
    expect((await preflight("closed", page, "DELETE")).status).toBe(403);
  });

  it("refuses a configuration without origins, and a preflight without an origin", async () => {
    const { status } = await fetch(`${engine.endpoint}/docs?cors`, {
      method: "PUT",
      body: "<CORSConfiguration><CORSRule><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>",
    });
    expect(status).toBe(400);
    expect((await fetch(`${engine.endpoint}/docs/a.txt`, { method: "OPTIONS" })).status).toBe(400);
    expect((await preflight("docs", app, "POST")).status).toBe(200);
  });
});
