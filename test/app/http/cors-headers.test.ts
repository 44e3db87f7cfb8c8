import { expect, it } from "vitest";
import { withOrigins } from "../../../app/http/cors.ts";
import { headerNames } from "../../../app/openapi/header-names.ts";
import { generateOpenApiJson } from "../../../app/openapi/openapi.ts";
import { gatewayResponses } from "../../../components/chat-api/gateway-responses.ts";
import { TestApi } from "../../../testing/app/api.ts";

const api = TestApi.forThisFile();
const origin = "https://app.acme.example";

interface Operation {
  readonly parameters?: readonly { readonly in: string; readonly name: string }[];
  readonly responses: Record<string, { readonly headers?: object; readonly $ref?: string }>;
}
const document: {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly responses: Record<string, { readonly headers?: object }> };
} = JSON.parse(generateOpenApiJson());
const operations = Object.values(document.paths).flatMap((path) => Object.values(path));

const listed = (value: string | null) =>
  new Set((value ?? "").split(",").map((name) => name.trim().toLowerCase()));

it("lets a page send every header that a route reads", async () => {
  const answer = await withOrigins(api.app, [origin], headerNames()).fetch(
    new Request("https://host/conversations", {
      method: "OPTIONS",
      headers: { origin, "access-control-request-method": "POST" },
    }),
    {},
  );
  const allowed = listed(answer.headers.get("access-control-allow-headers"));
  const read = operations
    .flatMap(({ parameters = [] }) => parameters)
    .filter((parameter) => parameter.in === "header")
    .map(({ name }) => name.toLowerCase());
  // The `openai` package sends nine of its own with each request.
  expect(new Set(read.filter((name) => !name.startsWith("x-stainless-")))).toEqual(
    new Set(["idempotency-key", "if-match", "if-none-match", "last-event-id"]),
  );
  expect(allowed).toEqual(new Set([...read, "authorization", "content-type", "x-api-key"]));
});

it("lets a page read every header that an answer carries, problems included", async () => {
  const answer = await withOrigins(api.app, [origin], headerNames()).fetch(
    new Request("https://host/health", { headers: { origin } }),
    {},
  );
  const exposed = listed(answer.headers.get("access-control-expose-headers"));
  const carried = [
    ...operations.flatMap(({ responses }) => Object.values(responses)),
    ...Object.values(document.components.responses),
  ].flatMap(({ headers = {} }) => Object.keys(headers).map((name) => name.toLowerCase()));
  for (const name of ["etag", "location", "retry-after", "www-authenticate"])
    expect(carried).toContain(name);
  // A REST API renames the 401's header, whatever the contract says.
  expect(exposed).toEqual(new Set([...carried, "x-amzn-remapped-www-authenticate"]));
});

it("lets a page read every header that the gateway's own answers carry", () => {
  const bare = gatewayResponses([]).flatMap(({ headers = {} }) => Object.keys(headers));
  expect(bare.length).toBeGreaterThan(0);
  for (const { headers = {} } of gatewayResponses([origin])) {
    const exposed = headers["gatewayresponse.header.Access-Control-Expose-Headers"];
    for (const name of bare) expect(exposed).toContain(name.replace("gatewayresponse.header.", ""));
  }
});
