import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppDependencies, AppEnv } from "../app.ts";
import { entityTag, readIfMatch } from "../conditions.ts";
import { getProfile, replaceProfile } from "../contract/profile.ts";
import { roleOf, type User } from "../identity.ts";
import type { StoredProfile } from "../store/profile-store.ts";

export function profileRoutes({ profiles }: AppDependencies) {
  return new OpenAPIHono<AppEnv>()
    .openapi(getProfile, async (c) => {
      const user = c.get("user");
      const profile = profileOf(user, await profiles.get(user.id));
      c.header("ETag", entityTag(profile.version));
      return c.json(profile, 200);
    })

    .openapi(replaceProfile, async (c) => {
      const user = c.get("user");
      const guard = readIfMatch(c.req.valid("header")["if-match"]);
      const profile = profileOf(user, await profiles.put(user.id, c.req.valid("json"), guard));
      c.header("ETag", entityTag(profile.version));
      return c.json(profile, 200);
    });
}

/** Id and role always come from the token; before the first PUT, so does the name. */
function profileOf(user: User, stored: StoredProfile | undefined) {
  return {
    id: user.id,
    name: stored === undefined ? user.name : stored.name,
    email: stored?.email ?? null,
    preferences: { ...stored?.preferences },
    role: roleOf(user),
    createdAt: stored?.createdAt ?? null,
    updatedAt: stored?.updatedAt ?? null,
    version: stored?.version ?? 0,
  };
}
