/**
 * A provider that touches nothing. Its outputs for resources of AWS are plausible, stable from run to
 * run, and complete: every output that the provider always returns is there, because an output that
 * resolves to `undefined` would silently drop the input that was built from it. What resources of other
 * packages return is unknown.
 */
import { hash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { type Partition, partitionOf, serviceHost } from "../components/partition.ts";
import { answerOf } from "./functions/functions.ts";
import { inPackage } from "./functions/in-package.ts";
import { resultFields } from "./functions/result-fields.ts";
import type { Created, Provider, ProviderRequest } from "./monitor.ts";

/** The account that AWS's own documentation uses for examples. */
export const fakeAccountId = "123456789012";

export interface FakeOptions {
  /** Folder from which the program finds `@pulumi/aws`. Default: this package. */
  readonly from?: string;
  /**
   * True leaves unknown what has a stand-in but no certain form: a program that takes a list's first
   * element, or parses a text, would fail on a stand-in. Needs an evaluation that previews.
   */
  readonly onlyCertain?: boolean;
}

export class FakeProvider implements Provider {
  readonly touchesNothing = true;
  readonly #region: string;
  readonly #partition: Partition;
  readonly #options: FakeOptions;

  /** @param region AWS region of the fakes. Default `us-east-1`. */
  constructor(region = "us-east-1", options: FakeOptions = {}) {
    this.#region = region;
    this.#partition = partitionOf(region);
    this.#options = options;
  }

  async create(request: ProviderRequest): Promise<Created> {
    if (!/^(aws|pulumi):/.test(request.type)) return { id: request.id, outputs: {} };
    const id = request.id ?? fakeId(request, this.#region);
    const outputs: Record<string, unknown> = {};
    for (const [property, type] of guaranteedOutputs(request.type, this.#options.from)) {
      if (request.inputs[property] !== undefined) continue;
      if (this.#options.onlyCertain && !certainOutputs.has(property)) continue;
      outputs[property] = this.#fakeOutput(request, property, type, id);
    }
    return { id, outputs };
  }

  async invoke(
    token: string,
    args: Record<string, unknown>,
  ): Promise<Record<string, unknown> | undefined> {
    return answerOf(token, args, { accountId: fakeAccountId, region: this.#region });
  }

  fieldsOf(token: string) {
    return resultFields(token, this.#options.from ?? import.meta.filename);
  }

  #fakeOutput(request: ProviderRequest, property: string, type: OutputType, id: string): unknown {
    if (type === "number") return 0;
    if (type === "boolean") return false;
    if (property === "domainValidationOptions") return [fakeValidation(request.inputs.domainName)];
    if (type === "array") return [];
    if (type === "object") return property === "tagsAll" ? (request.inputs.tags ?? {}) : {};
    if (property === "region") return this.#region;
    if (property === "name" || property === "bucket") return physicalName(request);
    if (property === "version" && request.type === "aws:lambda/function:Function") {
      return request.inputs.publish === true ? "1" : "$LATEST";
    }
    if (property === "keyId" || property === "url") return id;
    if (property === "endpoint" && request.type === "aws:cognito/userPool:UserPool") {
      return `${serviceHost("cognito-idp", this.#region)}/${id}`;
    }
    if (property === "arn") return this.#arn(request, id);
    // A resource that was given no policy has none; anything else would have to be JSON.
    if (property === "policy") return "";
    if (property === "executionArn") {
      const apiId = request.inputs.restApi ?? id;
      const stage = request.inputs.stageName ? `/${request.inputs.stageName}` : "";
      return `arn:${this.#partition.partition}:execute-api:${this.#region}:${fakeAccountId}:${apiId}${stage}`;
    }
    if (property === "invokeUrl") {
      const { restApi, stageName } = request.inputs;
      return `https://${restApi}.execute-api.${this.#region}.${this.#partition.dnsSuffix}/${stageName}`;
    }
    if (property === "invokeArn" || property === "responseStreamingInvokeArn") {
      return this.#invokeArn(this.#arn(request, id), property === "invokeArn");
    }
    if (/Arn$/.test(property)) return `${this.#arn(request, id)}/${property}`;
    return `${property}.${id}`;
  }

  /** What API Gateway calls a function by (API reference, Integration `uri`). */
  #invokeArn(functionArn: string, buffered: boolean): string {
    const path = buffered
      ? `2015-03-31/functions/${functionArn}/invocations`
      : `2021-11-15/functions/${functionArn}/response-streaming-invocations`;
    return `arn:${this.#partition.partition}:apigateway:${this.#region}:lambda:path/${path}`;
  }

  /** ARN formats: AWS Service Authorization Reference, "Resource types" of each service. */
  #arn(request: ProviderRequest, id: string): string {
    const service = request.type.split(/[:/]/)[1] ?? "aws";
    const named = physicalName(request);
    const { partition } = this.#partition;
    const regional = (serviceName: string, resource: string) =>
      `arn:${partition}:${serviceName}:${this.#region}:${fakeAccountId}:${resource}`;
    switch (request.type) {
      case "aws:dynamodb/table:Table":
        return regional("dynamodb", `table/${named}`);
      case "aws:s3/bucket:Bucket":
      case "aws:s3/bucketV2:BucketV2":
        return `arn:${partition}:s3:::${named}`;
      case "aws:cognito/userPool:UserPool":
        return regional("cognito-idp", `userpool/${id}`);
      case "aws:lambda/function:Function":
        return regional("lambda", `function:${named}`);
      case "aws:lambda/alias:Alias":
        return regional("lambda", `function:${request.inputs.functionName}:${named}`);
      case "aws:cloudwatch/logGroup:LogGroup":
        return regional("logs", `log-group:${named}`);
      case "aws:kms/key:Key":
        return regional("kms", `key/${id}`);
      case "aws:sqs/queue:Queue":
        return regional("sqs", named);
      case "aws:cloudwatch/eventBus:EventBus":
        return regional("events", `event-bus/${named}`);
      case "aws:scheduler/scheduleGroup:ScheduleGroup":
        return regional("scheduler", `schedule-group/${named}`);
      case "aws:scheduler/schedule:Schedule":
        return regional("scheduler", `schedule/${request.inputs.groupName ?? "default"}/${named}`);
      case "aws:kms/alias:Alias":
        return regional("kms", named);
      case "aws:backup/vault:Vault":
        return regional("backup", `backup-vault:${named}`);
      case "aws:backup/restoreTestingPlan:RestoreTestingPlan":
        return regional("backup", `restore-testing-plan:${named}-${id}`);
      case "aws:backup/plan:Plan":
        return regional("backup", `backup-plan:${id}`);
      case "aws:wafv2/webAcl:WebAcl":
        return regional("wafv2", `regional/webacl/${named}/${id}`);
      case "aws:bedrock/inferenceProfile:InferenceProfile":
        return regional("bedrock", `application-inference-profile/${id}`);
      case "aws:sns/topic:Topic":
        return regional("sns", named);
      case "aws:iam/role:Role":
      case "aws:iam/policy:Policy": {
        const kind = request.type.endsWith("Role") ? "role" : "policy";
        return `arn:${partition}:iam::${fakeAccountId}:${kind}/${named}`;
      }
      case "aws:apigateway/restApi:RestApi":
        return `arn:${this.#partition.partition}:apigateway:${this.#region}::/restapis/${id}`;
      case "aws:apigateway/stage:Stage":
        return `arn:${this.#partition.partition}:apigateway:${this.#region}::/restapis/${request.inputs.restApi}/stages/${request.inputs.stageName}`;
      default:
        return regional(service, `${request.type.split(":").at(-1)?.toLowerCase()}/${named}`);
    }
  }
}

/** The record that ACM wants to see in a domain's zone before it issues a certificate. */
const fakeValidation = (domainName: unknown) => ({
  domainName,
  resourceRecordName: `_validation.${domainName}.`,
  resourceRecordType: "CNAME",
  resourceRecordValue: "_validation.acm-validations.aws.",
});

/** What the provider's SDK declares: `Output<string>` is always returned, `Output<string | undefined>` is not. */
type OutputType = "string" | "number" | "boolean" | "array" | "object";

/** Outputs whose form is known for every type: texts that a program puts into others as they are. */
const certainOutputs: ReadonlySet<string> = new Set([
  ...["arn", "bucket", "executionArn", "invokeArn", "invokeUrl", "keyId", "name", "region", "url"],
  ...["responseStreamingInvokeArn", "tagsAll"],
]);

const guaranteedByType = new Map<string, ReadonlyMap<string, OutputType>>();

function guaranteedOutputs(
  type: string,
  from = import.meta.filename,
): ReadonlyMap<string, OutputType> {
  const key = `${from} ${type}`;
  const known = guaranteedByType.get(key);
  if (known) return known;
  const outputs = new Map<string, OutputType>();
  for (const line of declaration(type, from).split("\n")) {
    const match = /^ {4}readonly (\w+): pulumi\.Output<(.+?)(>;)?$/.exec(line);
    const [, property, declared] = match ?? [];
    if (property && declared && !declared.endsWith("| undefined")) {
      outputs.set(property, outputType(declared));
    }
  }
  guaranteedByType.set(key, outputs);
  return outputs;
}

function outputType(declared: string): OutputType {
  if (declared === "number" || declared === "boolean") return declared;
  if (declared.endsWith("[]")) return "array";
  if (declared === "{" || declared.startsWith("outputs.")) return "object";
  return "string";
}

/**
 * Text of the class's `.d.ts`; `aws:dynamodb/table:Table` lives in `@pulumi/aws/dynamodb/table.d.ts`. Empty
 * for a type of another version of the package.
 */
function declaration(type: string, from: string): string {
  const [packageName, module, className] = type.split(":");
  if (packageName !== "aws" || !module || !className) return "";
  const path = `${module.replace(/^index\//, "")}.d.ts`;
  for (const place of [from, import.meta.filename]) {
    const file = inPackage(place, "@pulumi/aws", path);
    if (file !== undefined && existsSync(file)) return readFileSync(file, "utf8");
  }
  return "";
}

/** Explicit name, or one made as the provider makes it: prefix or logical name, and hex digits. */
export function physicalName(request: ProviderRequest): string {
  const { name, namePrefix, bucket } = request.inputs;
  if (typeof name === "string") return name;
  if (typeof namePrefix === "string") return `${namePrefix}${digest(request.urn).slice(0, 7)}`;
  if (isBucket(request) && typeof bucket === "string") return bucket;
  return autoName(request);
}

/** Of versions 6 and 7 of the provider. */
const isBucket = ({ type }: ProviderRequest): boolean => /^aws:s3\/bucket(V2)?:/.test(type);

const autoName = ({ urn, name }: ProviderRequest) => `${name}-${digest(urn).slice(0, 7)}`;

const digest = (urn: string) => hash("sha256", urn);

/** Ids in the shape that the service gives, where something downstream reads that shape. */
function fakeId(request: ProviderRequest, region: string): string {
  const digits = digest(request.urn);
  switch (request.type) {
    case "aws:dynamodb/table:Table":
    case "aws:s3/bucket:Bucket":
    case "aws:s3/bucketV2:BucketV2":
    case "aws:iam/role:Role":
    case "aws:lambda/function:Function":
    case "aws:cloudwatch/logGroup:LogGroup":
    case "aws:kms/alias:Alias":
    case "aws:backup/vault:Vault":
      return physicalName(request);
    case "aws:sqs/queue:Queue":
      return `https://sqs.${region}.${partitionOf(region).dnsSuffix}/${fakeAccountId}/${physicalName(request)}`;
    case "aws:cognito/userPool:UserPool":
      return `${region}_${digits.slice(0, 9)}`;
    case "aws:cognito/userPoolClient:UserPoolClient":
      return digits.slice(0, 26);
    case "aws:kms/key:Key":
      return digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
    default:
      return digits.slice(0, 10);
  }
}
