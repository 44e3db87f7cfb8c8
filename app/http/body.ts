import { isUtf8 } from "node:buffer";
import type { HonoRequest } from "hono";
import { createMiddleware } from "hono/factory";
import type { AppEnv } from "../context.ts";
import { bodyOf, routeOf } from "../contract/match.ts";
import { byteOrderMark, InexactNumber, inexactNumber, parseExactly } from "./exact-json.ts";
import { notUtf8, Problem } from "./problem.ts";

/**
 * Reads bodies so that what is kept is what was sent: a body that the contract asks for must be there, its bytes
 * must be UTF-8, and its numbers must survive. Leaves the text to the validation.
 */
export const exactBody = createMiddleware<AppEnv>(async (c, next) => {
  const { req } = c;
  if (req.method !== "POST" && req.method !== "PUT" && req.method !== "PATCH") return next();
  const type = req.header("content-type");
  if (type === undefined) {
    if (await isOptional(req.path, req.method, () => req.arrayBuffer())) {
      // As if the empty object had been sent: the validation fills in what the contract says.
      const headers = new Headers(req.raw.headers);
      headers.set("content-type", "application/json");
      req.raw = new Request(req.url, { method: req.method, headers, signal: req.raw.signal });
      setText(req, "{}");
    }
    return next();
  }
  const isJson = /^application\/(?:[\w.-]+\+)?json\b/i.test(type);
  const isLines = /^application\/(?:x-ndjson|octet-stream)\b/i.test(type);
  if (!isJson && !isLines) return next();
  requirePlain(type, req.header("content-encoding"));
  const text = utf8(await req.arrayBuffer());
  if (isJson) setText(req, exact(text));
  else if (text === "") throw empty;
  return next();
});

/** Refuses bytes that would be read as what they are not (RFC 9110, section 15.5.16). */
function requirePlain(type: string, encoding = ""): void {
  const codings = encoding.split(",").map((coding) => coding.trim().toLowerCase());
  if (codings.some((coding) => coding !== "" && coding !== "identity")) {
    throw new Problem("unsupported-media-type", {
      detail: "Send the body without Content-Encoding: it is not decoded.",
      headers: { "accept-encoding": "identity" },
    });
  }
  const [, charset] = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(type) ?? [];
  if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
    throw new Problem("unsupported-media-type", { detail: "Send the body in UTF-8." });
  }
}

/** Hono reads JSON from the text; from anything else that is at hand it would make a `Response` first. */
function setText(req: HonoRequest, text: string): void {
  req.bodyCache = {};
  // Hono keeps a promise of it, which its type does not say.
  Object.assign(req.bodyCache, { text: Promise.resolve(text) });
}

/** Whether a route does with an empty body. Refuses where one must be sent, and where its type is missing. */
async function isOptional(
  path: string,
  method: string,
  read: () => Promise<ArrayBuffer>,
): Promise<boolean> {
  const body = bodyOf(routeOf(method, path));
  if (body === undefined) return false;
  if (!body.required && (await read()).byteLength === 0) return true;
  throw new Problem("unsupported-media-type", {
    detail: `Send a body of the type ${Object.keys(body.content).join(" or ")}.`,
  });
}

const empty = new Problem("validation", {
  errors: [{ in: "body", pointer: "", message: "must have at least one line" }],
});

function utf8(body: ArrayBuffer): string {
  const bytes = Buffer.from(body);
  if (isUtf8(bytes)) return bytes.toString();
  throw new Problem("malformed-json", { detail: notUtf8 });
}

/** JSON whose numbers all survive, without a byte order mark. */
function exact(text: string): string {
  try {
    parseExactly(text);
    return text.replace(byteOrderMark, "");
  } catch (error) {
    if (!(error instanceof InexactNumber)) throw new Problem("malformed-json");
    throw new Problem("validation", {
      errors: [{ in: "body", pointer: "", message: inexactNumber }],
    });
  }
}
