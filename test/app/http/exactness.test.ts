import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contract } from "../../../app/contract/index.ts";
import { InexactNumber, parseExactly } from "../../../app/http/exact-json.ts";
import { generateOpenApiJson } from "../../../app/openapi/openapi.ts";
import { claimsOf, randomKey, TestApi } from "../../../testing/app/api.ts";

const api = TestApi.forThisFile();
const document = JSON.parse(generateOpenApiJson());
const json = { "content-type": "application/json" };

/** A path of the contract with something in every parameter. */
const pathOf = (path: string) => path.replaceAll(/\{\w+\}/g, "x1");

const withBody = contract.flatMap(({ method, path, operationId }) => {
  const { requestBody } = document.paths[path][method];
  return requestBody === undefined ? [] : [{ method, path, operationId, requestBody }];
});

describe.each(withBody)("$operationId", ({ method, path, requestBody }) => {
  it("refuses an absent body, unless its contract does without", async () => {
    const user = api.as(randomKey(), { "cognito:groups": "admins" });
    const sent = await user.send(method.toUpperCase(), pathOf(path));
    if (requestBody.required) expect(sent.body).toMatchObject({ status: 415 });
    else expect(sent.status).toBeLessThan(300);
    const empty = await user.send(method.toUpperCase(), pathOf(path), { body: "", headers: json });
    expect(empty.status).toBe(400);
  });

  it("refuses bytes that are not UTF-8", async () => {
    const type = Object.keys(requestBody.content)[0]!;
    const response = await api.app.request(
      pathOf(path),
      {
        method: method.toUpperCase(),
        headers: { "content-type": type },
        body: Buffer.from('{"title":"\xff"}', "latin1"),
      },
      { claims: claimsOf("someone") },
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: "urn:chatstack:problem:malformed-json" });
  });
});

describe.each(withBody)("$operationId", ({ method, path, requestBody }) => {
  const [type] = Object.keys(requestBody.content) as [string];
  const send = (headers: Record<string, string | undefined>) =>
    api.as(randomKey()).send(method.toUpperCase(), pathOf(path), {
      body: "{}",
      headers: JSON.parse(JSON.stringify(headers)),
    });

  it.each([
    { "content-type": type, "content-encoding": "gzip" },
    { "content-type": type, "content-encoding": "identity, br" },
    { "content-type": `${type}; charset=iso-8859-1` },
    { "content-type": `${type};profile=x; Charset="utf-16"` },
  ])("reads no other coding or charset: %o", async (headers) => {
    const answer = await send(headers);
    expect(answer.status).toBe(415);
    expect(answer.body).toMatchObject({
      type: "urn:chatstack:problem:unsupported-media-type",
      detail: expect.stringMatching(/Content-Encoding|UTF-8/),
    });
  });

  it.each([
    { "content-type": type, "content-encoding": "Identity" },
    { "content-type": `${type}; charset=UTF-8` },
    { "content-type": `${type}; charset="utf-8"` },
  ])("reads plain UTF-8, however it is said: %o", async (headers) => {
    expect((await send(headers)).status).not.toBe(415);
  });
});

it("changes nothing for a PUT without a body", async () => {
  const user = api.as(randomKey());
  const profile = { name: "Ada", email: null, preferences: { theme: "dark" } };
  await user.put("/me", profile);
  await user.put("/me/sessions/phone", { data: { a: 1 } });
  expect((await user.send("PUT", "/me")).status).toBe(415);
  expect((await user.send("PUT", "/me/sessions/phone")).status).toBe(415);
  expect((await user.get("/me")).body).toMatchObject(profile);
  expect((await user.get("/me/sessions/phone")).body.data).toEqual({ a: 1 });
});

const inexact = [
  "12345678901234567890",
  "0.1e400",
  "-0",
  "-0.0",
  "1e-400",
  "9007199254740993",
  "0.12345678901234567890",
];
const exact = [
  "0",
  "1",
  "-1",
  "1.50",
  "1e3",
  "1E+2",
  "9007199254740991",
  "1e21",
  "0.1",
  "123456789012345",
  "5e-324",
];

it.each(inexact)("refuses the number %s in whatever JSON it keeps", async (number) => {
  const user = api.as(randomKey());
  const put = (path: string, body: string) => user.send("PUT", path, { body, headers: json });
  for (const sent of [
    await put("/me/state/x", `{"value":[{"a":${number}}]}`),
    await put("/me/sessions/x", `{"data":${number}}`),
    await put("/me", `{"preferences":{"n":${number}}}`),
  ]) {
    expect(sent.body).toMatchObject({ status: 400, errors: [{ in: "body" }] });
  }
  const line = `{"kind":"state","name":"x","value":${number}}`;
  const headers = { "content-type": "application/x-ndjson" };
  const report = (await user.send("POST", "/import", { body: line, headers })).text;
  expect(JSON.parse(report.split("\n")[0]!)).toMatchObject({ outcome: "refused" });
  expect((await user.get("/me/state/x")).status).toBe(404);
});

it("gives other numbers, and text that looks like them, back as they were sent", async () => {
  const user = api.as(randomKey());
  const texts = [...inexact, "say, -0", '\\" 12345678901234567890', "\\\\"].map(
    (text) => `"${text}"`,
  );
  const body = `{"value":[${[...exact, ...texts].join(", ")}]}`;
  const put = await user.send("PUT", "/me/state/x", { body, headers: json });
  expect([put.status, put.body.value]).toEqual([200, JSON.parse(body).value]);
  expect((await user.get("/me/state/x")).body.value).toEqual(JSON.parse(body).value);
});

it("takes exactly the numbers whose decimal value survives", () => {
  const decimal = fc
    .tuple(fc.boolean(), fc.stringMatching(/^(0|[1-9]\d{0,20})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/))
    .map(([isNegative, digits]) => `${isNegative ? "-" : ""}${digits}`);
  fc.assert(
    fc.property(decimal, (source) => {
      const value = JSON.parse(source);
      // With as many digits as were sent, what comes back reads the same, or it is another number.
      const isExact =
        Number.isFinite(value) &&
        !Object.is(value, -0) &&
        rational(source) === rational(String(value));
      const taken = () => parseExactly(`{"a":[${source}]}`);
      if (isExact) expect(taken()).toEqual({ a: [value] });
      else expect(taken).toThrow(InexactNumber);
    }),
    { numRuns: 500 },
  );
});

/** An exact value as a fraction of big integers, in its lowest terms by powers of ten. */
function rational(source: string): string {
  const [mantissa = "", exponent = "0"] = source.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  let digits = BigInt(whole + fraction);
  let power = Number(exponent) - fraction.length;
  while (digits !== 0n && digits % 10n === 0n) {
    digits /= 10n;
    power++;
  }
  return digits === 0n ? "0" : `${digits}e${power}`;
}

it.each([
  "0x10",
  "1e1",
  "+5",
  " 5",
  "5.0",
  "05",
  "",
  "٥",
  "Infinity",
  "5_0",
])("refuses %j where a whole number is asked for", async (text) => {
  const user = api.as("alice", { "cognito:groups": "admins" });
  const id = await user.conversation();
  const numeric = contract.flatMap(({ method, path }) => {
    const parameters: { name: string; in: string; schema: { type?: string } }[] =
      document.paths[path][method].parameters ?? [];
    return parameters
      .filter((parameter) => parameter.in === "query" && parameter.schema.type === "integer")
      .map(({ name }) => ({ path: path.replace("{id}", id).replace("{user}", "alice"), name }));
  });
  expect(numeric.length).toBeGreaterThan(8);
  for (const { path, name } of numeric) {
    const answer = await user.get(`${path}?${name}=${encodeURIComponent(text)}`);
    expect([path, answer.status]).toEqual([path, 400]);
    const ofIt = expect.objectContaining({ in: "query", pointer: name });
    expect(answer.body.errors).toContainEqual(ofIt);
  }
});

it("refuses names of nothing but white space and invisible characters", async () => {
  const user = api.as(randomKey());
  const id = await user.conversation();
  for (const blank of ["", " \t\n", "\u3000\u00a0", "\u200b\u00ad", "\u0001"]) {
    const answers = [
      await user.post("/conversations", { title: blank }),
      await user.put(`/conversations/${id}`, { title: blank }),
      await user.patch(`/conversations/${id}`, { title: blank }),
      await user.put("/me", { name: blank }),
      await user.post("/documents", { name: blank, type: "text/plain", size: 1 }),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
  }
});

it("refuses a lone surrogate wherever a text is kept, and keeps it in what is any JSON", async () => {
  const user = api.as(randomKey());
  const id = await user.conversation();
  const lone = "https://example.org/\\ud800";
  const send = (method: string, path: string, body: string) =>
    user.send(method, path, { body, headers: json });
  const message = (field: string) => `{"role":"assistant","content":"x",${field}}`;
  const answers = [
    await send("POST", "/conversations", `{"title":"${lone}"}`),
    await send("PUT", "/me", `{"name":"${lone}"}`),
    await send("POST", "/documents", `{"name":"${lone}","type":"text/plain","size":1}`),
    ...(await Promise.all(
      [
        `"errorMessage":"${lone}"`,
        ...["title", "url", "source", "quote"].map((name) => `"citations":[{"${name}":"${lone}"}]`),
      ].map((field) => send("POST", `/conversations/${id}/messages`, message(field))),
    )),
  ];
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 400));
  const kept = await send("PUT", "/me/state/x", `{"value":{"${lone}":"${lone}"}}`);
  const value = JSON.parse(`{"${lone}":"${lone}"}`);
  expect([kept.body.value, (await user.get("/me/state/x")).body.value]).toEqual([value, value]);
});
