import { expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import program from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import {
  evaluateFullest,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";
import { lookUp } from "../../testing/stacks/records.ts";

test("every option of a tenant reaches its component", async () => {
  const records = lookUp(await evaluateFullest(fullestSettings));
  expect(records.one("Table").inputs).toMatchObject({
    tableClass: "STANDARD_INFREQUENT_ACCESS",
  });
  expect(records.one("BucketReplicationConfig").inputs.bucket).toBe(
    records.one("Bucket", "full-documents").outputs.bucket,
  );
  // Uploads to locked objects must bring a checksum, for which the function asks.
  expect(records.one("Function").inputs.environment).toMatchObject({
    variables: { OBJECT_LOCK: "on" },
  });
  expect(records.all("IdentityProvider")).toHaveLength(2);
  expect(records.all("UserPoolClient")).toHaveLength(3);
  expect(records.one("DomainName").inputs.domainName).toBe("chat.full.example");
  expect(records.one("Alias", "full-api").inputs.name).toBe("live");
  for (const alarm of ["chat-throttles", "chat-system-errors", "api-latency", "api-throttles"]) {
    expect(records.one("MetricAlarm", `full-${alarm}`).inputs.alarmActions).toEqual([
      fullestSettings.table.alarms.topicArn,
    ]);
  }
});

test("one list of origins serves the API, its gateway, its firewall and the documents", async () => {
  const [app, intranet] = ["https://app.acme.example", "https://intranet.acme.example"] as const;
  const records = lookUp(
    await evaluateFullest({
      api: { corsOrigins: [app], firewall: "on" },
      documents: { corsOrigins: [intranet, app] },
    }),
  );
  expect(records.one("Function", "full-api").inputs.environment).toMatchObject({
    variables: { CORS_ORIGINS: app },
  });
  expect(records.one("Response", "full-api-throttled").inputs.responseParameters).toMatchObject({
    "gatewayresponse.header.Access-Control-Allow-Origin": `'${app}'`,
  });
  expect(JSON.stringify(records.one("WebAcl").inputs)).toContain(app);
  expect(records.one("BucketCorsConfiguration").inputs.corsRules).toMatchObject([
    { allowedOrigins: [app, intranet] },
  ]);
});

test("a provider's secret comes from the config by its key, and stays secret", async () => {
  const records = lookUp(await evaluateFullest(fullestSettings));
  const { inputs, secrets } = records.one("IdentityProvider", "full-users-Directory");
  expect(inputs.providerDetails).toMatchObject({ client_secret: "s3cret" });
  expect(secrets).toEqual(["providerDetails"]);
});

test("the other choices reach their components as well", async () => {
  const records = lookUp(await evaluateFullest(otherSettings));
  expect(records.one("Table").inputs.replicas).toMatchObject([{ regionName: "eu-west-1" }]);
  expect(records.one("UserPool").inputs).toHaveProperty("webAuthnConfiguration");
  expect(records.one("UserPoolDomain").inputs.domain).toBe("login.full.example");
});

test("a key is an output of a tenant with a quota, and only of it", async () => {
  const outputsOf = async (api: Settings["api"]) => {
    const { outputs } = await evaluate(program, {
      config: {
        "chatstack:environment": "development",
        "chatstack:tenants": JSON.stringify([{ id: "acme", tier: "basic", api }]),
      },
    });
    return outputs.tenants;
  };
  expect(await outputsOf({ quota: { requests: 5, per: "day" } })).toHaveProperty("acme.apiKey");
  expect(await outputsOf({})).not.toHaveProperty("acme.apiKey");
});

test.each<[string, Settings]>([
  ["alarms on a table", { table: { alarms: fullestSettings.table.alarms } }],
  ["locks on documents", { documents: { objectLock: fullestSettings.documents.objectLock } }],
  ["replication", { documents: { replication: fullestSettings.documents.replication } }],
  ["uploads from pages", { documents: { corsOrigins: fullestSettings.documents.corsOrigins } }],
  ["managed login", { auth: { managedLogin: { domain: { prefix: "full-chat" } } } }],
  ["further clients", { auth: { clients: { mobile: {} } } }],
  ["a quota", { api: { quota: fullestSettings.api.quota } }],
  ["pages that call", { api: { corsOrigins: fullestSettings.api.corsOrigins } }],
  ["a domain", { api: { domain: fullestSettings.api.domain } }],
  ["versions", { api: { release: "versions", provisionedConcurrency: 1 } }],
  ["alarms on the API", { api: { alarms: fullestSettings.api.alarms } }],
])("turning %s on changes nothing that holds data, and takes nothing away", async (_, settings) => {
  const before = (await evaluateFullest({})).records;
  const after = new Map((await evaluateFullest(settings)).records.map((r) => [r.urn, r]));
  expect(after.size).toBeGreaterThan(before.length);
  for (const record of before) {
    expect(after.has(record.urn)).toBe(true);
    if (!/:(Table|Bucket|UserPool|Key|Vault)$/.test(record.type)) continue;
    expect(after.get(record.urn)).toEqual(record);
  }
});

const faultOf = (settings: object) =>
  evaluate(program, {
    config: {
      "chatstack:environment": "development",
      "chatstack:tenants": JSON.stringify([{ id: "acme", tier: "basic", ...settings }]),
    },
  });

test.each([
  [{ api: { corsOrigins: ["*"] } }, '.api.corsOrigins[0]: found "*"; allowed: "https://app'],
  [
    { table: { alarms: { topicArn: "operators" } } },
    '.table.alarms.topicArn: found "operators"; allowed: an ARN of an SNS topic',
  ],
  [
    { auth: { clients: { web: { redirect: "off" } } } },
    '.auth.clients.web: found unknown "redirect"; allowed: signInFlows, tokens, redirects',
  ],
  [
    { documents: { replication: { bucketArn: "arn:aws:s3:::b", region: "Ireland" } } },
    '.documents.replication.region: found "Ireland"; allowed: an AWS region',
  ],
])("%j is refused, with its place and what is allowed", async (settings, message) => {
  await expect(faultOf(settings)).rejects.toThrow(
    `Pulumi.test.yaml: chatstack:tenants[0]${message}`,
  );
});
