import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AuthPool } from "../../../components/auth-pool/auth-pool.ts";
import { ChatApi, type ChatApiArgs } from "../../../components/chat-api/chat-api.ts";
import { existingTable } from "../../../components/chat-table/table-access.ts";
import { existingBucket } from "../../../components/document-bucket/bucket-access.ts";
import { recordsOf, statements } from "../../../testing/stacks/records.ts";

let folder: string;
let entry: URL;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chatstack-own-"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  mkdirSync(join(folder, "src"));
  const app = "export default { fetch: (_, { claims }) => Response.json({ sub: claims?.sub }) };";
  writeFileSync(join(folder, "src/app.ts"), app);
  entry = pathToFileURL(join(folder, "src/app.ts"));
});

afterAll(() => rmSync(folder, { recursive: true }));

const table = () =>
  existingTable({
    tableName: "theirs",
    tableArn: "arn:aws:dynamodb:us-east-1:123456789012:table/theirs",
    encryption: { kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/k" },
  });
const documents = () =>
  existingBucket({
    bucketName: "theirs",
    bucketArn: "arn:aws:s3:::theirs",
    encryption: { kmsKeyArn: "arn:aws:kms:eu-west-1:123456789012:key/k" },
    locksObjects: true,
  });

const apiRecords = (args: Partial<ChatApiArgs> = {}) =>
  recordsOf(() => {
    const tenant = { tenant: "acme" };
    const auth = new AuthPool("users", tenant);
    new ChatApi("api", { ...tenant, table: table(), documents: documents(), auth, ...args });
  });

const dataStatements = (records: Awaited<ReturnType<typeof apiRecords>>) =>
  statements(records.all("Policy").find(({ name }) => name === "api")?.inputs.policy).filter(
    ({ Action }) => Action.some((action) => /^(dynamodb|s3|kms|sqs):/.test(action)),
  );

describe("an app of one's own", () => {
  test("runs from its bundle, with its variables, layers and permissions and none of ours", async () => {
    const permissions = [
      {
        Effect: "Allow",
        Action: ["sqs:SendMessage"],
        Resource: ["arn:aws:sqs:us-east-1:123456789012:jobs"],
      },
    ] as const;
    const layers = ["arn:aws:lambda:us-east-1:123456789012:layer:tracing:3"];
    const records = await apiRecords({
      app: { entry, permissions, layers, environment: { JOBS: "jobs" } },
    });
    const { inputs } = records.one("Function");
    expect(inputs).toMatchObject({
      handler: "index.handler",
      layers,
      environment: { variables: { JOBS: "jobs", TENANT: "acme", TABLE_NAME: "theirs" } },
    });
    expect(dataStatements(records)).toEqual(permissions);
    expect(records.all("Schedule")).toEqual([]);

    const bundle = join(folder, "node_modules/.cache/chatstack/src-app-ts/index.mjs");
    expect(inputs.code).toMatchObject({ archive: { path: join(bundle, "..") } });
    const { handler } = await import(pathToFileURL(bundle).href);
    const event = {
      httpMethod: "GET",
      path: "/x",
      requestContext: { requestId: "1", authorizer: { claims: { sub: "ada" } } },
    };
    expect(await handler(event)).toMatchObject({ statusCode: 200, body: '{"sub":"ada"}' });
    const before = readFileSync(bundle);
    await apiRecords({ app: { entry } });
    expect(readFileSync(bundle).equals(before)).toBe(true);
  });

  test("holds nothing while its tenant is suspended", async () => {
    const permissions = table().grantReadWrite();
    const suspended = await apiRecords({ app: { entry, permissions }, state: "suspended" });
    expect(dataStatements(suspended)).toEqual([]);
    const off = await apiRecords({ app: { entry, permissions }, state: "off-boarding" });
    expect(dataStatements(off).length).toBe(permissions.length);
  });

  test.each<[string, () => Partial<ChatApiArgs>, RegExp]>([
    [
      "a path that depends on the working folder",
      () => ({ app: { entry: "src/app.ts" } }),
      /app\.entry.*absolute/,
    ],
    ["no such module", () => ({ app: { entry: join(folder, "no.ts") } }), /app\.entry.*no\.ts/],
    [
      "a variable of ours",
      () => ({ app: { entry, environment: { TENANT: "x" } } }),
      /app\.environment.*TENANT/,
    ],
    [
      "a variable of Lambda's",
      () => ({ app: { entry, environment: { AWS_REGION: "x" } } }),
      /app\.environment.*AWS_REGION/,
    ],
    ["six layers", () => ({ app: { entry, layers: Array(6).fill("arn") } }), /app\.layers.*6/],
    ["our maintenance", () => ({ app: { entry }, maintenance: "daily" }), /maintenance.*daily/],
    ["our history", () => ({ app: { entry }, history: "s3" }), /history.*s3/],
  ])("is refused with %s", async (_, args, message) => {
    await expect(apiRecords(args())).rejects.toThrow(message);
  });
});

test("our app runs on a table and a bucket that are there already, with grants on their ARNs and keys", async () => {
  const records = await apiRecords();
  expect(records.one("Function").inputs.environment).toMatchObject({
    variables: { TABLE_NAME: "theirs", BUCKET_NAME: "theirs", OBJECT_LOCK: "on" },
  });
  const found = dataStatements(records);
  const arns = found.flatMap(({ Resource }) => Resource);
  expect(arns).toContain("arn:aws:dynamodb:us-east-1:123456789012:table/theirs");
  expect(arns.filter((arn) => arn.startsWith("arn:aws:s3:::theirs"))).not.toEqual([]);
  expect(
    found.flatMap((one) => ("Condition" in one ? [JSON.stringify(one.Condition)] : [])).join(),
  ).toMatch(/dynamodb\.us-east-1.*s3\.eu-west-1/);
});
