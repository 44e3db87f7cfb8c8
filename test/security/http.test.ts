import { beforeAll, beforeEach, expect, it } from "vitest";
import { LocalTarget } from "./support/environment.ts";
import { exchange, type HeaderList } from "./support/http.ts";
import { headOf, hiddenIn, smuggled } from "./support/smuggled.ts";
import { raw, statusesIn } from "./support/socket.ts";
import { tried } from "./support/tried.ts";

const target = LocalTarget.forThisFile();

let url: string;
let base: string;
let auth: HeaderList;
let id: string;

beforeAll(async () => {
  ({ url } = target.tenant("acme"));
  base = new URL(url).pathname;
  auth = [["authorization", `Bearer ${await target.token("acme", "ada")}`]];
});
beforeEach(async () => {
  const headers: HeaderList = [...auth, ["content-type", "application/json"]];
  const { text } = await exchange("POST", `${url}/conversations`, headers, "{}");
  id = JSON.parse(text).id;
});

const conversation = () => exchange("GET", `${url}/conversations/${id}`, auth);
const token = () => auth[0]![1];
/** Must never be carried out where it stands in another request. */
const hidden = () => hiddenIn(`${base}/conversations/${id}`, token());

it("refuses every request that hides another, and reads on for no second one", async (context) => {
  const all = Object.entries(smuggled(base, hidden()));
  tried(context, all.length);
  await Promise.all(
    all.map(async ([name, bytes]) => {
      const statuses = statusesIn(await raw(url, bytes));
      expect([name, statuses.filter((status) => status < 400)]).toEqual([name, []]);
      expect([name, statuses.length]).toEqual([name, expect.toBeOneOf([0, 1])]);
    }),
  );
  expect((await conversation()).status).toBe(200);
  // And it would have been carried out, had it been seen.
  expect(statusesIn(await raw(url, hidden()))).toEqual([204]);
});

it("carries out what a body holds in no way", async (context) => {
  tried(context, 2);
  const body = hidden();
  const lines = [`Authorization: ${token()}`, "Connection: close"];
  const head = headOf(base);
  const sized = await raw(url, `${head(...lines, `Content-Length: ${body.length}`)}${body}`);
  const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
  const chunked = await raw(url, `${head(...lines, "Transfer-Encoding: chunked")}${chunks}`);
  expect([statusesIn(sized), statusesIn(chunked)]).toEqual([[400], [400]]);
  expect((await conversation()).status).toBe(200);
});

/** Other ways to write a path: none may lead past the authorizer. */
const paths = [
  "//me",
  "/./me",
  "/../me",
  "/%2e/me",
  "/%2e%2e/me",
  "/health/../me",
  "/health/%2e%2e/me",
]
  .concat([
    "/health%2f..%2fme",
    "/health;/me",
    "/health/..;/me",
    "/docs/../me",
    "/openapi.json/../me",
  ])
  .concat(["/health?/../me", "/health#/../me", "/HEALTH/../me", "/health\\..\\me", "/health%00/me"])
  .concat([
    "/docs/%2e%2e/%2e%2e/me",
    "/%6de",
    "/me%20",
    "/me;x=1",
    "/%c0%ae%c0%ae/me",
    "/health//../me",
  ]);

it("leads no path past the authorizer", async (context) => {
  const open = (await exchange("GET", `${url}/health`)).text;
  tried(context, paths.length * 2);
  for (const path of paths) {
    for (const prefix of [url, `${url}/admin/..`]) {
      const answer = await exchange("GET", `${prefix}${path}`);
      const isHealth = answer.status === 200 && answer.text === open;
      if (!isHealth)
        expect([path, answer.status]).toEqual([path, expect.toBeOneOf([401, 403, 404])]);
    }
  }
});

it("makes nobody an administrator who goes round", async (context) => {
  const admin = [
    "/x/../admin/audit",
    "//admin/audit",
    "/%61dmin/audit",
    "/admin%2faudit",
    "/./admin/audit",
  ]
    .concat(["/ADMIN/audit", "/admin/./audit", "/admin//audit", "/admin/audit/", "/admin;/audit"])
    .concat([
      "/me/..%2fadmin/audit",
      "/%2561dmin/audit",
      "/admin/%2e/audit",
      "/conversations/../admin/audit",
    ]);
  tried(context, admin.length);
  for (const path of admin) {
    const { status } = await exchange("GET", `${url}${path}?month=2026-11`, auth);
    expect([path, status]).toEqual([path, expect.toBeOneOf([400, 403, 404])]);
  }
});

it("takes a method from the request line alone", async (context) => {
  const names = ["x-http-method-override", "x-http-method", "x-method-override", "_method"];
  tried(context, names.length * 2 + 6);
  for (const name of names) {
    await exchange("POST", `${url}/conversations/${id}`, [...auth, [name, "DELETE"]]);
    await exchange("GET", `${url}/conversations/${id}?_method=DELETE`, [...auth, [name, "DELETE"]]);
  }
  const one = `${url}/conversations/${id}`;
  expect((await exchange("HEAD", one, auth)).text).toBe("");
  expect((await exchange("HEAD", one)).status).toBe(401);
  const trace = await exchange("TRACE", one, [...auth, ["x-secret", "echo"]]);
  expect([trace.status, trace.text.includes("echo")]).toEqual([404, false]);
  expect((await exchange("PROPFIND", one, auth)).status).toBe(404);
  expect(statusesIn(await raw(url, `CONNECT ${base}/me:443 HTTP/1.1\r\nHost: x\r\n\r\n`))).toEqual(
    [],
  );
  const old = await raw(url, `GET ${base}/me HTTP/1.0\r\n\r\n`);
  expect(statusesIn(old)).toEqual([401]);
  expect((await conversation()).status).toBe(200);
});

it("believes no address but its own", async (context) => {
  const hosts = [
    "evil.example",
    "127.0.0.1@evil.example",
    "x?limit=0",
    "x#y",
    "x/../y",
    "[::1",
    "a b",
    "\u00e9",
  ];
  const absolute = `GET http://evil.example${base}/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
  tried(context, hosts.length + 1);
  for (const host of hosts) {
    const lines = [`Host: ${host}`, `Authorization: ${token()}`, "Connection: close"];
    const answer = await raw(
      url,
      `GET ${base}/conversations HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`,
    );
    expect([host, statusesIn(answer)]).toEqual([host, [expect.toBeOneOf([200, 400])]]);
    expect(answer).not.toContain("evil.example");
  }
  expect(statusesIn(await raw(url, absolute))).toEqual([expect.toBeOneOf([401, 404])]);
});

it("answers headers and parameters of any name as if they were not there", async (context) => {
  const names = [
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "prototype",
    "length",
    "then",
  ];
  tried(context, names.length * 2);
  for (const name of names) {
    expect([name, (await exchange("GET", `${url}/me`, [...auth, [name, "x"]])).status]).toEqual([
      name,
      200,
    ]);
    const listed = await exchange("GET", `${url}/conversations?${name}=x`, auth);
    expect([name, listed.status]).toEqual([name, 400]);
  }
});

it("sent every failure to whoever runs it, and there was none", () => {
  expect(target.told.filter((message) => message.includes("see "))).toEqual([]);
});
