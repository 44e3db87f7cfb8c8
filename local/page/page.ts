/** The chat page that the local gateway serves at `/`: the example, with a configuration of this machine. */
import { timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import type { Tenant } from "../deployment.ts";

const source = join(import.meta.dirname, "../../examples/chat-page");

/** What a browser is sent, by path. */
export type PageFiles = ReadonlyMap<string, { readonly type: string; readonly body: string }>;

/** Bundles the example as its own build does, with the client of this repository. */
export async function buildPage(): Promise<PageFiles> {
  const { outputFiles } = await build({
    absWorkingDir: source,
    entryPoints: [
      { in: "src/main.tsx", out: "chat" },
      { in: "src/chat.css", out: "chat" },
    ],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    define: { global: "globalThis" },
    alias: { "chatstack/client": join(import.meta.dirname, "../../client/index.ts") },
    legalComments: "none",
    outdir: "dist",
    write: false,
  });
  const html = { type: "text/html", body: readFileSync(join(source, "index.html"), "utf8") };
  return new Map([
    ["/", html],
    ...outputFiles.map(({ path, text }) => {
      const type = path.endsWith(".css") ? "text/css" : "text/javascript";
      return [path.endsWith(".css") ? "/chat.css" : "/chat.js", { type, body: text }] as const;
    }),
  ]);
}

export interface PageOptions {
  readonly files: PageFiles;
  /** Where the gateway listens. */
  readonly origin: string;
  /** What a request for the test users carries. */
  readonly key: string;
  readonly tenants: readonly Omit<Tenant, "region">[];
  readonly cognitoEndpoint: string;
  readonly s3Endpoint: string;
}

const testUsersPath = "/test-users.json";
const keyHeader = "x-page-key";

/**
 * Answers the page's requests, and hands every other on. Its configuration and the test users' passwords
 * are for this page alone: no other origin may read them, and a request under another host name is refused,
 * lest a page of the internet has its own name lead here (DNS rebinding). The passwords are for whoever
 * knows the key, which stands in the address that the start prints: not for other users of the machine.
 */
export function servePage(options: PageOptions, next: RequestListener): RequestListener {
  const { files, origin, key, tenants, cognitoEndpoint, s3Endpoint } = options;
  const json = (body: object) => ({ type: "application/json", body: JSON.stringify(body) });
  const served: PageFiles = new Map([
    ...files,
    [
      "/config.json",
      json({
        tenants: tenants.map(({ id, url, userPoolId, clientId, callbackUrls }) => {
          const redirectUri = callbackUrls.find((address) => leadsHere(address, origin));
          const login = { url: `${cognitoEndpoint}/${userPoolId}`, redirectUri };
          return { id, url, userPoolId, clientId, ...(redirectUri !== undefined && { login }) };
        }),
        cognitoEndpoint,
        testUsers: testUsersPath.slice(1),
      }),
    ],
    [
      testUsersPath,
      json(
        Object.fromEntries(
          tenants.map(({ id, users }) => [
            id,
            users.map(({ username, password, groups }) => ({ username, password, groups })),
          ]),
        ),
      ),
    ],
  ]);
  const headers = headersFor([cognitoEndpoint, s3Endpoint]);
  return (request, response) => {
    const [path = "/"] = (request.url ?? "/").split("?");
    const file = served.get(path);
    if (file === undefined) return next(request, response);
    const refusal =
      refusalOf(request, origin) ?? (path === testUsersPath ? keyRefusal(request, key) : undefined);
    if (refusal !== undefined) return refuse(response, refusal);
    if (request.headers.host !== new URL(origin).host) {
      response.writeHead(307, { location: `${origin}${request.url ?? path}` });
      response.end();
      return;
    }
    response.writeHead(200, { ...headers, "content-type": `${file.type}; charset=utf-8` });
    response.end(request.method === "HEAD" ? undefined : file.body);
  };
}

/** Cognito allows plain HTTP for the name `localhost` only, which leads to the page's own address. */
function leadsHere(address: string, origin: string): boolean {
  const { port } = new URL(origin);
  return [`${origin}/`, `http://localhost:${port}/`].includes(address);
}

interface PageRefusal {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
}

function refusalOf({ method, headers }: IncomingMessage, origin: string): PageRefusal | undefined {
  if (method !== "GET" && method !== "HEAD") {
    const detail = `found ${method}; allowed: GET, HEAD`;
    return { status: 405, title: "Method Not Allowed", detail };
  }
  const { host, port } = new URL(origin);
  const allowed = [host, `localhost:${port}`];
  if (allowed.includes(headers.host ?? "")) return undefined;
  const detail = `found the host name "${headers.host}"; allowed: ${allowed.join(", ")}`;
  return { status: 421, title: "Misdirected Request", detail };
}

function keyRefusal({ headers }: IncomingMessage, key: string): PageRefusal | undefined {
  const given = Buffer.from(String(headers[keyHeader] ?? ""));
  const wanted = Buffer.from(key);
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return undefined;
  const detail = "open the address that `chatstack start` prints, or run `chatstack open`";
  return { status: 403, title: "Forbidden", detail };
}

function refuse(response: ServerResponse, { status, title, detail }: PageRefusal): void {
  response.writeHead(status, { "content-type": "application/problem+json" });
  response.end(JSON.stringify({ type: "about:blank", title, status, detail }));
}

/** Only what came with the page runs, and it asks nobody but the tenants' services. */
function headersFor(endpoints: readonly string[]) {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src data:",
    `connect-src 'self' ${endpoints.map((endpoint) => new URL(endpoint).origin).join(" ")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  };
}
