import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppDependencies, AppEnv } from "../context.ts";
import {
  addDocument,
  completeDocument,
  deleteDocument,
  getDocument,
  listDocuments,
} from "../contract/documents.ts";
import { ChecksumRequired } from "../documents/library.ts";
import { Problem } from "../http/problem.ts";

export function documentRoutes({ library, cursors }: AppDependencies) {
  return new OpenAPIHono<AppEnv>()
    .openapi(listDocuments, async (c) => {
      const user = c.get("user").id;
      const { limit, cursor } = c.req.valid("query");
      const scope = ["documents", user];
      const after = await cursors.verify(scope, cursor);
      const { next, ...page } = await library.list(user, { limit, after });
      return c.json({ ...page, nextCursor: await cursors.sign(scope, next) }, 200);
    })

    .openapi(addDocument, async (c) => {
      const granted = library.add(c.get("user").id, c.req.valid("json"));
      const { document, upload } = await granted.catch((error: unknown) => {
        throw error instanceof ChecksumRequired ? checksumProblem() : error;
      });
      c.header("Location", `documents/${document.id}`);
      return c.json({ ...document, upload }, 201);
    })

    .openapi(completeDocument, async (c) => {
      const document = await library.complete(c.get("user").id, c.req.valid("param").id);
      if (document === undefined) throw new Problem("not-uploaded");
      return c.json(document, 200);
    })

    .openapi(getDocument, async (c) => {
      const user = c.get("user").id;
      const document = await library.get(user, c.req.valid("param").id);
      const downloadUrl = (await library.downloadUrl(user, document)) ?? null;
      return c.json({ ...document, downloadUrl }, 200);
    })

    .openapi(deleteDocument, async (c) => {
      await library.delete(c.get("user").id, c.req.valid("param").id);
      return c.body(null, 204);
    });
}

const checksumProblem = () =>
  new Problem("validation", {
    detail: "This deployment locks documents, so S3 takes no upload without its checksum.",
    errors: [{ in: "body", pointer: "/sha256", message: "is required here: 32 bytes in base64" }],
  });
