/** `local/gateway/`: an embedded API Gateway: routes, authorizer, events and answers of a REST API. */
import { z } from "zod";
import type { ResourceRecord } from "../../offline/record.ts";
import { functionOf, recordsOf } from "../records.ts";
import { type GatewayResponse, gatewayResponses } from "./response.ts";

/** A REST API as its records describe it. */
export interface Api {
  readonly id: string;
  /** From the tag `chatstack:tenant`: the first segment of its local URLs. */
  readonly tenant: string;
  readonly stage: string;
  /** Media types whose bodies reach the function as base64; `*` matches within a type. */
  readonly binaryMediaTypes: readonly string[];
  readonly routes: readonly Route[];
  readonly responses: ReadonlyMap<string, GatewayResponse>;
}

export interface Route {
  /** Template, e.g. `/chats/{id}` or `/{proxy+}`. */
  readonly resource: string;
  /** `GET`, …, or `ANY`. */
  readonly method: string;
  /** Absent: anybody may call. */
  readonly authorizer?: {
    readonly userPoolIds: readonly string[];
    /** With scopes the authorizer takes access tokens that carry one of them, else ID tokens. */
    readonly scopes: readonly string[];
  };
  readonly functionUrn: string;
  /** As the function answers: piece by piece, or as one JSON document. */
  readonly transfer: "STREAM" | "BUFFERED";
  readonly timeoutMilliseconds: number;
}

/** Reads every REST API that a stage publishes out of the records. */
export function readApis(records: readonly ResourceRecord[]): Api[] {
  return recordsOf(records, "aws:apigateway/stage:Stage", stageSchema).map(({ inputs: stage }) => {
    const api = recordsOf(records, "aws:apigateway/restApi:RestApi", restApiSchema).find(
      ({ record }) => record.id === stage.restApi,
    );
    if (api?.record.id === undefined) {
      throw new Error(`Stage ${stage.stageName} belongs to no REST API of this stack.`);
    }
    return {
      id: api.record.id,
      tenant: api.inputs.tags["chatstack:tenant"],
      stage: stage.stageName,
      binaryMediaTypes: api.inputs.binaryMediaTypes,
      routes: readRoutes(records, api.record),
      responses: gatewayResponses(records, api.record.id),
    };
  });
}

function readRoutes(records: readonly ResourceRecord[], api: ResourceRecord): Route[] {
  const ofApi = <Item extends { inputs: { restApi: string } }>(items: Item[]) =>
    items.filter(({ inputs }) => inputs.restApi === api.id);
  const paths = resourcePaths(
    api,
    ofApi(recordsOf(records, "aws:apigateway/resource:Resource", resourceSchema)),
  );
  const authorizers = ofApi(
    recordsOf(records, "aws:apigateway/authorizer:Authorizer", authorizerSchema),
  );
  const integrations = ofApi(
    recordsOf(records, "aws:apigateway/integration:Integration", integrationSchema),
  );
  return ofApi(recordsOf(records, "aws:apigateway/method:Method", methodSchema)).map(
    ({ record, inputs: method }) => {
      const integration = integrations.find(
        ({ inputs }) =>
          inputs.resourceId === method.resourceId && inputs.httpMethod === method.httpMethod,
      )?.inputs;
      if (integration === undefined) throw new Error(`${record.urn} has no integration.`);
      const route = {
        resource: paths.get(method.resourceId) ?? "/",
        method: method.httpMethod,
        functionUrn: functionOf(records, functionArnOf(integration.uri)),
        transfer: integration.responseTransferMode,
        timeoutMilliseconds: integration.timeoutMilliseconds,
      };
      if (method.authorization === "NONE") return route;
      const authorizer = authorizers.find((item) => item.record.id === method.authorizerId);
      if (method.authorization !== "COGNITO_USER_POOLS" || authorizer === undefined) {
        throw new Error(`${record.urn}: the local gateway knows Cognito authorizers only.`);
      }
      const userPoolIds = authorizer.inputs.providerArns.map((arn) => arn.split("/").at(-1) ?? "");
      return { ...route, authorizer: { userPoolIds, scopes: method.authorizationScopes } };
    },
  );
}

/** Path templates by resource id, the root's included. */
function resourcePaths(
  api: ResourceRecord,
  resources: { record: ResourceRecord; inputs: z.output<typeof resourceSchema> }[],
): Map<string, string> {
  const byId = new Map(resources.map((resource) => [resource.record.id, resource.inputs]));
  const pathOf = (id: string): string => {
    const resource = byId.get(id);
    return resource === undefined ? "" : `${pathOf(resource.parentId)}/${resource.pathPart}`;
  };
  const paths = new Map([[String(api.outputs.rootResourceId), "/"]]);
  for (const { record } of resources) if (record.id) paths.set(record.id, pathOf(record.id));
  return paths;
}

/** `…:lambda:path/<date>/functions/<ARN of a function, a version or an alias>/invocations` */
const functionArnOf = (uri: string) => /\/functions\/(arn:[^/]+)\//.exec(uri)?.[1] ?? uri;

const stageSchema = z.object({ restApi: z.string(), stageName: z.string() });

const restApiSchema = z.object({
  tags: z.object({ "chatstack:tenant": z.string() }),
  binaryMediaTypes: z.array(z.string()).default([]),
});

const resourceSchema = z.object({
  restApi: z.string(),
  parentId: z.string(),
  pathPart: z.string(),
});

const methodSchema = z.object({
  restApi: z.string(),
  resourceId: z.string(),
  httpMethod: z.string(),
  authorization: z.string(),
  authorizerId: z.string().optional(),
  authorizationScopes: z.array(z.string()).default([]),
});

const authorizerSchema = z.object({
  restApi: z.string(),
  providerArns: z.array(z.string()).default([]),
});

const integrationSchema = z.object({
  restApi: z.string(),
  resourceId: z.string(),
  httpMethod: z.string(),
  type: z.literal("AWS_PROXY"),
  uri: z.string(),
  responseTransferMode: z.enum(["STREAM", "BUFFERED"]).default("BUFFERED"),
  /** API Gateway quotas: 29 s unless the integration says otherwise. */
  timeoutMilliseconds: z.number().default(29_000),
});
