import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { preferences } from "./any-json.ts";
import {
  conditions,
  header,
  identifier,
  json,
  notModified,
  problems,
  shownText,
  signedIn,
  timestamp,
} from "./parts.ts";

const fields = {
  name: shownText(200).nullable(),
  email: z.email().max(254).nullable(),
  preferences,
};

const profile = z
  .object({
    id: identifier.openapi({ description: "The user's id: the token's `sub`." }),
    ...fields,
    preferences: z.record(z.string(), z.unknown()),
    role: z.enum(["admin", "member"]).openapi({ description: "From the user's groups." }),
    lastActiveAt: timestamp.nullable().openapi({
      description: "Time at which one of the user's active conversations last changed, or null.",
    }),
    createdAt: timestamp.nullable().openapi({ description: "Null until the first PUT." }),
    updatedAt: timestamp.nullable(),
    version: z.number().int(),
  })
  .openapi("Profile");

const etag = { ETag: header("The version as a strong entity tag.") };
const tags = ["profile"];
const security = signedIn;

export const getProfile = createRoute({
  method: "get",
  path: "/me",
  operationId: "getProfile",
  summary: "Get the caller's profile",
  tags,
  security,
  responses: {
    200: { description: "The profile.", headers: etag, content: json(profile) },
    304: notModified,
    ...problems(400),
  },
});

export const replaceProfile = createRoute({
  method: "put",
  path: "/me",
  operationId: "replaceProfile",
  summary: "Replace the writable fields of the caller's profile",
  description: 'Conditions take a profile that was never put as none: its `ETag` is `"0"`.',
  tags,
  security,
  request: {
    headers: conditions,
    body: {
      required: true,
      content: json(
        z.strictObject({
          name: fields.name.default(null),
          email: fields.email.default(null),
          preferences: fields.preferences.default({}),
        }),
      ),
    },
  },
  responses: {
    200: { description: "Replaced.", headers: etag, content: json(profile) },
    ...problems(400, 412, 413, 415),
  },
});
