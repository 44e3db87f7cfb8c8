/** What an emulator that is not ours is spared, and how it is spoken to. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { needsPathStyle, ownEndpoint } from "../../app/objects/path-style.ts";
import { s3Client } from "../../app/objects/s3.ts";
import { bucketSettings } from "../../local/provider/bucket-settings.ts";
import { connect, localCredentials } from "../../local/provider/clients.ts";
import { LocalProvider, type Provisioned } from "../../local/provider/provider.ts";

const tlsOnly = { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } };
const logs = { Effect: "Allow", Action: ["s3:PutObject"] };

/** The statements that are put on a bucket, and what is reported as left out. */
async function putPolicy(isPlainS3: boolean, Statement: readonly object[]) {
  const sent: unknown[] = [];
  const omitted: string[] = [];
  const endpoint = "http://127.0.0.1:1";
  const clients = connect({ dynamodb: endpoint, s3: endpoint, cognito: endpoint }, "us-east-1");
  clients.s3.middlewareStack.add(
    () => async (args) => {
      const { Policy } = args.input as { Policy: string };
      sent.push(JSON.parse(Policy).Statement);
      return { response: {}, output: { $metadata: {} } };
    },
    { step: "initialize" },
  );
  const provision = bucketSettings["aws:s3/bucketPolicy:BucketPolicy"];
  const { action } = await provision!({
    inputs: { bucket: "documents", policy: JSON.stringify({ Statement }) },
    adopts: undefined,
    physicalName: "documents",
    clients,
    isPlainS3,
    optional: async (_, run) => (await run()) !== undefined,
    omit: (input) => omitted.push(input),
  });
  return { action, sent, omitted };
}

test("a policy that asks for TLS is left out without TLS, and the rest of it is put", async () => {
  expect(await putPolicy(true, [tlsOnly, logs])).toEqual({
    action: "created",
    sent: [[logs]],
    omitted: ["policy (TLS only)"],
  });
  expect(await putPolicy(true, [tlsOnly])).toMatchObject({ action: "absent", sent: [] });
  expect(await putPolicy(false, [tlsOnly])).toMatchObject({ sent: [[tlsOnly]], omitted: [] });
});

test.each([
  ["http://localhost:9000", true],
  ["http://moto:5000", true],
  ["http://127.0.0.1:8333", true],
  ["https://s3.eu-central-1.amazonaws.com", false],
  ["https://s3.cn-north-1.amazonaws.com.cn", false],
  ["https://amazonaws.com.example", true],
  [undefined, false],
])("buckets at %s by path: %s", (endpoint, isByPath) => {
  expect(needsPathStyle(endpoint)).toBe(isByPath);
});

test("S3's own endpoint goes before the one of all services", () => {
  const both = { AWS_ENDPOINT_URL: "http://all:1", AWS_ENDPOINT_URL_S3: "http://s3:1" };
  expect(ownEndpoint(both)).toBe("http://s3:1");
  expect(ownEndpoint({ AWS_ENDPOINT_URL: "http://all:1" })).toBe("http://all:1");
  expect(ownEndpoint({})).toBeUndefined();
});

test("credentials are the environment's, or those that emulators take", () => {
  expect(localCredentials({})).toEqual({ accessKeyId: "test", secretAccessKey: "test" });
  expect(
    localCredentials({
      AWS_ACCESS_KEY_ID: "a",
      AWS_SECRET_ACCESS_KEY: "b",
      AWS_SESSION_TOKEN: "c",
    }),
  ).toEqual({ accessKeyId: "a", secretAccessKey: "b", sessionToken: "c" });
});

test("provisioning and the app speak to an emulator by path, without a policy that asks for TLS", async () => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const [key] = /Credential=[^/]+/.exec(request.headers.authorization ?? "") ?? [];
    asked.push(`${request.method} ${request.url?.split("&")[0]} ${key} ${body}`.trim());
    response.writeHead(200, { "content-length": "0" }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  // A name: the SDK addresses by path of its own accord where it sees a number.
  const endpoint = `http://localhost:${(server.address() as AddressInfo).port}`;
  const provisioned: Provisioned[] = [];
  const provider = new LocalProvider({
    endpoints: { dynamodb: endpoint, s3: endpoint, cognito: endpoint },
    region: "us-east-1",
    onProvisioned: (one) => provisioned.push(one),
  });
  const type = "aws:s3/bucketPolicy:BucketPolicy";
  const policy = JSON.stringify({ Statement: [tlsOnly, logs] });
  const inputs = { bucket: "documents", policy };
  const before = process.env;
  process.env = {
    ...before,
    ...{ AWS_REGION: "us-east-1", AWS_ENDPOINT_URL_S3: endpoint },
    ...{ AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
  };
  try {
    await provider.create({ urn: `urn:pulumi:t::c::${type}::d`, type, name: "d", inputs });
    await s3Client().send(new HeadObjectCommand({ Bucket: "documents", Key: "a" }));
  } finally {
    process.env = before;
    server.closeAllConnections();
    server.close();
  }
  expect(provisioned).toMatchObject([{ omitted: ["BucketPolicy.policy (TLS only)"] }]);
  expect(asked).toEqual([
    `PUT /documents/?policy= Credential=test ${JSON.stringify({ Statement: [logs] })}`,
    "HEAD /documents/a Credential=test",
  ]);
});
