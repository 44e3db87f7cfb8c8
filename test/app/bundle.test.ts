import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildLambdaBundle, bundleBytes } from "../../app/bundle.ts";
import { readEnvironment } from "../../app/environment.ts";
import { generateOpenApiJson } from "../../app/openapi.ts";
import { claimsOf } from "../support/api.ts";

const environment = {
  TENANT: "acme",
  TABLE_NAME: "table",
  BUCKET_NAME: "bucket",
  USER_POOL_ID: "us-east-1_TestPool1",
  USER_POOL_CLIENT_IDS: "client-a, client-b",
};

it("builds to identical bytes, twice", () => {
  expect(Buffer.from(bundleBytes()).equals(bundleBytes())).toBe(true);
});

it("writes one file, small, without anything of this machine in it", () => {
  const folder = buildLambdaBundle();
  expect(readdirSync(folder)).toEqual(["index.mjs"]);
  const code = readFileSync(join(folder, "index.mjs"), "utf8");
  expect(code.length).toBeLessThan(700 * 1000);
  expect(code).not.toContain(process.cwd());
  expect(code).not.toMatch(/AWS SSO|credential_process/);
});

it("answers in a fresh process with nothing but its environment, the OpenAPI document included", () => {
  const event = {
    httpMethod: "GET",
    path: "/openapi.json",
    headers: {},
    requestContext: { requestId: "1", authorizer: { claims: claimsOf("alice") } },
  };
  const code = `
    const { handler } = await import(${JSON.stringify(join(buildLambdaBundle(), "index.mjs"))});
    process.stdout.write("ANSWER" + JSON.stringify(await handler(${JSON.stringify(event)})));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
    env: { ...environment, AWS_REGION: "us-east-1" },
    cwd: "/",
  }).toString();
  const answer = JSON.parse(output.slice(output.indexOf("ANSWER") + "ANSWER".length));
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toBe(generateOpenApiJson());
});

it("reads its environment, and names what is missing without repeating what is there", () => {
  expect(readEnvironment(environment).USER_POOL_CLIENT_IDS).toEqual(["client-a", "client-b"]);
  expect(() => readEnvironment({ ...environment, TABLE_NAME: "", TENANT: undefined })).toThrow(
    "environment: TENANT, TABLE_NAME must be set and not empty",
  );
});
