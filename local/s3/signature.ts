import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Refusal } from "./refusal.ts";

/** The one pair of keys that signs for the embedded S3. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A credential scope, e.g. `AKID/20261120/us-east-1/s3/aws4_request`, taken apart. */
interface Scope {
  readonly day: string;
  readonly region: string;
}

/** Signature Version 4 (IAM User Guide, "Create a signed AWS API request"). */
export function isSignedBy(
  key: AccessKey,
  scope: Scope,
  stringToSign: string,
  signature: string,
): boolean {
  const signingKey = [scope.day, scope.region, "s3", "aws4_request"].reduce(
    (secret: string | Buffer, part) => hmac(secret, part),
    `AWS4${key.secretAccessKey}`,
  );
  const expected = Buffer.from(hmac(signingKey, stringToSign).toString("hex"));
  const actual = Buffer.from(signature);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

export function readScope(credential: string, key: AccessKey): Scope | Refusal {
  const [accessKeyId, day = "", region = "", service, ending, ...rest] = credential.split("/");
  if (accessKeyId !== key.accessKeyId) {
    return {
      status: 403,
      code: "InvalidAccessKeyId",
      message: "The AWS Access Key Id you provided does not exist in our records.",
    };
  }
  if (!/^\d{8}$/.test(day) || service !== "s3" || ending !== "aws4_request" || rest.length > 0) {
    return { status: 400, code: "AuthorizationQueryParametersError", message: "Wrong credential." };
  }
  return { day, region };
}

/** Epoch milliseconds of `20261120T184000Z`; NaN for anything else. */
export function timeOf(amzDate: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  if (parts === null) return Number.NaN;
  const [, year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export const wrongSignature: Refusal = {
  status: 403,
  code: "SignatureDoesNotMatch",
  message: "The request signature we calculated does not match the signature you provided.",
};

export function denied(message: string): Refusal {
  return { status: 403, code: "AccessDenied", message };
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
