import { resource, testRule, unknown } from "../testing.ts";
import { restStages, v2Stages } from "./apis.ts";
import { defaultEndpoint, stageSecrets } from "./exposure.ts";
import { httpApi, ofApi, restApi } from "./samples.ts";

testRule(stageSecrets, {
  passes: {
    "plain variables": [
      resource(restStages, { variables: { table: "acme", PASSWORD_POLICY: "x" } }),
    ],
    "where a secret is kept": [resource(restStages, { variables: { dbPasswordArn: "arn:x" } })],
  },
  objects: {
    "a name is a secret's": [
      [resource(restStages, { variables: { dbPassword: "x" } })],
      "variables.dbPassword",
    ],
    "a value is": [
      [resource(v2Stages, { stageVariables: { db: "postgres://a:hunter2@db" } })],
      "stageVariables.db",
    ],
    "a secret's value is unknown": [
      [resource(restStages, { variables: { apiKey: unknown } })],
      "variables.apiKey",
    ],
  },
});

const mapping = "aws:apigateway/basePathMapping:BasePathMapping";
const v2Mapping = "aws:apigatewayv2/apiMapping:ApiMapping";
testRule(defaultEndpoint, {
  passes: { "an API without a domain": [restApi] },
  objects: {
    "an API with one answers under both": [
      [restApi, ofApi(mapping, {})],
      "disableExecuteApiEndpoint",
    ],
    "an HTTP API does": [
      [httpApi, resource(v2Mapping, {}, { propertyDependencies: { apiId: [httpApi] } })],
      "disableExecuteApiEndpoint",
    ],
  },
});
