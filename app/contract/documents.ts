import { createRoute } from "@hono/zod-openapi";
import * as z from "zod";
import { documentBytes, documentStatuses, documentTypes } from "../documents/types.ts";
import {
  header,
  identifier,
  json,
  pageOf,
  paging,
  problems,
  shownText,
  signedIn,
  timestamp,
} from "./parts.ts";

/** White space that is no control character. */
const blanks = " \\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u3000\\uFEFF";

const fields = {
  name: shownText(255)
    .regex(/^\P{Cc}*$/u, "must have no control characters")
    .openapi({
      description: "Name of the file.",
      example: "Report 2026.pdf",
      // As characters, not as a property: not every program that makes up names knows those.
      // Blanks come first, so that no text is matched in two ways.
      pattern: `^[${blanks}]*[^\\s\\u0000-\\u001F\\u007F-\\u009F][^\\u0000-\\u001F\\u007F-\\u009F]*$`,
    }),
  type: z.enum(documentTypes),
  size: z
    .number()
    .int()
    .min(1)
    .max(documentBytes)
    .openapi({ description: "Bytes, at most 10 MiB. The upload must have exactly this size." }),
};

const sha256 = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, "must be 32 bytes in base64")
  .optional()
  .openapi({
    description:
      "SHA-256 of the file in base64. S3 then refuses any other file. Required if the deployment " +
      "locks documents against deletion.",
    example: "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=",
  });

const document = z
  .object({
    id: identifier,
    ...fields,
    status: z.enum(documentStatuses).openapi({
      description:
        "`pending`: not completed yet; deleted after 24 hours. `ready`: uploaded and read. " +
        "`failed`: uploaded, but not of its type, encrypted, or not readable.",
    }),
    createdAt: timestamp,
    pages: z
      .number()
      .int()
      .nullable()
      .openapi({ description: "Number of pages of a PDF that was read." }),
    passages: z.number().int().nullable().openapi({
      description: "Number of passages that answers can cite. 0 for a scan without text.",
    }),
  })
  .openapi("Document");

const grant = document
  .extend({
    upload: z.object({
      url: z.url(),
      fields: z.record(z.string(), z.string()),
      expiresAt: timestamp,
    }),
  })
  .openapi("DocumentUpload", {
    description:
      "Send `multipart/form-data` with POST to `upload.url` before `expiresAt`: every field unchanged, then " +
      "the file as the last field, `file`. S3 refuses any other size, type or key, and additional fields.",
  });

const download = document
  .extend({
    downloadUrl: z.url().nullable().openapi({
      description:
        "Valid for five minutes, for anybody who has it. Null while the document is pending.",
    }),
  })
  .openapi("DocumentDownload");

const documentPath = z.object({
  id: identifier.openapi({ param: { name: "id", in: "path" }, description: "The document." }),
});

const tags = ["documents"];
const security = signedIn;

export const listDocuments = createRoute({
  method: "get",
  path: "/documents",
  operationId: "listDocuments",
  summary: "List the caller's documents, newest first",
  tags,
  security,
  request: { query: z.strictObject(paging(50, 100)) },
  responses: {
    200: {
      description:
        "One page, possibly shorter than `limit`. The list ends where `nextCursor` is null.",
      content: pageOf(document),
    },
    ...problems(400),
  },
});

export const addDocument = createRoute({
  method: "post",
  path: "/documents",
  operationId: "addDocument",
  summary: "Get a form for the upload of a document",
  description: "Send the file to S3 with this form, then complete the document.",
  tags,
  security,
  request: { body: { required: true, content: json(z.strictObject({ ...fields, sha256 })) } },
  responses: {
    201: {
      description: "Granted.",
      headers: { Location: header("Path of the document.") },
      content: json(grant),
    },
    ...problems(400, 413, 415),
  },
});

export const completeDocument = createRoute({
  method: "post",
  path: "/documents/{id}/complete",
  operationId: "completeDocument",
  summary: "Complete an upload: the API reads the file",
  description: "Safe to repeat. The returned status is `ready` or `failed`.",
  tags,
  security,
  request: { params: documentPath },
  responses: {
    200: { description: "Completed, by this request or an earlier one.", content: json(document) },
    ...problems(400, 404, 409),
  },
});

export const getDocument = createRoute({
  method: "get",
  path: "/documents/{id}",
  operationId: "getDocument",
  summary: "Get a document with a URL to download it",
  tags,
  security,
  request: { params: documentPath },
  responses: {
    200: { description: "Found.", content: json(download) },
    ...problems(400, 404),
  },
});

export const deleteDocument = createRoute({
  method: "delete",
  path: "/documents/{id}",
  operationId: "deleteDocument",
  summary: "Delete a document",
  description:
    "No reader sees the document any more. Messages keep the passages that they quote. After a 5xx " +
    "or a lost connection, send the request again: it finishes the deletion.",
  tags,
  security,
  request: { params: documentPath },
  responses: {
    204: { description: "Deleted." },
    ...problems(400, 404),
  },
});
