import { beforeAll, describe, expect, test } from "vitest";
import { AuthPool } from "../../../components/auth-pool/auth-pool.ts";
import { ChatApi, type ChatApiArgs } from "../../../components/chat-api/chat-api.ts";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";
import { DocumentBucket } from "../../../components/document-bucket/document-bucket.ts";
import { type Records, recordsOf, statements } from "../../../testing/stacks/records.ts";

const apiRecords = (args: Partial<ChatApiArgs> = {}) =>
  recordsOf(() => {
    const tenant = { tenant: "acme", tier: "basic" };
    new ChatApi("api", {
      ...tenant,
      table: new ChatTable("chat", tenant),
      documents: new DocumentBucket("documents", tenant),
      auth: new AuthPool("users", tenant),
      ...args,
    });
  });

describe("by default", () => {
  let records: Records;
  beforeAll(async () => {
    records = await apiRecords();
  });

  test("the API is regional and speaks nothing older than TLS 1.2", () => {
    expect(records.one("RestApi").inputs).toMatchObject({
      endpointConfiguration: { types: "REGIONAL" },
      securityPolicy: "SecurityPolicy_TLS13_1_2_2021_06",
      endpointAccessMode: "STRICT",
    });
  });

  test("everything but health asks for an access token of the tenant's pool", () => {
    const resources = new Map(
      records.all("Resource").map((record) => [record.id, record.inputs.pathPart]),
    );
    const routes = records.all("Method").map(({ inputs }) => ({
      path: resources.get(String(inputs.resourceId)),
      method: inputs.httpMethod,
      authorization: inputs.authorization,
      scopes: inputs.authorizationScopes,
    }));
    expect(routes).toEqual([
      { path: "health", method: "GET", authorization: "NONE", scopes: undefined },
      {
        path: "{proxy+}",
        method: "ANY",
        authorization: "COGNITO_USER_POOLS",
        scopes: ["aws.cognito.signin.user.admin"],
      },
    ]);
    expect(records.one("Authorizer").inputs).toMatchObject({
      type: "COGNITO_USER_POOLS",
      providerArns: [records.one("UserPool").outputs.arn],
    });
  });

  test("answers stream from the function through the integration", () => {
    const fn = records.one("Function");
    for (const { inputs } of records.all("Integration")) {
      expect(inputs).toMatchObject({
        type: "AWS_PROXY",
        integrationHttpMethod: "POST",
        uri: fn.outputs.responseStreamingInvokeArn,
        responseTransferMode: "STREAM",
        timeoutMilliseconds: 120_000,
      });
    }
  });

  test("the function is Node 24 on arm64, traced, with structured logs in its own group", () => {
    expect(records.one("Function").inputs).toMatchObject({
      runtime: "nodejs24.x",
      architectures: ["arm64"],
      handler: "index.handler",
      memorySize: 512,
      timeout: 120,
      tracingConfig: { mode: "Active" },
      loggingConfig: { logFormat: "JSON", logGroup: records.one("LogGroup", "api").outputs.name },
    });
  });

  test("the function's environment names the tenant's resources and holds no secret", () => {
    expect(records.one("Function").inputs.environment).toEqual({
      variables: {
        TENANT: "acme",
        TABLE_NAME: records.one("Table").outputs.name,
        BUCKET_NAME: records.one("Bucket").outputs.bucket,
        HISTORY: "dynamodb",
        USER_POOL_ID: records.one("UserPool").id,
        USER_POOL_CLIENT_IDS: records.one("UserPoolClient").id,
      },
    });
  });

  test("the role names exact actions on this tenant's ARNs; only X-Ray has none to name", () => {
    const granted = statements(records.one("Policy", "api").inputs.policy);
    const own = [
      records.one("Table").outputs.arn,
      records.one("Bucket").outputs.arn,
      records.one("LogGroup", "api").outputs.arn,
    ].map(String);
    for (const { Action, Resource } of granted) {
      expect(Action.filter((action) => action.includes("*"))).toEqual([]);
      const traces = Action.every((action) => action.startsWith("xray:"));
      for (const arn of Resource) {
        expect(traces ? arn === "*" : own.some((prefix) => arn.startsWith(prefix))).toBe(true);
      }
    }
    expect(granted).toHaveLength(8);
  });

  test("the role reaches the folders of documents and large messages, and no history where there is none", () => {
    const arn = records.one("Bucket").outputs.arn;
    const [objects] = statements(records.one("Policy", "api").inputs.policy).filter(({ Action }) =>
      Action.includes("s3:PutObject"),
    );
    expect(objects?.Resource).toEqual(
      ["uploads", "documents", "passages", "messages"].map((folder) => `${arn}/${folder}/*`),
    );
  });

  test("only this API's stage may invoke the function", () => {
    const { inputs } = records.one("Permission");
    const api = records.one("RestApi");
    expect(inputs).toMatchObject({
      action: "lambda:InvokeFunction",
      principal: "apigateway.amazonaws.com",
      sourceArn: `${api.outputs.executionArn}/v1/*`,
    });
  });

  test("the stage is traced, throttled, and logs access but never requests", () => {
    const stage = records.one("Stage");
    expect(stage.inputs).toMatchObject({
      stageName: "v1",
      xrayTracingEnabled: true,
      accessLogSettings: { destinationArn: records.one("LogGroup", "api-access").outputs.arn },
    });
    const format = (stage.inputs.accessLogSettings as { format: string }).format;
    expect(Object.keys(JSON.parse(format))).toContain("requestId");
    expect(format).not.toMatch(/authorization|querystring|body/i);
    expect(records.one("MethodSettings").inputs).toMatchObject({
      methodPath: "*/*",
      settings: {
        throttlingRateLimit: 50,
        throttlingBurstLimit: 100,
        loggingLevel: "ERROR",
        dataTraceEnabled: false,
        metricsEnabled: true,
      },
    });
  });

  test("every log group forgets after a year", () => {
    expect(records.all("LogGroup").map(({ inputs }) => inputs.retentionInDays)).toEqual([
      365, 365, 365,
    ]);
    expect(records.one("LogGroup", "api-execution").inputs.name).toBe(
      `API-Gateway-Execution-Logs_${records.one("RestApi").id}/v1`,
    );
  });

  test("what the gateway itself answers is problem details, and a 401 names its scheme", () => {
    const responses = records.all("Response").map(({ inputs }) => inputs);
    for (const { responseTemplates } of responses) {
      expect(Object.keys(responseTemplates as object)).toEqual(["application/problem+json"]);
    }
    expect(responses).toContainEqual(
      expect.objectContaining({
        responseType: "UNAUTHORIZED",
        statusCode: "401",
        responseParameters: { "gatewayresponse.header.WWW-Authenticate": "'Bearer'" },
      }),
    );
  });
});

test("a public API reference opens two paths to everybody, and no other", async () => {
  const open = async (args: Partial<ChatApiArgs>) => {
    const records = await apiRecords(args);
    const parts = new Map(records.all("Resource").map(({ id, inputs }) => [id, inputs.pathPart]));
    return records
      .all("Method")
      .filter(({ inputs }) => inputs.authorization === "NONE")
      .map(({ inputs }) => `${inputs.httpMethod} ${parts.get(String(inputs.resourceId))}`);
  };
  expect(await open({})).toEqual(["GET health"]);
  expect(await open({ reference: "public" })).toEqual([
    "GET health",
    "GET docs",
    "GET openapi.json",
  ]);
});

test("sizes, periods, throttles and the key follow the arguments", async () => {
  const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/k";
  const records = await apiRecords({
    memorySize: 2048,
    timeoutSeconds: 900,
    logRetentionDays: 30,
    throttle: { requestsPerSecond: 5, burst: 10 },
    encryption: { kmsKeyArn },
  });
  expect(records.one("Function").inputs).toMatchObject({
    memorySize: 2048,
    timeout: 900,
    kmsKeyArn,
  });
  expect(records.all("Integration").map(({ inputs }) => inputs.timeoutMilliseconds)).toEqual([
    900_000, 900_000,
  ]);
  for (const { inputs } of records.all("LogGroup")) {
    expect(inputs).toMatchObject({ retentionInDays: 30, kmsKeyId: kmsKeyArn });
  }
  expect(records.one("MethodSettings").inputs.settings).toMatchObject({
    throttlingRateLimit: 5,
    throttlingBurstLimit: 10,
  });
});

test("by default there is no firewall; with one, it protects the stage with the API's own settings", async () => {
  expect((await apiRecords()).all("WebAcl")).toEqual([]);
  const records = await apiRecords({
    firewall: "on",
    requestsPerAddress: 500,
    logRetentionDays: 30,
  });
  const { inputs } = records.one("WebAclAssociation");
  expect(inputs.resourceArn).toBe(records.one("Stage").outputs.arn);
  expect(records.one("WebAcl").inputs.rules).toMatchObject([
    { statement: { rateBasedStatement: { limit: 500 } } },
    {},
    {},
    {},
  ]);
  expect(records.one("LogGroup", "api-firewall").inputs.retentionInDays).toBe(30);
});

test("reserved concurrency and failed events reach the function", async () => {
  const records = await apiRecords({ reservedConcurrency: 7, failedEvents: "queue" });
  expect(records.one("Function").inputs.reservedConcurrentExecutions).toBe(7);
  expect(records.one("FunctionEventInvokeConfig").inputs.functionName).toBe(
    records.one("Function").outputs.name,
  );
});

test("a change of what is deployed makes a new deployment, and nothing else does", async () => {
  const trigger = async (args: Partial<ChatApiArgs>) =>
    (await apiRecords(args)).one("Deployment").inputs.triggers;
  expect(await trigger({})).toEqual(await trigger({ memorySize: 1024 }));
  expect(await trigger({})).not.toEqual(await trigger({ timeoutSeconds: 60 }));
});

test.each([
  [{ memorySize: 64 }, 'ChatFunction "api": memorySize: found 64'],
  [{ timeoutSeconds: 901 }, 'ChatFunction "api": timeoutSeconds: found 901'],
  [
    { throttle: { requestsPerSecond: 0, burst: 1 } },
    'ChatApi "api": throttle.requestsPerSecond: found 0',
  ],
])("%j is refused", async (args, message) => {
  await expect(apiRecords(args)).rejects.toThrow(message);
});

test("transforms reach the function's and the API's own resources", async () => {
  const records = await apiRecords({
    transform: {
      function: (args) => {
        args.reservedConcurrentExecutions = 10;
      },
      stage: (args) => {
        args.description = "edited";
      },
    },
  });
  expect(records.one("Function").inputs.reservedConcurrentExecutions).toBe(10);
  expect(records.one("Stage").inputs.description).toBe("edited");
});

test("A: with history in S3, the function is told so and reaches it", async () => {
  const records = await apiRecords({ history: "s3" });
  expect(records.one("Function").inputs.environment).toMatchObject({
    variables: { HISTORY: "s3" },
  });
  const arn = records.one("Bucket").outputs.arn;
  const granted = statements(records.one("Policy", "api").inputs.policy);
  expect(granted.flatMap(({ Resource }) => Resource)).toEqual(
    expect.arrayContaining([`${arn}/history/*`, `${arn}/history-requests/*`]),
  );
});
