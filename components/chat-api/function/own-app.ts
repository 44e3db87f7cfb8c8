/** A team's own app in the place of ours: what it is given, and what the function runs. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type * as pulumi from "@pulumi/pulumi";
import type { Fault } from "../../fault.ts";
import type { PolicyStatement } from "../../iam.ts";
import type * as bundler from "./own-bundle.ts";

export interface OwnApp {
  /**
   * Module whose default export answers requests: a Hono app, or anything else with
   * `fetch(request, bindings)`: an absolute path or a `file:` URL, e.g. `new URL("./src/app.ts", import.meta.url)`.
   * esbuild, which your project must have, bundles it with everything that it imports whenever the program runs;
   * the same sources give the same bytes.
   */
  entry: string | URL;
  /**
   * Variables of the function beside those that the component sets: `TENANT`, `TENANT_STATE`, `TABLE_NAME`,
   * `BUCKET_NAME`, `USER_POOL_ID`, `USER_POOL_CLIENT_IDS`, `CORS_ORIGINS`. No secrets. Default none.
   */
  environment?: Readonly<Record<string, pulumi.Input<string>>>;
  /**
   * All that the app may do, beside writing its logs and traces and asking the `models`: exact actions on exact
   * ARNs, e.g. `table.grantReadWrite()`. It holds nothing of it while the tenant is suspended; while it is
   * off-boarding, refusing to write is up to the app. Default none.
   */
  permissions?: readonly PolicyStatement[];
  /** ARNs of versions of Lambda layers, at most five. Default none. */
  layers?: readonly pulumi.Input<string>[];
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
  /^(TENANT|TENANT_STATE|TABLE_NAME|BUCKET_NAME|HISTORY|OBJECT_LOCK|USER_POOL_ID|USER_POOL_CLIENT_IDS|CORS_ORIGINS|MODELS|TOKENS_PER_DAY|TOKENS_PER_MONTH|TZ|LAMBDA_.*|_HANDLER|_X_AMZN_TRACE_ID|AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|LAMBDA_.*|ACCESS_KEY.*|SECRET_ACCESS_KEY|SESSION_TOKEN|XRAY_.*))$/;

const mostLayers = 5;

export function* ownAppFaults({ entry, environment = {}, layers = [] }: OwnApp): Generator<Fault> {
  const path = entryPath(entry);
  if (!isAbsolute(path) || !existsSync(path))
    yield ["app.entry", path, "an absolute path or a file: URL of a module that exists"];
  for (const name of Object.keys(environment)) {
    if (taken.test(name)) yield ["app.environment", name, "names that nobody else sets"];
    if (!/^[a-zA-Z]\w+$/.test(name))
      yield ["app.environment", name, "letters, digits and _, a letter first, two at least"];
  }
  if (layers.length > mostLayers) yield ["app.layers", layers.length, `at most ${mostLayers}`];
}

/** Bundles the app and returns the folder of the function's code. */
export function ownBundle(entry: string | URL): string {
  // Loaded here alone: esbuild is needed by those who bring an app of their own.
  const { buildOwnBundle }: typeof bundler = createRequire(import.meta.url)(
    `./own-bundle${extname(import.meta.filename)}`,
  );
  return buildOwnBundle(entryPath(entry));
}

const entryPath = (entry: string | URL): string =>
  entry instanceof URL || entry.startsWith("file:") ? fileURLToPath(entry) : entry;
