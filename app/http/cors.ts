import { Hono } from "hono";
import { cors } from "hono/cors";
import type { Fetcher } from "../lambda/answer.ts";
import type { HeaderNames } from "../openapi/header-names.ts";
import { commonHeaders } from "./common-headers.ts";

/**
 * Lets pages of these origins call the app, and answers the browser that asks beforehand (Fetch
 * standard, "CORS protocol"). Without cookies: a token in a header is all that counts.
 */
export function withOrigins(
  app: Fetcher,
  origins: readonly string[],
  declared?: HeaderNames,
): Fetcher {
  if (origins.length === 0) return app;
  return new Hono()
    .use(
      cors({
        origin: [...origins],
        allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        // Without names, those that the browser asks for.
        allowHeaders: declared === undefined ? [] : [...gatewayHeaders, ...declared.request],
        // Behind a REST API, which renames it, WWW-Authenticate has another name.
        exposeHeaders: [...(declared?.response ?? []), "x-amzn-Remapped-WWW-Authenticate"],
        // Seconds; Chrome keeps an answer no longer.
        maxAge: 7200,
      }),
    )
    .use(async (c, next) => {
      await next();
      for (const [name, value] of Object.entries(commonHeaders)) c.res.headers.set(name, value);
    })
    .all("*", (c) => app.fetch(c.req.raw, c.env ?? {}));
}

/** What requests carry beside the headers of the contract: the token, the body's type, the key of a quota. */
const gatewayHeaders = ["authorization", "content-type", "x-api-key"];
