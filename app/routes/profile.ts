import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppDependencies, AppEnv } from "../context.ts";
import { getProfile, replaceProfile } from "../contract/profile.ts";
import { entityTag, readGuard } from "../http/conditions.ts";
import { roleOf, type User } from "../http/identity.ts";
import type { StoredProfile } from "../store/profile-store.ts";

export function profileRoutes({ profiles, conversations }: AppDependencies) {
  /** Read where it stands anyway: to note each activity would cost a write unit. */
  const lastActivity = async (user: User) => {
    const { items } = await conversations.list(user.id, { limit: 1 });
    return items[0]?.updatedAt;
  };

  return new OpenAPIHono<AppEnv>()
    .openapi(getProfile, async (c) => {
      const user = c.get("user");
      const [stored, active] = await Promise.all([profiles.get(user.id), lastActivity(user)]);
      const profile = profileOf(user, stored, active);
      c.header("ETag", entityTag(profile.version));
      return c.json(profile, 200);
    })

    .openapi(replaceProfile, async (c) => {
      const user = c.get("user");
      const guard = readGuard(c.req.valid("header"));
      const [stored, active] = await Promise.all([
        profiles.put(user.id, c.req.valid("json"), guard),
        lastActivity(user),
      ]);
      const profile = profileOf(user, stored, active);
      c.header("ETag", entityTag(profile.version));
      return c.json(profile, 200);
    });
}

/** Id and role always come from the token; before the first PUT, so does the name. */
function profileOf(user: User, stored: StoredProfile | undefined, active: string | undefined) {
  return {
    id: user.id,
    name: stored === undefined ? user.name : stored.name,
    email: stored?.email ?? null,
    preferences: { ...stored?.preferences },
    role: roleOf(user),
    lastActiveAt: active ?? stored?.updatedAt ?? null,
    createdAt: stored?.createdAt ?? null,
    updatedAt: stored?.updatedAt ?? null,
    version: stored?.version ?? 0,
  };
}
