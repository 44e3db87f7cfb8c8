/** A team's own app in the place of ours: what it is given, and what the function runs. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type * as pulumi from "@pulumi/pulumi";
import type { TableAccess } from "../../chat-table/table-access.ts";
import type { BucketAccess } from "../../document-bucket/bucket-access.ts";
import { type Fault, within } from "../../fault.ts";
import type { PolicyStatement } from "../../iam.ts";
import type { EventQueue } from "../events/event-queue.ts";
import { type EventSources, eventFaults, type FunctionBounds } from "../events/event-sources.ts";
import type * as bundler from "./own-bundle.ts";

export interface OwnApp {
  /**
   * Module whose default export answers requests: a Hono app, or anything else with `fetch(request,
   * bindings)`. To extend our app, export what `createApp` of `chatstack/app` returns. An absolute path or
   * a `file:` URL, e.g. `new URL("./src/app.ts", import.meta.url)`. esbuild, which your project must have,
   * bundles it with everything that it imports whenever the program runs. The same sources give the same
   * bytes.
   */
  entry: string | URL;
  /**
   * `"chat-app"`: the entry extends the app of this package, and has its variables, its permissions,
   * `history` and `maintenance`. Default `"nothing"`: the app is your own.
   */
  extends?: "chat-app" | "nothing";
  /**
   * Additional variables of the function. The component sets `TENANT`, `TENANT_STATE`, `TABLE_NAME`,
   * `BUCKET_NAME`, `USER_POOL_ID`, `USER_POOL_CLIENT_IDS`, `CORS_ORIGINS` and `EVENT_QUEUES`. Put no
   * secrets here. Default none.
   */
  environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * Permissions of the app: exact actions on exact ARNs, e.g. `table.grantReadWrite()`, or a function of
   * the API's table and bucket that returns them. The app may also write its logs and traces, call the
   * `models`, receive from its own queues, and, if it extends the chat app, do what that may do. To send to
   * a queue it needs `queues.jobs.grantSend()`. While the tenant is suspended the app has no permissions.
   * While it is off-boarding it keeps them: an app that does not extend the chat app must refuse writes
   * itself. Default none.
   */
  permissions?: readonly PolicyStatement[] | ((data: OwnData) => readonly PolicyStatement[]);
  /**
   * Queues and schedules that invoke the app beside requests: `EventSources.of<typeof app>({ … })`, which takes a source
   * for each handler of the app and no other. They stop while the tenant is suspended. Default none.
   */
  events?: EventSources;
  /** ARNs of versions of Lambda layers, at most five. Default none. */
  layers?: readonly pulumi.Input<string>[];
}

/** Where the API keeps its tenant's data. */
export interface OwnData {
  readonly table: TableAccess;
  readonly documents: BucketAccess;
  /** By their names in `events`. */
  readonly queues: Readonly<Record<string, EventQueue>>;
}

/** What an own app's `fetch` gets as its second argument; Hono has it in `c.env`. */
export interface AppBindings {
  /** Claims of the access token, verified by the gateway's authorizer; absent on public routes. */
  readonly claims?: Readonly<Record<string, string>>;
  readonly requestId?: string;
  /** Epoch milliseconds at which the process may be stopped, answered or not. */
  readonly deadline?: number;
}

/** Variables that the component sets, or that Lambda keeps for itself (AWS Lambda Developer Guide). */
const taken =
  /^(TENANT|TENANT_STATE|TABLE_NAME|BUCKET_NAME|HISTORY|OBJECT_LOCK|USER_POOL_ID|USER_POOL_CLIENT_IDS|CORS_ORIGINS|MODELS|MODEL_LIMITS|GUARDRAILS|EVENT_QUEUES|TOKENS_PER_DAY|TOKENS_PER_MONTH|TZ|LAMBDA_.*|_HANDLER|_X_AMZN_TRACE_ID|AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|LAMBDA_.*|ACCESS_KEY.*|SECRET_ACCESS_KEY|SESSION_TOKEN|XRAY_.*))$/;

const mostLayers = 5;

export function* ownAppFaults(
  { entry, environment = {}, layers = [], events }: OwnApp,
  bounds: FunctionBounds,
): Generator<Fault> {
  const path = entryPath(entry);
  if (!isAbsolute(path) || !existsSync(path))
    yield ["app.entry", path, "an absolute path or a file: URL of a module that exists"];
  for (const name of Object.keys(environment)) {
    if (taken.test(name)) yield ["app.environment", name, "names that nobody else sets"];
    if (!/^[a-zA-Z]\w+$/.test(name))
      yield ["app.environment", name, "letters, digits and _, a letter first, two at least"];
  }
  if (layers.length > mostLayers) yield ["app.layers", layers.length, `at most ${mostLayers}`];
  if (events) yield* within("app.events", eventFaults(events, bounds));
}

/** Whether an API's app is ours, extended or as it is. */
export const isOurs = (app: OwnApp | undefined): boolean =>
  app === undefined || app.extends === "chat-app";

/** What the app may do of its own. */
export const ownPermissions = (
  { permissions = [] }: OwnApp,
  data: OwnData,
): readonly PolicyStatement[] =>
  typeof permissions === "function" ? permissions(data) : permissions;

/** Bundles the app and returns the folder of the function's code. */
export function ownBundle(app: OwnApp): string {
  // Loaded here alone: esbuild is needed by those who bring an app of their own.
  const { buildOwnBundle }: typeof bundler = createRequire(import.meta.url)(
    `./own-bundle${extname(import.meta.filename)}`,
  );
  return buildOwnBundle(entryPath(app.entry), isOurs(app) ? "chat-app" : "nothing");
}

const entryPath = (entry: string | URL): string =>
  entry instanceof URL || entry.startsWith("file:") ? fileURLToPath(entry) : entry;
