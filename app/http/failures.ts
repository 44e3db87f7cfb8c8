import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { AppEnv } from "../context.ts";
import { routesAt } from "../contract/match.ts";
import { StoreError, type StoreErrorKind } from "../store/store-error.ts";
import { Overdue } from "./deadline.ts";
import { type FieldError, Problem, type ProblemKind } from "./problem.ts";

const retryAfterSeconds = 1;

/** Turns whatever was thrown into the problem that the client gets. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreError) return storeProblem(error.kind);
  if (error instanceof Overdue) return storeProblem("busy");
  if (error instanceof HTTPException) {
    if (error.status === 400) return new Problem("malformed-json");
    if (error.status === 415) {
      return new Problem("unsupported-media-type", { detail: "Send application/json." });
    }
  }
  return new Problem("internal");
}

function storeProblem(kind: StoreErrorKind): Problem {
  const problems = {
    "not-found": "not-found",
    "id-taken": "id-taken",
    "not-active": "not-active",
    stale: "precondition-failed",
    "key-reused": "idempotency-key-reused",
    full: "conversation-full",
    "too-many-pins": "too-many-pins",
    "unknown-position": "invalid-cursor",
    busy: "busy",
  } as const satisfies Record<StoreErrorKind, ProblemKind>;
  const headers = kind === "busy" ? { headers: { "retry-after": String(retryAfterSeconds) } } : {};
  return new Problem(problems[kind], headers);
}

const targets = {
  json: "body",
  form: "body",
  query: "query",
  param: "path",
  header: "header",
  cookie: "header",
} as const;

/** What a validation refused, of whichever copy of zod: a version of it is no matter. */
export interface Validated {
  readonly target: keyof typeof targets;
  readonly error: {
    readonly issues: readonly {
      readonly code?: string;
      readonly path: readonly PropertyKey[];
      readonly message: string;
      readonly keys?: readonly string[];
    }[];
  };
}

/** What a request's validation found, without the values that it refused. */
export function validationProblem(error: Validated["error"], target: Validated["target"]): Problem {
  const place = targets[target];
  const errors = error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === "unrecognized_keys" && issue.keys !== undefined) {
      return issue.keys.map((key) => ({
        in: place,
        pointer: pointerTo(place, [...issue.path, key.slice(0, 64)]),
        message: "is not a known field",
      }));
    }
    return [{ in: place, pointer: pointerTo(place, issue.path), message: issue.message }];
  });
  return new Problem("validation", { errors: errors.slice(0, 20) });
}

function pointerTo(place: FieldError["in"], path: readonly PropertyKey[]): string {
  if (place !== "body") return path.map(String).join(".");
  return path
    .map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

/** 405 with `Allow` where another method would be right, else 404. */
export function unrouted(c: Context<AppEnv>): Response {
  return refusalOf(routesAt(c.req.path).map(({ method }) => method.toUpperCase()));
}

/** @param methods that the path has a route for. */
export function refusalOf(methods: readonly string[]): Response {
  const allowed = methods.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  const problem =
    allowed.length > 0
      ? new Problem("method-not-allowed", { headers: { allow: allowed.join(", ") } })
      : new Problem("not-found");
  return problem.toResponse();
}
