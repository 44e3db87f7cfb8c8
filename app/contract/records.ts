import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { jsonUpTo } from "./any-json.ts";
import {
  conditions,
  header,
  identifier,
  json,
  notModified,
  pageOf,
  paging,
  problems,
  signedIn,
  text,
  timestamp,
} from "./parts.ts";

const daySeconds = 24 * 60 * 60;

/** Seconds that records are kept at most, and where nothing is said; undefined is for ever. */
export const recordLives = {
  session: { longest: 90 * daySeconds, usual: 7 * daySeconds },
  state: { longest: 400 * daySeconds, usual: undefined },
} as const;

const lifeSeconds = (longest: number) => z.number().int().min(1).max(longest);

const stored = {
  createdAt: timestamp,
  updatedAt: timestamp,
  expiresAt: timestamp.nullable().openapi({ description: "After this time no reader sees it." }),
  version: z.number().int().openapi({ description: "Grows with every change. It is the `ETag`." }),
};

const session = z
  .object({ id: identifier, data: z.unknown(), ...stored })
  .openapi("Session", { description: "Data of a device or a browser, kept until it expires." });

const state = z
  .object({ key: identifier, value: z.unknown(), ...stored })
  .openapi("State", { description: "A value of the application's state." });

const etag = { ETag: header("The version as a strong entity tag.") };
const security = signedIn;

const sessionPath = z.object({
  id: identifier.openapi({ param: { name: "id", in: "path" }, description: "The session." }),
});
const statePath = z.object({
  key: identifier.openapi({ param: { name: "key", in: "path" }, description: "The value's key." }),
});

export const listSessions = createRoute({
  method: "get",
  path: "/me/sessions",
  operationId: "listSessions",
  summary: "List the caller's sessions that have not expired",
  tags: ["sessions"],
  security,
  request: { query: z.strictObject(paging(50, 100)) },
  responses: {
    200: {
      description:
        "One page, possibly shorter than `limit`. The list ends where `nextCursor` is null.",
      content: pageOf(session),
    },
    ...problems(400),
  },
});

export const getSession = createRoute({
  method: "get",
  path: "/me/sessions/{id}",
  operationId: "getSession",
  summary: "Get a session",
  tags: ["sessions"],
  security,
  request: { params: sessionPath },
  responses: {
    200: { description: "Found.", headers: etag, content: json(session) },
    304: notModified,
    ...problems(400, 404),
  },
});

export const putSession = createRoute({
  method: "put",
  path: "/me/sessions/{id}",
  operationId: "putSession",
  summary: "Create or renew a session",
  tags: ["sessions"],
  security,
  request: {
    params: sessionPath,
    headers: conditions,
    body: {
      required: true,
      content: json(
        z.strictObject({
          data: jsonUpTo(8).default({}),
          lifeSeconds: lifeSeconds(recordLives.session.longest)
            .default(recordLives.session.usual)
            .openapi({ description: "Seconds from now." }),
        }),
      ),
    },
  },
  responses: {
    200: { description: "Saved.", headers: etag, content: json(session) },
    ...problems(400, 412, 413, 415),
  },
});

export const deleteSession = createRoute({
  method: "delete",
  path: "/me/sessions/{id}",
  operationId: "deleteSession",
  summary: "End a session",
  tags: ["sessions"],
  security,
  request: { params: sessionPath, headers: conditions },
  responses: { 204: { description: "Ended." }, ...problems(400, 404, 412) },
});

export const getState = createRoute({
  method: "get",
  path: "/me/state/{key}",
  operationId: "getState",
  summary: "Get a value of the application's state",
  tags: ["state"],
  security,
  request: { params: statePath },
  responses: {
    200: { description: "Found.", headers: etag, content: json(state) },
    304: notModified,
    ...problems(400, 404),
  },
});

export const putState = createRoute({
  method: "put",
  path: "/me/state/{key}",
  operationId: "putState",
  summary: "Save a value of the application's state",
  description: "With `If-None-Match: *` it is saved only if there is no value yet.",
  tags: ["state"],
  security,
  request: {
    params: statePath,
    headers: conditions,
    body: {
      required: true,
      content: json(
        z.strictObject({
          value: jsonUpTo(64),
          lifeSeconds: lifeSeconds(recordLives.state.longest)
            .optional()
            .openapi({ description: "Seconds from now. Default: kept until it is deleted." }),
        }),
      ),
    },
  },
  responses: {
    200: { description: "Saved.", headers: etag, content: json(state) },
    ...problems(400, 412, 413, 415),
  },
});

export const deleteState = createRoute({
  method: "delete",
  path: "/me/state/{key}",
  operationId: "deleteState",
  summary: "Delete a value of the application's state",
  tags: ["state"],
  security,
  request: { params: statePath, headers: conditions },
  responses: { 204: { description: "Deleted." }, ...problems(400, 404, 412) },
});

const purpose = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, "must match [a-z][a-z0-9-]{0,31}")
  .openapi({ example: "link-device" });

export const issueToken = createRoute({
  method: "post",
  path: "/me/tokens",
  operationId: "issueToken",
  summary: "Issue a token that the same user can redeem once",
  tags: ["tokens"],
  security,
  request: {
    body: {
      required: true,
      content: json(
        z.strictObject({
          purpose,
          data: jsonUpTo(2).default({}),
          lifeSeconds: lifeSeconds(daySeconds).default(600),
        }),
      ),
    },
  },
  responses: {
    201: {
      description: "Issued. Only this response has the token's value: the API keeps a hash of it.",
      content: json(z.object({ token: z.string(), purpose, expiresAt: timestamp })),
    },
    ...problems(400, 413, 415),
  },
});

export const redeemToken = createRoute({
  method: "post",
  path: "/me/tokens/redeem",
  operationId: "redeemToken",
  summary: "Redeem a token. Only one request can succeed",
  tags: ["tokens"],
  security,
  request: {
    body: { required: true, content: json(z.strictObject({ token: text(200).min(1), purpose })) },
  },
  responses: {
    200: { description: "Redeemed.", content: json(z.object({ purpose, data: z.unknown() })) },
    ...problems(400, 404, 413, 415),
  },
});
