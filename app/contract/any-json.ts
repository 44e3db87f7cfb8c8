// Teaches zod the method `openapi`.
import "@hono/zod-openapi";
import * as z from "zod";

export type Value = z.core.util.JSONType;

/** The types of JSON Schema. */
export const everyType = ["object", "array", "string", "number", "boolean", "null"] as const;

const kib = 1024;
/** Deeper values would exhaust the stack of whoever reads them, this process first. */
const deepest = 100;

/** Any JSON, so many KiB of it at most. */
export function jsonUpTo(kibibytes: number) {
  return limited(keepable(), kibibytes).openapi({
    type: [...everyType],
    description: `Any JSON, ${kibibytes} KiB and ${deepest} levels at most.`,
  });
}

/** What a client remembers of its user: any JSON under names of up to 64 characters. */
export const preferences = limited(
  keepable<Readonly<Record<string, Value>>>().pipe(
    z.record(z.string().min(1).max(64), z.custom<Value>()),
  ),
  16,
).openapi({ type: "object", additionalProperties: true });

function limited<T extends z.ZodType>(schema: T, kibibytes: number) {
  return schema.refine(
    (value) => Buffer.byteLength(JSON.stringify(value)) <= kibibytes * kib,
    `must be at most ${kibibytes} KiB of JSON`,
  );
}

/** Ends the validation when it fails: what comes behind it would walk the value by recursion. */
export function keepable<T = Value>() {
  return z.custom<T>(
    isKeepable,
    `must be JSON of at most ${deepest} levels and of finite numbers, without a member __proto__`,
  );
}

/**
 * Whether a parsed value can be kept and given back as it is. `1e999` became Infinity when it was
 * parsed and would go out as null; `__proto__` is lost by whatever copies objects member by member.
 */
function isKeepable(value: unknown): boolean {
  if (value === undefined) return false;
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return false;
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item === "number" && !Number.isFinite(item)) return false;
      if (typeof item !== "object" || item === null) continue;
      if (Object.hasOwn(item, "__proto__")) return false;
      for (const member of Object.values(item)) next.push(member);
    }
    level = next;
  }
  return true;
}
