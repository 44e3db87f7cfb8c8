import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { credentials } from "@grpc/grpc-js";
import grpc from "@pulumi/pulumi/proto/analyzer_grpc_pb.js";
import analyzer from "@pulumi/pulumi/proto/analyzer_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rules } from "./rules.ts";
import { unknown } from "./testing.ts";

/** The pack as the CLI runs it: a child process, spoken to over gRPC. */
class Pack {
  readonly #child: ChildProcess;
  readonly #client: InstanceType<typeof grpc.AnalyzerClient>;

  private constructor(child: ChildProcess, port: string) {
    this.#child = child;
    this.#client = new grpc.AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  static async start(
    config: Record<string, string>,
    operation: "preview" | "update",
  ): Promise<Pack> {
    const require = createRequire(import.meta.url);
    const child = spawn(
      process.execPath,
      [require.resolve("@pulumi/pulumi/cmd/run-policy-pack/index.js"), "127.0.0.1:0", "."],
      {
        cwd: import.meta.dirname,
        stdio: ["ignore", "pipe", "inherit"],
        env: {
          ...process.env,
          PULUMI_CONFIG: JSON.stringify(config),
          PULUMI_DRY_RUN: String(operation === "preview"),
        },
      },
    );
    const [port] = await once(child.stdout, "data");
    return new Pack(child, String(port).trim());
  }

  stop(): void {
    this.#client.close();
    this.#child.kill();
  }

  async policies() {
    const info = await call<analyzer.AnalyzerInfo>((done) =>
      this.#client.getAnalyzerInfo(new empty.Empty(), done),
    );
    return info.getPoliciesList();
  }

  async configure(policy: string, level: number, properties: Record<string, JavaScriptValue>) {
    const config = new analyzer.PolicyConfig();
    config.setEnforcementlevel(level);
    config.setProperties(Struct.fromJavaScript(properties));
    const request = new analyzer.ConfigureAnalyzerRequest();
    request.getPolicyconfigMap().set(policy, config);
    await call((done) => this.#client.configure(request, done));
  }

  async analyze(name: string, props: Props, type = tableType): Promise<string[]> {
    const response = await call<analyzer.AnalyzeResponse>((done) =>
      this.#client.analyze(requestFor(name, props, type), done),
    );
    return shown(response, name);
  }

  async remediate(name: string, props: Props): Promise<Record<string, unknown>[]> {
    const response = await call<analyzer.RemediateResponse>((done) =>
      this.#client.remediate(requestFor(name, props, tableType), done),
    );
    return response.getRemediationsList().map((one) => one.getProperties()!.toJavaScript());
  }

  async analyzeStack(resources: { type: string; name: string; props: Props; bucket?: string }[]) {
    const request = new analyzer.AnalyzeStackRequest();
    for (const { type, name, props, bucket } of resources) {
      const resource = new analyzer.AnalyzerResource();
      resource.setType(type);
      resource.setName(name);
      resource.setUrn(urnOf(type, name));
      resource.setProperties(Struct.fromJavaScript(props));
      resource.setOptions(new analyzer.AnalyzerResourceOptions());
      if (bucket) {
        const dependency = new analyzer.AnalyzerPropertyDependencies();
        dependency.setUrnsList([urnOf(bucketType, bucket)]);
        resource.getPropertydependenciesMap().set("bucket", dependency);
      }
      request.addResources(resource);
    }
    const response = await call<analyzer.AnalyzeResponse>((done) =>
      this.#client.analyzeStack(request, done),
    );
    return shown(response);
  }
}

type Props = Record<string, JavaScriptValue>;
const tableType = "aws:dynamodb/table:Table";
const bucketType = "aws:s3/bucket:Bucket";
const urnOf = (type: string, name: string) =>
  `urn:pulumi:dev::chatstack::chatstack:index:X$${type}::${name}`;

function requestFor(name: string, props: Props, type: string): analyzer.AnalyzeRequest {
  const request = new analyzer.AnalyzeRequest();
  request.setType(type);
  request.setName(name);
  request.setUrn(urnOf(type, name));
  request.setProperties(Struct.fromJavaScript(props));
  request.setOptions(new analyzer.AnalyzerResourceOptions());
  return request;
}

/** `level rule: text`, without the rule's description. */
function shown(response: analyzer.AnalyzeResponse, name?: string): string[] {
  const levels = new Map<number, string>([
    [analyzer.EnforcementLevel.ADVISORY, "advisory"],
    [analyzer.EnforcementLevel.MANDATORY, "mandatory"],
  ]);
  return response.getDiagnosticsList().map((one) => {
    if (name) expect(one.getUrn()).toMatch(new RegExp(`::${name}$`));
    const [, text = ""] = one.getMessage().split(`${one.getDescription()}\n`);
    return `${levels.get(one.getEnforcementlevel())} ${one.getPolicyname()}: ${text.split(/;| is unknown| \(/)[0]}`;
  });
}

function call<T>(send: (done: (error: Error | null, value: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    send((error, value) => (error ? reject(error) : resolve(value)));
  });
}

const exemption = {
  rule: "ddb-pitr",
  resource: "throwaway",
  reason: "load test",
  owner: "platform@example.org",
  expires: new Date(Date.now() + 300 * 86_400_000).toISOString().slice(0, 10),
};
const tags = {
  "chatstack:tenant": "acme",
  "chatstack:tier": "basic",
  "chatstack:environment": "production",
  "chatstack:stack": "prod",
};
const goodTable: Props = {
  tags,
  billingMode: "PAY_PER_REQUEST",
  pointInTimeRecovery: { enabled: true },
  deletionProtectionEnabled: true,
  serverSideEncryption: { enabled: true, kmsKeyArn: "arn:aws:kms:eu-west-1:1:key/acme" },
  onDemandThroughput: { maxReadRequestUnits: 100, maxWriteRequestUnits: 100 },
};

let production: Pack;
let development: Pack;
beforeAll(async () => {
  [production, development] = await Promise.all([
    Pack.start(
      {
        "chatstack:environment": "production",
        "chatstack:exemptions": JSON.stringify([exemption]),
      },
      "preview",
    ),
    Pack.start({ "chatstack:environment": "development" }, "update"),
  ]);
}, 30_000);
afterAll(() => {
  production?.stop();
  development?.stop();
});

describe("the pack under the CLI's loader", () => {
  test("has every rule, at the level that the environment asks for", async () => {
    const expected = (inProduction: boolean) =>
      Object.fromEntries(
        rules.map(({ id, level }) => [
          id,
          level === "mandatory" || (inProduction && level === "mandatory-in-production") ? 1 : 0,
        ]),
      );
    const levels = async (pack: Pack) =>
      Object.fromEntries(
        (await pack.policies()).map((policy) => [policy.getName(), policy.getEnforcementlevel()]),
      );
    expect(await levels(production)).toEqual(expected(true));
    expect(await levels(development)).toEqual(expected(false));
  });

  test("offers each rule's settings with defaults, severity, framework and fix", async () => {
    const policy = (await production.policies()).find((one) => one.getName() === "ddb-pitr-days");
    expect(policy?.getConfigschema()?.getProperties()?.toJavaScript()).toEqual({
      days: {
        type: "integer",
        default: 7,
        minimum: 1,
        maximum: 35,
        description: "Shortest recovery window, in days.",
      },
    });
    expect(policy?.getSeverity()).toBe(analyzer.PolicySeverity.POLICY_SEVERITY_MEDIUM);
    expect(policy?.getFramework()?.getReference()).toBe("164.308(a)(7)(ii)(A)");
    expect(policy?.getRemediationSteps()).toMatch(/recoveryPeriodInDays/);
  });

  test("reports violations at the rule's level", async () => {
    const { pointInTimeRecovery: _, deletionProtectionEnabled: __, ...props } = goodTable;
    const found = [
      "ddb-pitr: pointInTimeRecovery.enabled is absent",
      "ddb-pitr-days: pointInTimeRecovery.recoveryPeriodInDays is absent",
      "ddb-deletion-protection: deletionProtectionEnabled is absent",
      "ddb-protect: protect is false",
    ];
    expect(await production.analyze("acme", props)).toEqual(found.map((one) => `mandatory ${one}`));
    expect(await development.analyze("acme", props)).toEqual(
      found.map((one) => `${one.startsWith("ddb-pitr:") ? "mandatory" : "advisory"} ${one}`),
    );
  });

  test("cannot tell what is unknown: advisory in a preview, at the rule's level outside", async () => {
    const props = { ...goodTable, pointInTimeRecovery: { enabled: unknown } };
    const text = "ddb-pitr: cannot tell: pointInTimeRecovery.enabled";
    expect(await production.analyze("acme", props)).toContain(`advisory ${text}`);
    expect(await development.analyze("acme", props)).toContain(`mandatory ${text}`);
  });

  test("lists what is exempt as an advisory", async () => {
    const { pointInTimeRecovery: _, ...props } = goodTable;
    expect(await production.analyze("throwaway", props)).toContain(
      `advisory ddb-pitr: exempt until ${exemption.expires} by platform@example.org`,
    );
  });

  test("joins split settings by dependency, though their bucket's id is unknown", async () => {
    const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
    const found = await production.analyzeStack([
      { type: bucketType, name: "open", props: { arn: unknown, versioning: unknown } },
      { type: bucketType, name: "shut", props: { arn: unknown, versioning: unknown } },
      { type: block, name: "shut", props: { bucket: unknown }, bucket: "shut" },
    ]);
    expect(found.filter((one) => one.includes("s3-public-block"))).toEqual([
      "mandatory s3-public-block: BucketPublicAccessBlock is absent",
    ]);
    expect(found.filter((one) => one.includes("s3-versioning"))).toEqual([
      "mandatory s3-versioning: BucketVersioning is absent",
      "mandatory s3-versioning: BucketVersioning is absent",
    ]);
  });

  test("judges exemptions with the stack", async () => {
    const stack = { type: "pulumi:pulumi:Stack", name: "chatstack-dev", props: {} };
    expect(await production.analyzeStack([stack])).toEqual([
      "mandatory own-exemption: chatstack:exemptions ddb-pitr of throwaway is for no resource",
    ]);
    expect(await development.analyzeStack([stack])).toEqual([]);
  });

  test("stops an update, naming rule and resource, when a rule fails", async () => {
    const queue = "aws:sqs/queue:Queue";
    const found = await production.analyze("broken", { policy: "{" }, queue);
    expect(found).toContain(
      "mandatory sqs-policy-principal: cannot tell: policy document is not JSON",
    );
    expect(found).toContain("mandatory sqs-encrypted: sqsManagedSseEnabled is absent");
  });
});

describe("policy config", () => {
  test("reaches the rule", async () => {
    const props = {
      ...goodTable,
      pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 14 },
    };
    expect(await development.analyze("acme", props)).toEqual([
      "advisory ddb-protect: protect is false",
    ]);
    await development.configure("ddb-pitr-days", analyzer.EnforcementLevel.MANDATORY, { days: 35 });
    expect(await development.analyze("acme", props)).toContain(
      "mandatory ddb-pitr-days: pointInTimeRecovery.recoveryPeriodInDays is 14",
    );
  });

  test("switches remediation on, which keeps secrets secret and leaves good resources alone", async () => {
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value: "hunter2",
    };
    const { pointInTimeRecovery: _, ...rest } = goodTable;
    const props: Props = { ...rest, name: secret };
    expect(await development.remediate("acme", props)).toEqual([]);
    await development.configure("ddb-pitr", analyzer.EnforcementLevel.REMEDIATE, {});
    expect(await development.remediate("acme", props)).toEqual([
      { ...props, pointInTimeRecovery: { enabled: true } },
    ]);
    expect(await development.remediate("acme", goodTable)).toEqual([]);
  });
});
