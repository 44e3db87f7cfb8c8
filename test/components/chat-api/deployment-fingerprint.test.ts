import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { AuthPool } from "../../../components/auth-pool/auth-pool.ts";
import { ChatApi, type ChatApiArgs } from "../../../components/chat-api/chat-api.ts";
import { ChatTable } from "../../../components/chat-table/chat-table.ts";
import type { Transform } from "../../../components/component.ts";
import { DocumentBucket } from "../../../components/document-bucket/document-bucket.ts";
import { evaluate } from "../../../offline/evaluate.ts";
import { FakeProvider } from "../../../offline/fake-provider.ts";
import type { Provider } from "../../../offline/monitor.ts";

type Options = Partial<Omit<ChatApiArgs, "tenant" | "table" | "documents" | "auth">>;

/** What makes Pulumi deploy the API again when it is another. */
async function fingerprint(options: Options = {}, provider?: Provider): Promise<unknown> {
  const program = () => {
    const tenant = { tenant: "acme" };
    const table = new ChatTable("chat", tenant);
    const documents = new DocumentBucket("documents", tenant);
    const auth = new AuthPool("users", tenant);
    new ChatApi("api", { ...tenant, table, documents, auth, ...options });
  };
  const { records } = await evaluate(program, { provider });
  const deployment = records.find(({ type }) => type.endsWith(":Deployment"));
  return deployment?.inputs.triggers;
}

let before: unknown;
beforeAll(async () => {
  before = await fingerprint();
});

/** Sets one argument, whatever the type of the resource. */
const set =
  (property: string, value: unknown): Transform<object> =>
  (args) => {
    Object.assign(args, { [property]: value });
  };

describe("an API is deployed again", () => {
  test.each<[string, Options]>([
    ["its oldest TLS", { minimumTls: "1.3" }],
    ["its reference", { reference: "public" }],
    ["its origins", { corsOrigins: ["https://app.acme.example"] }],
    ["its quota", { quota: { requests: 1_000, per: "day" } }],
    ["its timeout", { timeoutSeconds: 60 }],
    ["its release", { release: "versions" }],
    ["the API by a transform", { transform: { restApi: set("binaryMediaTypes", ["*/*"]) } }],
    ["its policy by a transform", { transform: { restApi: set("policy", pulumi.output("{}")) } }],
    ["a path by a transform", { transform: { path: set("pathPart", "other") } }],
    ["a method by a transform", { transform: { method: set("requestValidatorId", "v") } }],
    [
      "an integration by a transform",
      {
        transform: {
          integration: set("requestParameters", { "integration.request.header.a": "'b'" }),
        },
      },
    ],
    [
      "the authorizer by a transform",
      { transform: { authorizer: set("identityValidationExpression", "^Bearer ") } },
    ],
    [
      "a gateway response by a transform",
      {
        transform: {
          gatewayResponse: set("responseParameters", { "gatewayresponse.header.a": "'b'" }),
        },
      },
    ],
  ])("when something it serves changed: %s", async (_, options) => {
    expect(await fingerprint(options)).not.toEqual(before);
  });
});

describe("an API is not deployed again", () => {
  /** As a refresh does: every empty output is there, in another spelling. */
  class Refreshed extends FakeProvider {
    readonly #empty: unknown;

    constructor(empty: unknown) {
      super();
      this.#empty = empty;
    }

    override async create(request: Parameters<FakeProvider["create"]>[0]) {
      const { id, outputs } = await super.create(request);
      if (!request.type.startsWith("aws:apigateway/")) return { id, outputs };
      const absent = ["authorizationScopes", "apiKeyRequired", "requestParameters", "statusCode"]
        .concat("responseParameters", "cacheKeyParameters", "authorizerId", "requestModels")
        .filter((name) => request.inputs[name] === undefined);
      return {
        id,
        outputs: { ...outputs, ...Object.fromEntries(absent.map((name) => [name, this.#empty])) },
      };
    }
  }

  test.each([null, "", [], {}])("when a refresh spells what is empty as %j", async (empty) => {
    expect(await fingerprint({}, new Refreshed(empty))).toEqual(before);
  });

  test.each([
    undefined,
    null,
    "",
    [],
    {},
  ])("when a transform sets %j, which is nothing", async (empty) => {
    const nothing = set("requestParameters", empty);
    const transform = { method: nothing, integration: nothing, gatewayResponse: nothing };
    expect(await fingerprint({ transform })).toEqual(before);
  });

  test.each<[string, Options]>([
    ["its tags", { tags: { team: "chat" } }],
    ["its throttle, which is the stage's", { throttle: { requestsPerSecond: 1, burst: 1 } }],
    ["the function's memory", { memorySize: 1024 }],
  ])("when something else changed: %s", async (_, options) => {
    expect(await fingerprint(options)).toEqual(before);
  });
});
