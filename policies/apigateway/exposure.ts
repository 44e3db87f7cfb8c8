import { hipaa, prowler } from "../frameworks.ts";
import { at, isObject, knownAt, textAt } from "../reading/read.ts";
import { isHarmless, isSecretName, secretKind } from "../reading/secrets.ts";
import { resourceRule, stackRule } from "../rule.ts";
import { restApis, restStages, v2Apis, v2Stages } from "./apis.ts";

export const stageSecrets = resourceRule({
  id: "api-stage-secrets",
  service: "API Gateway",
  description: "Stage variables must hold no secret.",
  reason: "Whoever may read the API's settings reads them, and they stand in exported definitions.",
  fix: "keep the value in Secrets Manager or Parameter Store, and pass its name or ARN.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...prowler("apigateway_restapi_no_secrets_in_stage_variables"),
    ...hipaa("164.312(a)(1)"),
  ],
  types: [restStages, v2Stages, "aws:apigateway/deployment:Deployment"],
  judge({ props }, report) {
    for (const block of ["variables", "stageVariables"]) {
      const variables = at(props, block);
      for (const name of isObject(variables) ? Object.keys(variables) : []) {
        const isNamed = isSecretName(name) && !isHarmless(knownAt(variables, [name]));
        const kind = isNamed ? "a secret by its name" : secretKind(textAt(variables, [name]) ?? "");
        if (kind) report(`${block}.${name}`, kind, "the secret's ARN");
      }
    }
  },
});

export const defaultEndpoint = stackRule({
  id: "api-default-endpoint",
  service: "API Gateway",
  description: "APIs with a domain of their own should not answer under AWS's as well.",
  reason: "What the domain asks for, a certificate or a TLS policy, its second address does not.",
  fix: "set disableExecuteApiEndpoint: true.",
  severity: "low",
  level: "advisory",
  frameworks: [],
  types: [restApis, v2Apis],
  judge(api, report, _config, stack) {
    const mappings = [
      ...stack.namedBy(api, "restApi", "aws:apigateway/basePathMapping:BasePathMapping"),
      ...stack.namedBy(api, "apiId", "aws:apigatewayv2/apiMapping:ApiMapping"),
    ];
    // Unknown at a first preview where the program is silent.
    const disabled = knownAt(api.props, "disableExecuteApiEndpoint");
    if (mappings.length > 0 && disabled !== true)
      report("disableExecuteApiEndpoint", disabled, "true");
  },
});
