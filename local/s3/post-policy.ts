import { z } from "zod";
import { type Principals, refusalOf } from "../iam/principals.ts";
import { s3AccessesOf } from "../iam/s3.ts";
import { refusedChecksum } from "./checksums.ts";
import type { Refusal, S3Request } from "./refusal.ts";
import { type AccessKey, denied, isSignedBy, readScope, wrongSignature } from "./signature.ts";

const policySchema = z.object({
  expiration: z.iso.datetime(),
  conditions: z.array(
    z.union([
      z.tuple([z.literal("content-length-range"), z.coerce.number(), z.coerce.number()]),
      z.tuple([z.enum(["eq", "starts-with"]), z.string(), z.string()]),
      z.record(z.string(), z.string()),
    ]),
  ),
});

export function isFormUpload({ method, headers }: S3Request): boolean {
  return method === "POST" && /^multipart\/form-data/i.test(String(headers["content-type"]));
}

/**
 * Checks a form upload: its policy is signed, has not expired, and allows every field and the file's
 * size (S3 API reference, "Authenticating Requests in Browser-Based Uploads Using POST"). A bucket that
 * locks objects takes none without a checksum, and no checksum may be wrong.
 */
export async function refusedForm(
  request: S3Request,
  body: unknown,
  key: AccessKey,
  now: Date,
  locksObjects: (bucket: string) => boolean,
  principals?: Principals,
): Promise<Refusal | undefined> {
  const form = await readForm(request, body);
  if (form === undefined) {
    return { status: 400, code: "MalformedPOSTRequest", message: "This is no form with a file." };
  }
  const { fields, file } = form;
  const field = (name: string) => fields.get(name) ?? "";
  const scope = readScope(field("x-amz-credential"), key);
  if ("status" in scope) return scope;
  if (field("x-amz-algorithm") !== "AWS4-HMAC-SHA256") return wrongSignature;
  if (!isSignedBy(key, scope, field("policy"), field("x-amz-signature"))) return wrongSignature;

  const policy = policySchema.safeParse(parsed(field("policy")));
  if (!policy.success) {
    return { status: 400, code: "InvalidPolicyDocument", message: "This is no policy." };
  }
  if (now.getTime() >= Date.parse(policy.data.expiration)) {
    return denied("Invalid according to Policy: Policy expired.");
  }
  const bucket = decodeURIComponent(new URL(request.url, "http://s3").pathname.split("/")[1] ?? "");
  if ((fields.get("bucket") ?? bucket) !== bucket) {
    return denied("Invalid according to Policy: Policy Condition failed: bucket");
  }
  fields.set("bucket", bucket);
  const principal = principals?.find(fields.get("x-amz-security-token"));
  const url = `/${bucket}/${encodeURIComponent(field("key"))}`;
  const message =
    principal &&
    refusalOf(
      principal.role,
      s3AccessesOf({ method: "PUT", url, headers: {} }, "", principal.buckets),
    );
  if (message !== undefined) return denied(message);
  return (
    judge(policy.data.conditions, fields, file.length) ??
    refusedChecksum(
      { md5: fields.get("content-md5"), sha256: fields.get("x-amz-checksum-sha256") },
      file,
      locksObjects(bucket),
    )
  );
}

function judge(
  conditions: z.infer<typeof policySchema>["conditions"],
  fields: ReadonlyMap<string, string>,
  size: number,
): Refusal | undefined {
  const unnamed = new Set(
    [...fields.keys()].filter(
      (name) => !/^(x-amz-signature|policy|bucket|x-ignore-.*)$/.test(name),
    ),
  );
  for (const condition of conditions) {
    if (Array.isArray(condition) && condition[0] === "content-length-range") {
      const [, least, most] = condition;
      if (size < least) return tooMuch("EntityTooSmall", "smaller than the minimum");
      if (size > most) return tooMuch("EntityTooLarge", "larger than the maximum");
      continue;
    }
    for (const [operator, name, expected] of tests(condition)) {
      const actual = fields.get(name);
      const holds = operator === "eq" ? actual === expected : actual?.startsWith(expected);
      if (holds !== true) {
        return denied(`Invalid according to Policy: Policy Condition failed: ${name}`);
      }
      unnamed.delete(name);
    }
  }
  return unnamed.size === 0
    ? undefined
    : denied(`Invalid according to Policy: Extra input fields: ${[...unnamed].join(", ")}`);
}

function tests(
  condition: Record<string, string> | [string, ...(string | number)[]],
): [operator: string, name: string, expected: string][] {
  if (Array.isArray(condition)) {
    const [operator, name, expected] = condition;
    return [[operator, String(name).replace(/^\$/, "").toLowerCase(), String(expected)]];
  }
  return Object.entries(condition).map(([name, value]) => ["eq", name.toLowerCase(), value]);
}

/**
 * Fields before the file, by lower-case name, and the file; what follows the file is ignored.
 * None where a field comes twice: the store behind might take the one that was not judged.
 */
async function readForm({ headers }: S3Request, body: unknown) {
  if (!(body instanceof Uint8Array)) return undefined;
  const init = { headers: { "content-type": String(headers["content-type"]) } };
  const form = await new Response(new Uint8Array(body), init).formData().catch(() => undefined);
  const fields = new Map<string, string>();
  for (const [name, value] of form ?? []) {
    if (typeof value !== "string")
      return { fields, file: new Uint8Array(await value.arrayBuffer()) };
    if (name.toLowerCase() === "file") return { fields, file: Buffer.from(value) };
    if (fields.has(name.toLowerCase())) return undefined;
    fields.set(name.toLowerCase(), value);
  }
  return undefined;
}

function parsed(policy: string): unknown {
  try {
    return JSON.parse(Buffer.from(policy, "base64").toString());
  } catch {
    return undefined;
  }
}

function tooMuch(code: string, what: string): Refusal {
  return { status: 400, code, message: `Your proposed upload is ${what} allowed size` };
}
