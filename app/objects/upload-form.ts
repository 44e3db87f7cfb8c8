import { createHmac } from "node:crypto";
import type { UploadForm, UploadOptions } from "./object-store.ts";

interface Signer extends UploadOptions {
  readonly url: string;
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string | undefined;
  };
  readonly now: Date;
}

/**
 * Signs an upload form (S3 API reference, "Authenticating Requests in Browser-Based Uploads Using
 * POST"). The policy names every field with its one value, so S3 refuses a changed or added one, and
 * `content-length-range` is the only limit on size that S3 itself enforces before it stores a byte.
 *
 * Not by `@aws-sdk/s3-presigned-post`: it brings an S3 client of its own exact version along.
 */
export function signForm(signer: Signer): UploadForm {
  const { credentials, now, size, sha256 } = signer;
  const time = `${now.toISOString().replace(/[-:]|\.\d+/g, "")}`;
  const scope = [time.slice(0, 8), signer.region, "s3", "aws4_request"];
  const expiresAt = new Date(now.getTime() + signer.seconds * 1000).toISOString();
  const fields = {
    key: signer.key,
    "Content-Type": signer.contentType,
    // S3 API reference, "POST Object": form fields of additional checksums.
    ...(sha256 !== undefined && {
      "x-amz-checksum-algorithm": "SHA256",
      "x-amz-checksum-sha256": sha256,
    }),
    "x-amz-algorithm": "AWS4-HMAC-SHA256",
    "x-amz-credential": [credentials.accessKeyId, ...scope].join("/"),
    "x-amz-date": time,
    ...(credentials.sessionToken !== undefined && {
      "x-amz-security-token": credentials.sessionToken,
    }),
  };
  const policy = {
    expiration: expiresAt,
    conditions: [
      { bucket: signer.bucket },
      ...Object.entries(fields).map(([name, value]) => ({ [name]: value })),
      ["content-length-range", size, size],
    ],
  };
  const encoded = Buffer.from(JSON.stringify(policy)).toString("base64");
  const signingKey = scope.reduce(
    (key: string | Buffer, part) => hmac(key, part),
    `AWS4${credentials.secretAccessKey}`,
  );
  return {
    url: signer.url,
    fields: {
      ...fields,
      policy: encoded,
      "x-amz-signature": hmac(signingKey, encoded).toString("hex"),
    },
    expiresAt,
  };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
