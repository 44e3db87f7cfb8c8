import { at, isObject, listAt, textAt } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";
import { restApis, v2Apis } from "./apis.ts";
import { authorizing } from "./authorizer.ts";

export const openApiAuthorizer = resourceRule({
  id: "api-authorizer-openapi",
  service: "API Gateway",
  description: "APIs that come whole must authorize every operation.",
  reason:
    "An OpenAPI body or a quick-create target brings no method or route that could be judged.",
  fix: "give the body as JSON in which each operation names a security scheme with an authorizer; replace target by routes.",
  ...authorizing,
  types: [restApis, v2Apis],
  judge({ props }, report, { open }) {
    const target = at(props, "target");
    if (target !== undefined) report("target", target, "routes with authorizers");
    const body = textAt(props, "body");
    const document = body === undefined ? {} : parse(body);
    if (document === undefined) report("body", "no JSON", "an OpenAPI document in JSON");
    for (const { path, method, operation } of operationsOf(document))
      if (!open.includes(path) && !isAuthorized(operation, document))
        report(`body ${method} ${path}`, "open", "a security scheme with an authorizer");
  },
});

/** Preflight is not among them. */
const methods = ["get", "put", "post", "delete", "head", "patch", "trace"];
const anyMethod = "x-amazon-apigateway-any-method";

function operationsOf(document: unknown) {
  const paths = at(document, "paths");
  return keysOf(paths).flatMap((path) => {
    const operations = at(paths, [path]);
    return keysOf(operations)
      .filter((method) => methods.includes(method) || method === anyMethod)
      .map((method) => ({ path, method, operation: at(operations, [method]) }));
  });
}

/** Any one of the listed requirements is enough; an empty one asks for nothing (OpenAPI 3.1, "Security Requirement Object"). */
function isAuthorized(operation: unknown, document: unknown): boolean {
  if (at(operation, ["x-amazon-apigateway-auth", "type"]) === "AWS_IAM") return true;
  const own = at(operation, "security");
  const requirements =
    own === undefined ? listAt(document, "security") : listAt(operation, "security");
  return (
    requirements.length > 0 &&
    requirements.every((one) => keysOf(one).some((scheme) => isAuthorizer(scheme, document)))
  );
}

/** Schemes without one are documentation to API Gateway, or ask for an API key, which is no identity. */
function isAuthorizer(scheme: string, document: unknown): boolean {
  const definition =
    at(document, ["components", "securitySchemes", scheme]) ??
    at(document, ["securityDefinitions", scheme]);
  return (
    at(definition, "x-amazon-apigateway-authorizer") !== undefined ||
    at(definition, "x-amazon-apigateway-authtype") === "awsSigv4"
  );
}

const keysOf = (value: unknown) => (isObject(value) ? Object.keys(value) : []);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
