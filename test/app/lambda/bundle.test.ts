import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { buildLambdaBundle } from "../../../app/bundle/bundle.ts";
import { bundleFiles } from "../../../app/bundle/bundle-files.ts";
import { readEnvironment } from "../../../app/lambda/environment.ts";
import { generateOpenApiJson } from "../../../app/openapi/openapi.ts";
import { claimsOf } from "../../../testing/app/api.ts";
import { extendedBundle } from "../../../testing/app/extended.ts";
import { pdfOf } from "../../../testing/app/pdf.ts";

const environment = {
  TENANT: "acme",
  TABLE_NAME: "table",
  BUCKET_NAME: "bucket",
  USER_POOL_ID: "us-east-1_TestPool1",
  USER_POOL_CLIENT_IDS: "client-a, client-b",
};

it("builds to identical bytes, twice", () => {
  const [first, second] = [bundleFiles(), bundleFiles()];
  expect([...second.keys()]).toEqual([...first.keys()]);
  for (const [name, bytes] of first)
    expect(Buffer.from(bytes).equals(second.get(name)!)).toBe(true);
});

it("writes what starts small, and nothing of this machine or of builds before", () => {
  const folder = buildLambdaBundle();
  expect(readdirSync(folder).toSorted()).toEqual([...bundleFiles().keys()].toSorted());
  expect(startBytes(folder, "index.mjs")).toBeLessThan(700 * 1024);
});

it("is built once from the same sources, and again once a source or a file of it has changed", () => {
  const root = resolve(import.meta.dirname, "../../..");
  const copy = mkdtempSync(join(tmpdir(), "chatstack-bundle-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  for (const name of ["app", "package.json", "tsconfig.json"]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  const code = `
    import { createRequire } from "node:module";
    const { buildLambdaBundle } = await import("./app/bundle/bundle.ts");
    const folder = buildLambdaBundle();
    const isLoaded = Object.keys(createRequire(folder).cache).some((path) => path.includes("esbuild"));
    process.stdout.write(isLoaded ? "built" : "as it was");
  `;
  const build = () =>
    execFileSync(process.execPath, ["--input-type=module", "-e", code], { cwd: copy }).toString();
  const bundled = join(copy, "dist/lambda/index.mjs");

  expect(build()).toBe("built");
  const first = readFileSync(bundled, "utf8");
  expect(build()).toBe("as it was");

  appendFileSync(bundled, "// not from the sources\n");
  expect(build()).toBe("built");
  expect(readFileSync(bundled, "utf8")).toBe(first);

  appendFileSync(join(copy, "app/lambda/lambda.ts"), 'console.log("a new line");\n');
  expect(build()).toBe("built");
  expect(readFileSync(bundled, "utf8")).toContain("a new line");
});

/** Bytes that a file loads at once: itself, and what it imports other than dynamically. */
function startBytes(folder: string, file: string, seen = new Set<string>()): number {
  if (seen.has(file)) return 0;
  seen.add(file);
  const code = readFileSync(join(folder, file), "utf8");
  const imports = code.matchAll(/(?:from|import)"\.\/([\w.-]+\.mjs)"/g);
  return [...imports].reduce(
    (sum, [, name = ""]) => sum + startBytes(folder, name, seen),
    Buffer.byteLength(code),
  );
}

describe.each([
  ["the app's", buildLambdaBundle],
  ["that of an app that extends it", extendedBundle],
])("%s bundle", (_, bundle) => {
  it("loads what reads PDFs and talks to S3 only when it is needed", () => {
    const start = readFileSync(join(bundle(), "index.mjs"), "utf8");
    expect(start).not.toMatch(/getDocumentProxy|ListObjectsV2/);
  });

  it("holds nothing of this machine, nor what never runs on Lambda", () => {
    const folder = bundle();
    for (const name of readdirSync(folder)) {
      const code = readFileSync(join(folder, name), "utf8");
      expect(code).not.toContain(process.cwd());
      expect(code).not.toMatch(/AWS SSO|credential_process/);
    }
  });

  it("reads a PDF in a fresh process with nothing but the bundle", () => {
    const folder = bundle();
    const file = readdirSync(folder).find((name) => /^pdf-(?!worker)[\w-]+\.mjs$/.test(name));
    const code = `
    const { readPdf } = await import(${JSON.stringify(join(folder, file!))});
    const bytes = Buffer.from("${pdfOf(["read by the bundle"]).toString("base64")}", "base64");
    process.stdout.write(JSON.stringify(await readPdf(bytes)));
  `;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: "/",
    });
    expect(JSON.parse(output.toString())).toEqual({ pages: ["read by the bundle"], isPaged: true });
  });

  it("answers in a fresh process with nothing but its environment, the OpenAPI document included", () => {
    const event = {
      httpMethod: "GET",
      path: "/openapi.json",
      headers: {},
      requestContext: { requestId: "1", authorizer: { claims: claimsOf("alice") } },
    };
    const code = `
    const { handler } = await import(${JSON.stringify(join(bundle(), "index.mjs"))});
    process.stdout.write("ANSWER" + JSON.stringify(await handler(${JSON.stringify(event)})));
  `;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
      env: { ...environment, AWS_REGION: "us-east-1" },
      cwd: "/",
    }).toString();
    const answer = JSON.parse(output.slice(output.indexOf("ANSWER") + "ANSWER".length));
    expect(answer.statusCode).toBe(200);
    const { paths } = JSON.parse(answer.body);
    expect(paths).toMatchObject(JSON.parse(generateOpenApiJson()).paths);
  });
});

it("reads its environment, and names what is missing without repeating what is there", () => {
  expect(readEnvironment(environment).USER_POOL_CLIENT_IDS).toEqual(["client-a", "client-b"]);
  expect(() => readEnvironment({ ...environment, TABLE_NAME: "", TENANT: undefined })).toThrow(
    "environment: TENANT, TABLE_NAME must be set and not empty",
  );
  expect(readEnvironment({ ...environment, HISTORY: "s3" }).HISTORY).toBe("s3");
  expect(readEnvironment(environment).HISTORY).toBe("dynamodb");
  expect(() => readEnvironment({ ...environment, HISTORY: "oracle" })).toThrow(
    "environment: HISTORY must be valid",
  );
});
