import type { Refusal, S3Request } from "./refusal.ts";
import {
  type AccessKey,
  denied,
  isSignedBy,
  readScope,
  sha256,
  timeOf,
  wrongSignature,
} from "./signature.ts";

/** Parameters that make a URL a signed one: whoever takes one of them away does not unsign it. */
const signs =
  /^(x-amz-(algorithm|credential|date|expires|signedheaders|signature)|signature|awsaccesskeyid)$/i;

/**
 * Checks a URL that carries its signature in the query (S3 API reference, "Authenticating Requests:
 * Using Query Parameters"). Undefined for a request that is signed in another way, or good.
 */
export function refusedUrl(request: S3Request, key: AccessKey, now: Date): Refusal | undefined {
  const [path = "", query = ""] = request.url.split(/\?(.*)/s);
  const parameters = query
    .split("&")
    .filter((part) => part !== "")
    .map(parameter);
  if (!parameters.some(([name]) => signs.test(name))) return undefined;
  const value = (name: string) => parameters.find(([found]) => found === name)?.[1] ?? "";

  const scope = readScope(value("X-Amz-Credential"), key);
  if ("status" in scope) return scope;
  const signedAt = timeOf(value("X-Amz-Date"));
  const expires = Number(value("X-Amz-Expires"));
  const isSound =
    value("X-Amz-Algorithm") === "AWS4-HMAC-SHA256" &&
    value("X-Amz-Date").startsWith(scope.day) &&
    Number.isInteger(expires) &&
    expires >= 1 &&
    expires <= 604_800;
  if (!isSound) {
    return { status: 400, code: "AuthorizationQueryParametersError", message: "Wrong parameters." };
  }

  const signedHeaders = value("X-Amz-SignedHeaders");
  const canonical = [
    request.method,
    path
      .split("/")
      .map((part) => encoded(decoded(part)))
      .join("/"),
    parameters
      .filter(([name]) => name !== "X-Amz-Signature")
      .map(([name, text]) => `${encoded(name)}=${encoded(text)}`)
      .sort()
      .join("&"),
    ...signedHeaders.split(";").map((name) => `${name}:${headerOf(request, name)}`),
    "",
    signedHeaders,
    "UNSIGNED-PAYLOAD",
  ].join("\n");
  const stringToSign = [
    "AWS4-HMAC-SHA256",
    value("X-Amz-Date"),
    `${scope.day}/${scope.region}/s3/aws4_request`,
    sha256(canonical),
  ].join("\n");
  if (!isSignedBy(key, scope, stringToSign, value("X-Amz-Signature"))) return wrongSignature;

  const late = !(now.getTime() < signedAt + expires * 1000);
  return late ? denied("Request has expired") : undefined;
}

function parameter(part: string): [name: string, value: string] {
  const [name = "", value = ""] = part.split(/=(.*)/s);
  return [decoded(name), decoded(value)];
}

function headerOf({ headers }: S3Request, name: string): string {
  return [headers[name] ?? ""].flat().join(",").trim().replace(/ +/g, " ");
}

/** As RFC 3986 has it; `encodeURIComponent` leaves five characters too many alone. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
