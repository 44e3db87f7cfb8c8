/** The program makes nothing of one partition of AWS in another: ARNs, host names, zones. */
import { describe, expect, test } from "vitest";
import { partitionOf } from "../../components/partition.ts";
import { type Evaluation, evaluate } from "../../offline/evaluate.ts";
import { FakeProvider } from "../../offline/fake-provider.ts";
import program from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import { everyCompanion } from "../../testing/stacks/full-components.ts";
import {
  configIn,
  copiesIn,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";
import { lookUp } from "../../testing/stacks/records.ts";

/** As somebody there would write the same file. */
function evaluateIn(region: string, settings: Settings): Promise<Evaluation> {
  return evaluate(program, {
    stack: "full",
    config: configIn(region, settings),
    secretConfigKeys: ["chatstack:fullDirectorySecret"],
    provider: new FakeProvider(region),
  });
}

/** Principals of services are the same in every partition, where they carry no region (IAM User Guide). */
const isServicePrincipal = (text: string) => /^[a-z0-9-]+(\.s3)?\.amazonaws\.com$/.test(text);

const regionNames =
  /\b(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(north|south|east|west|central)[a-z]*-\d\b/g;

/** CloudFront, which shows the login page, takes certificates of one region. */
const loginCertificate = ":acm:us-east-1:123456789012:certificate/full-login";

/** Every text of a value that another partition would have, with its path. */
function* foreign(value: unknown, region: string, path: string): Generator<string> {
  if (typeof value === "object" && value !== null) {
    for (const [key, field] of Object.entries(value))
      yield* foreign(field, region, `${path}.${key}`);
    return;
  }
  if (typeof value !== "string") return;
  const { partition, dnsSuffix, reverseDnsPrefix } = partitionOf(region);
  for (const [arn, found] of value.matchAll(/\barn:([\w-]+):/g)) {
    if (found !== partition) yield `${path}: ${arn}`;
  }
  for (const [host] of value.matchAll(/[\w.-]*\.amazonaws\.com[\w.]*/g)) {
    if (!host.endsWith(dnsSuffix) && !isServicePrincipal(host)) yield `${path}: ${host}`;
  }
  for (const [service] of value.matchAll(/[\w.]*\bcom\.amazonaws\.[\w.-]+/g)) {
    // Gateway endpoints have the same name in every partition.
    const isGateway = /^com\.amazonaws\.[\w-]+\.(s3|dynamodb)$/.test(service);
    if (!isGateway && !service.startsWith(`${reverseDnsPrefix}.${region}.`))
      yield `${path}: ${service}`;
  }
  for (const [found] of value.matchAll(regionNames)) {
    if (found !== region && found !== copiesIn(region) && !value.includes(loginCertificate))
      yield `${path}: ${found}`;
  }
}

const tenants = {
  "the fullest tenant": { ...fullestSettings, ...everyCompanion, encryption: "tenant-key" },
  "the other branches": { ...otherSettings, ...everyCompanion },
} satisfies Record<string, Settings>;

describe.each([
  "eu-central-1",
  "ap-northeast-1",
  "us-gov-west-1",
  "cn-north-1",
])("in %s", (region) => {
  test.each(Object.entries(tenants))("%s is of this partition alone", async (_, settings) => {
    const { records } = await evaluateIn(region, settings);
    const found = records.flatMap(({ type, name, inputs, outputs }) => [
      ...foreign(inputs, region, `${type} ${name} inputs`),
      ...foreign(outputs, region, `${type} ${name} outputs`),
    ]);
    expect(records.length).toBeGreaterThan(100);
    expect(found).toEqual([]);
  });

  test("subnets lie in zones that the region has", async () => {
    const { all } = lookUp(await evaluateIn(region, { network: { zones: 3 } }));
    const zones = all("Subnet").map(({ inputs }) => String(inputs.availabilityZone));
    expect(new Set(zones).size).toBe(3);
    const offered = await new FakeProvider(region).invoke(
      "aws:index/getAvailabilityZones:getAvailabilityZones",
      {},
    );
    expect(offered?.names).toEqual(expect.arrayContaining(zones));
  });
});

test("China has host names of its own, in grants, keys and addresses", async () => {
  const { one } = lookUp(await evaluateIn("cn-north-1", tenants["the fullest tenant"]));
  expect(String(one("Key").inputs.policy)).toContain('"logs.cn-north-1.amazonaws.com.cn"');
  expect(String(one("Policy", "full-api").inputs.policy)).toContain(
    '"kms:ViaService":"dynamodb.cn-north-1.amazonaws.com.cn"',
  );
  expect(one("Stage").outputs.invokeUrl).toMatch(
    /\.execute-api\.cn-north-1\.amazonaws\.com\.cn\/v1$/,
  );
});
