import { expect, test } from "vitest";
import { AuthPool, type AuthPoolArgs } from "../../../components/auth-pool/auth-pool.ts";
import { ChatApi, type ChatApiArgs } from "../../../components/chat-api/chat-api.ts";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";
import { DocumentBucket } from "../../../components/document-bucket/document-bucket.ts";
import { recordsOf } from "../../../testing/stacks/records.ts";

const acme = { tenant: "acme" };
const topicArn = "arn:aws:sns:us-east-1:123456789012:operators";
const [web, mobile] = ["https://app.acme.example", "https://m.acme.example"] as const;

const apiRecords = (args: Partial<ChatApiArgs> = {}, auth: Partial<AuthPoolArgs> = {}) =>
  recordsOf(
    () =>
      new ChatApi("api", {
        ...acme,
        table: new ChatTable("chat", acme),
        documents: new DocumentBucket("documents", acme),
        auth: new AuthPool("users", { ...acme, ...auth }),
        ...args,
      }),
  );

test("by default there is no alias, domain, key, origin or alarm", async () => {
  const records = await apiRecords();
  for (const type of ["Alias", "DomainName", "UsagePlan", "ApiKey", "MetricAlarm", "Record"]) {
    expect(records.all(type)).toEqual([]);
  }
  expect(records.one("Function").inputs).not.toHaveProperty("publish");
  expect(records.one("Permission").inputs).not.toHaveProperty("qualifier");
  expect(records.all("Method").map(({ name }) => name)).toEqual(["api-health", "api-app"]);
  expect(records.one("Function").inputs.environment).not.toHaveProperty("variables.CORS_ORIGINS");
});

test("versions are published, and the API streams from their alias", async () => {
  const records = await apiRecords({ release: "versions" });
  const [fn, alias] = [records.one("Function"), records.one("Alias")];
  expect(fn.inputs.publish).toBe(true);
  expect(alias.inputs).toEqual({
    name: "live",
    functionName: fn.outputs.name,
    functionVersion: fn.outputs.version,
  });
  expect(records.one("Integration", "api-app").inputs.uri).toBe(
    `arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/${alias.outputs.arn}/response-streaming-invocations`,
  );
  expect(records.one("Permission").inputs).toMatchObject({
    function: fn.outputs.name,
    qualifier: "live",
  });
});

test("a canary gets its percentage, and the stable version the rest", async () => {
  const records = await apiRecords({ release: { stableVersion: "12", newestPercent: 5 } });
  expect(records.one("Alias").inputs).toMatchObject({
    functionVersion: "12",
    routingConfig: {
      additionalVersionWeights: { [String(records.one("Function").outputs.version)]: 0.05 },
    },
  });
});

test("a canary without anything new has no weights", async () => {
  const records = await apiRecords({ release: { stableVersion: "1", newestPercent: 5 } });
  expect(records.one("Function").outputs.version).toBe("1");
  expect(records.one("Alias").inputs).not.toHaveProperty("routingConfig");
});

test("processes are kept started for the alias", async () => {
  const records = await apiRecords({ release: "versions", provisionedConcurrency: 3 });
  expect(records.one("ProvisionedConcurrencyConfig").inputs).toEqual({
    functionName: records.one("Function").outputs.name,
    qualifier: "live",
    provisionedConcurrentExecutions: 3,
  });
});

test("pages of named origins may ask without a token, and read what the gateway itself answers", async () => {
  const records = await apiRecords({ corsOrigins: [web] });
  const preflight = records.one("Method", "api-preflight");
  expect(preflight.inputs).toMatchObject({
    httpMethod: "OPTIONS",
    authorization: "NONE",
    resourceId: records.one("Resource", "api-app").id,
  });
  expect(records.one("Integration", "api-preflight").inputs.uri).toBe(
    records.one("Function").outputs.responseStreamingInvokeArn,
  );
  expect(records.one("Deployment").options.dependencies).toContain(preflight.urn);
  expect(records.one("Function").inputs.environment).toMatchObject({
    variables: { CORS_ORIGINS: web },
  });
  for (const { inputs } of records.all("Response")) {
    expect(inputs.responseParameters).toMatchObject({
      "gatewayresponse.header.Access-Control-Allow-Origin": `'${web}'`,
    });
  }
  expect(records.one("Response", "api-throttled").inputs.responseParameters).toMatchObject({
    "gatewayresponse.header.Retry-After": "'1'",
  });
});

test("of several origins the gateway repeats the one that asks", async () => {
  const records = await apiRecords({ corsOrigins: [web, mobile] });
  expect(records.one("Function").inputs.environment).toMatchObject({
    variables: { CORS_ORIGINS: `${web},${mobile}` },
  });
  expect(records.one("Response", "api-unauthorized").inputs.responseParameters).toMatchObject({
    "gatewayresponse.header.Access-Control-Allow-Origin": "method.request.header.Origin",
    "gatewayresponse.header.Vary": "'Origin'",
    "gatewayresponse.header.WWW-Authenticate": "'Bearer'",
  });
});

test("what the firewall's rule groups block is a problem that pages may read, whichever asks", async () => {
  const records = await apiRecords({ corsOrigins: [web, mobile] });
  const blocked = records.one("Response", "api-waf-filtered").inputs;
  expect(blocked).toMatchObject({ responseType: "WAF_FILTERED", statusCode: "403" });
  expect(blocked.responseParameters).toMatchObject({
    "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
  });
  expect(Object.values(Object(blocked.responseTemplates))).toEqual([
    expect.stringContaining("urn:chatstack:problem:access-denied"),
  ]);
});

test("with dual-stack addresses the API, its domain and the domain's records take IPv6 as well", async () => {
  const domain = { name: "chat.acme.example", hostedZoneId: "Z1" };
  const records = await apiRecords({ domain, addresses: "dualstack" });
  const endpointConfiguration = { types: "REGIONAL", ipAddressType: "dualstack" };
  expect(records.one("RestApi").inputs).toMatchObject({ endpointConfiguration });
  expect(records.one("DomainName").inputs).toMatchObject({ endpointConfiguration });
  const aliases = records
    .all("Record")
    .filter(({ inputs }) => inputs.aliases !== undefined)
    .map(({ inputs: { type, name, aliases } }) => ({ type, name, aliases }));
  expect(aliases.map(({ type }) => type)).toEqual(["A", "AAAA"]);
  expect(aliases[1]).toEqual({ ...aliases[0], type: "AAAA" });
});

test("by default nothing is said of addresses, and a domain has one alias", async () => {
  const records = await apiRecords({ domain: { name: "chat.acme.example", hostedZoneId: "Z1" } });
  expect(records.one("RestApi").inputs.endpointConfiguration).toEqual({ types: "REGIONAL" });
  expect(records.all("Record").map(({ inputs }) => inputs.type)).toEqual(["CNAME", "A"]);
});

test("a domain in a hosted zone gets a certificate that proves itself, a mapping and an alias record", async () => {
  const records = await apiRecords({ domain: { name: "chat.acme.example", hostedZoneId: "Z1" } });
  expect(records.one("Certificate").inputs).toMatchObject({
    domainName: "chat.acme.example",
    validationMethod: "DNS",
    tags: { "chatstack:tenant": "acme" },
  });
  expect(records.one("Record", "api-validation").inputs).toMatchObject({
    zoneId: "Z1",
    name: "_validation.chat.acme.example.",
    type: "CNAME",
    ttl: 300,
  });
  expect(records.one("CertificateValidation").inputs.certificateArn).toBe(
    records.one("Certificate").outputs.arn,
  );
  const domain = records.one("DomainName");
  expect(domain.inputs).toMatchObject({
    domainName: "chat.acme.example",
    regionalCertificateArn: records.one("CertificateValidation").inputs.certificateArn,
    endpointConfiguration: { types: "REGIONAL" },
    securityPolicy: "SecurityPolicy_TLS13_1_2_2021_06",
    endpointAccessMode: "STRICT",
  });
  // Nothing serves a certificate that is not issued yet.
  expect(domain.propertyDependencies.regionalCertificateArn).toContain(
    records.one("CertificateValidation").urn,
  );
  expect(records.one("BasePathMapping").inputs).toEqual({
    domainName: "chat.acme.example",
    restApi: records.one("RestApi").id,
    stageName: "v1",
  });
  expect(records.one("Record", "api").inputs).toMatchObject({
    zoneId: "Z1",
    name: "chat.acme.example",
    type: "A",
    aliases: [{ name: domain.outputs.regionalDomainName, zoneId: domain.outputs.regionalZoneId }],
  });
  expect(records.one("ChatApi").outputs.url).toBe("https://chat.acme.example");
});

test("a certificate that is there already is taken, and without a zone no record is made", async () => {
  const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/c";
  const records = await apiRecords({ domain: { name: "chat.acme.example", certificateArn } });
  expect(records.one("DomainName").inputs.regionalCertificateArn).toBe(certificateArn);
  expect(records.all("Certificate")).toEqual([]);
  expect(records.all("Record")).toEqual([]);
});

test("TLS 1.3 alone holds for the API and its domain", async () => {
  const records = await apiRecords({
    minimumTls: "1.3",
    domain: { name: "chat.acme.example", hostedZoneId: "Z1" },
  });
  for (const type of ["RestApi", "DomainName"]) {
    expect(records.one(type).inputs.securityPolicy).toBe("SecurityPolicy_TLS13_1_3_2025_09");
  }
});

test.each([
  ["day", "DAY"],
  ["week", "WEEK"],
  ["month", "MONTH"],
] as const)("a quota per %s is counted by a key that all but health asks for", async (per, period) => {
  const records = await apiRecords({
    quota: { requests: 10_000, per },
    corsOrigins: [web],
  });
  const stage = records.one("Stage");
  const plan = records.one("UsagePlan");
  expect(plan.inputs).toMatchObject({
    apiStages: [{ apiId: records.one("RestApi").id, stage: stage.inputs.stageName }],
    quotaSettings: { limit: 10_000, period },
  });
  const key = records.one("ApiKey");
  expect(records.one("UsagePlanKey").inputs).toEqual({
    usagePlanId: plan.id,
    keyId: key.id,
    keyType: "API_KEY",
  });
  expect(key.options.additionalSecretOutputs).toContain("value");
  expect(records.one("Method", "api-app").inputs.apiKeyRequired).toBe(true);
  for (const name of ["api-health", "api-preflight"]) {
    expect(records.one("Method", name).inputs).not.toHaveProperty("apiKeyRequired");
  }
});

test("alarms watch the stage and the function", async () => {
  const records = await apiRecords({ alarms: { topicArn, latencySeconds: 5 } });
  const api = { ApiName: records.one("RestApi").outputs.name, Stage: "v1" };
  const fn = { FunctionName: records.one("Function").outputs.name };
  for (const [suffix, metricName, dimensions] of [
    ["server-errors", "5XXError", api],
    ["latency", "Latency", api],
    ["throttles", "Throttles", fn],
    ["function-errors", "Errors", fn],
  ] as const) {
    expect(records.one("MetricAlarm", `api-${suffix}`).inputs).toMatchObject({
      metricName,
      dimensions,
      alarmActions: [topicArn],
      period: 60,
    });
  }
  expect(records.one("MetricAlarm", "api-latency").inputs).toMatchObject({
    extendedStatistic: "p90",
    threshold: 5_000,
  });
});

test("an alarm of its own watches runs of the maintenance that failed for good", async () => {
  const alarms = { topicArn };
  const records = await apiRecords({ alarms });
  const { inputs } = records.one("MetricAlarm", "api-maintenance");
  expect(inputs).toMatchObject({ threshold: 0, alarmActions: [topicArn], okActions: [topicArn] });
  const metrics = (inputs.metricQueries as { metric?: unknown }[]).map(({ metric }) => metric);
  expect(metrics.slice(1)).toEqual([
    {
      namespace: "AWS/Lambda",
      metricName: "AsyncEventsDropped",
      dimensions: { FunctionName: records.one("Function").outputs.name },
      period: 60,
      stat: "Sum",
    },
    {
      namespace: "AWS/Scheduler",
      metricName: "InvocationDroppedCount",
      dimensions: { ScheduleGroup: records.one("ScheduleGroup").outputs.name },
      period: 60,
      stat: "Sum",
    },
  ]);
  const off = await apiRecords({ alarms, maintenance: "off" });
  expect(off.all("MetricAlarm").map(({ name }) => name)).not.toContain("api-maintenance");
});

test.each([
  [{}, ["rate(15 minutes) ENABLED"]],
  [{ maintenance: "hourly" as const }, ["rate(1 hour) ENABLED"]],
  [{ maintenance: "daily" as const }, ["rate(1 day) ENABLED"]],
  [{ maintenance: "off" as const }, []],
  [{ state: "off-boarding" as const }, ["rate(15 minutes) ENABLED"]],
  [{ state: "suspended" as const }, ["rate(15 minutes) DISABLED"]],
])("with %j the maintenance is scheduled as %j", async (args, expected) => {
  const records = await apiRecords(args);
  const found = records
    .all("Schedule")
    .map(({ inputs }) => `${inputs.scheduleExpression} ${inputs.state}`);
  expect(found).toEqual(expected);
});

test("tokens of every client count, machines' by their own scope", async () => {
  const records = await apiRecords(
    {},
    { clients: { web: {} }, machineClients: ["crm"], managedLogin: { domain: { prefix: "acme" } } },
  );
  const ids = ["users", "users-web", "users-machine-crm"].map(
    (name) => records.one("UserPoolClient", name).id,
  );
  expect(records.one("Function").inputs.environment).toMatchObject({
    variables: { USER_POOL_CLIENT_IDS: ids.join(",") },
  });
  expect(records.one("Method", "api-app").inputs.authorizationScopes).toEqual([
    "aws.cognito.signin.user.admin",
    "chatstack/api",
  ]);
});

test("transforms reach alias, domain, quota and alarms", async () => {
  const records = await apiRecords({
    release: "versions",
    provisionedConcurrency: 1,
    domain: { name: "chat.acme.example", hostedZoneId: "Z1" },
    quota: { requests: 1, per: "day" },
    alarms: { topicArn },
    transform: {
      alias: (args) => {
        args.description = "edited";
      },
      provisionedConcurrency: (args) => {
        args.skipDestroy = true;
      },
      certificate: (args) => {
        args.keyAlgorithm = "EC_prime256v1";
      },
      domainName: (args) => {
        args.endpointAccessMode = "BASIC";
      },
      basePathMapping: (args) => {
        args.basePath = "chat";
      },
      record: (args) => {
        args.allowOverwrite = true;
      },
      usagePlan: (args) => {
        args.description = "edited";
      },
      apiKey: (args) => {
        args.description = "edited";
      },
      alarm: (args) => {
        args.threshold = 1;
      },
    },
  });
  expect(records.one("Alias").inputs.description).toBe("edited");
  expect(records.one("ProvisionedConcurrencyConfig").inputs.skipDestroy).toBe(true);
  expect(records.one("Certificate").inputs.keyAlgorithm).toBe("EC_prime256v1");
  expect(records.one("DomainName").inputs.endpointAccessMode).toBe("BASIC");
  expect(records.one("BasePathMapping").inputs.basePath).toBe("chat");
  expect(records.one("Record", "api").inputs.allowOverwrite).toBe(true);
  expect(records.one("UsagePlan").inputs.description).toBe("edited");
  expect(records.one("ApiKey").inputs.description).toBe("edited");
  expect(records.all("MetricAlarm").map(({ inputs }) => inputs.threshold)).toEqual([1, 1, 1, 1, 1]);
});

test.each<[Partial<ChatApiArgs>, string]>([
  [
    { release: { stableVersion: "$LATEST", newestPercent: 5 } },
    'ChatFunction "api": release.stableVersion: found "$LATEST"; allowed: a published version',
  ],
  [
    { release: { stableVersion: "1", newestPercent: 100 } },
    "release.newestPercent: found 100; allowed: a whole number from 1 to 99",
  ],
  [
    { provisionedConcurrency: 1 },
    'release: found "latest"; allowed: "versions" with provisionedConcurrency',
  ],
  [
    { release: "versions", reservedConcurrency: 2, provisionedConcurrency: 3 },
    "provisionedConcurrency: found 3; allowed: a whole number from 1 to 2",
  ],
  [{ corsOrigins: ["*"] }, 'ChatApi "api": corsOrigins[0]: found "*"; allowed: "https://app'],
  [{ quota: { requests: 0, per: "day" } }, 'ChatApi "api": quota.requests: found 0'],
  [
    { domain: { name: "chat.acme.example" } },
    'ChatApi "api": domain: found {"name":"chat.acme.example"}; allowed: a hostedZoneId or a certificateArn',
  ],
  [
    { domain: { name: "https://chat.acme.example", hostedZoneId: "Z1" } },
    'ChatApi "api": domain.name: found "https://chat.acme.example"; allowed: a host name',
  ],
  [{ alarms: { topicArn, latencySeconds: 0 } }, "alarms.latencySeconds: found 0"],
])("%j is refused with what is allowed", async (args, message) => {
  await expect(apiRecords(args)).rejects.toThrow(message);
});
