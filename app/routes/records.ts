import { createHash, randomBytes } from "node:crypto";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppDependencies, AppEnv } from "../context.ts";
import {
  deleteSession,
  deleteState,
  getSession,
  getState,
  issueToken,
  listSessions,
  putSession,
  putState,
  redeemToken,
} from "../contract/records.ts";
import { entityTag, readGuard } from "../http/conditions.ts";
import { Problem } from "../http/problem.ts";
import type { StoredRecord } from "../store/record-store.ts";

/** Sessions, application state and one-time tokens of the caller. */
export function recordRoutes({ records, cursors }: AppDependencies) {
  return new OpenAPIHono<AppEnv>()
    .openapi(listSessions, async (c) => {
      const user = c.get("user").id;
      const { limit, cursor } = c.req.valid("query");
      const scope = ["sessions", user];
      const after = await cursors.verify(scope, cursor);
      const { items, next, ...page } = await records.list(user, "session", { limit, after });
      const nextCursor = await cursors.sign(scope, next);
      return c.json({ ...page, items: items.map(sessionOf), nextCursor }, 200);
    })

    .openapi(getSession, async (c) => {
      const record = await records.get(c.get("user").id, "session", c.req.valid("param").id);
      if (record === undefined) throw new Problem("not-found");
      c.header("ETag", entityTag(record.version));
      return c.json(sessionOf(record), 200);
    })

    .openapi(putSession, async (c) => {
      const { data, lifeSeconds } = c.req.valid("json");
      const record = await records.put(
        c.get("user").id,
        "session",
        c.req.valid("param").id,
        { value: data, lifeSeconds },
        readGuard(c.req.valid("header")),
      );
      c.header("ETag", entityTag(record.version));
      return c.json(sessionOf(record), 200);
    })

    .openapi(deleteSession, async (c) => {
      const guard = readGuard(c.req.valid("header"));
      await records.remove(c.get("user").id, "session", c.req.valid("param").id, guard);
      return c.body(null, 204);
    })

    .openapi(getState, async (c) => {
      const record = await records.get(c.get("user").id, "state", c.req.valid("param").key);
      if (record === undefined) throw new Problem("not-found");
      c.header("ETag", entityTag(record.version));
      return c.json(stateOf(record), 200);
    })

    .openapi(putState, async (c) => {
      const record = await records.put(
        c.get("user").id,
        "state",
        c.req.valid("param").key,
        c.req.valid("json"),
        readGuard(c.req.valid("header")),
      );
      c.header("ETag", entityTag(record.version));
      return c.json(stateOf(record), 200);
    })

    .openapi(deleteState, async (c) => {
      const guard = readGuard(c.req.valid("header"));
      await records.remove(c.get("user").id, "state", c.req.valid("param").key, guard);
      return c.body(null, 204);
    })

    .openapi(issueToken, async (c) => {
      const { purpose, data, lifeSeconds } = c.req.valid("json");
      const token = randomBytes(32).toString("base64url");
      const user = c.get("user").id;
      const kept = { purpose, data };
      const expiresAt = await records.issue(user, hashOf(token), kept, lifeSeconds);
      return c.json({ token, purpose, expiresAt }, 201);
    })

    .openapi(redeemToken, async (c) => {
      const { token, purpose } = c.req.valid("json");
      const data = await records.redeem(c.get("user").id, hashOf(token), purpose);
      return c.json({ purpose, data }, 200);
    });
}

/** A token is 32 random bytes: unlike a password, its hash needs neither salt nor work. */
function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}

function sessionOf({ name, value, ...rest }: StoredRecord) {
  return { id: name, data: value, ...rest };
}

function stateOf({ name, ...rest }: StoredRecord) {
  return { key: name, ...rest };
}
