import { hipaa, nag, securityHub } from "../frameworks.ts";
import { knownAt, listAt, textAt } from "../reading/read.ts";
import type { Report, Stack, StackResource } from "../rule.ts";
import { perStack, stackRule } from "../rule.ts";
import { protocolOf, restApis, restMethods, restResources, v2Routes } from "./apis.ts";

/** What both rules on authorizers have in common. */
export const authorizing = {
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...nag("AwsSolutions-APIG4", "AwsSolutions-COG4"),
    ...securityHub("APIGateway.8"),
    ...hipaa("164.312(a)(1)", "164.312(d)"),
  ],
  config: {
    open: {
      type: "array",
      items: { type: "string" },
      // The API reference holds nothing of a tenant; a stack publishes it with `reference: public`.
      default: ["/health", "/docs", "/openapi.json"],
      description: "Paths that anybody may ask for; so is CORS preflight (OPTIONS) on every path.",
    },
  },
} as const;

export const authorizer = stackRule({
  id: "api-authorizer",
  service: "API Gateway",
  description: "Every method and route must have an authorizer.",
  reason: "A method without one answers anybody on the internet.",
  fix: "give the method an authorizer (with authorizationScopes where it is Cognito's), or allow its path in the policy's config.",
  ...authorizing,
  types: [restMethods, v2Routes],
  judge(subject, report, { open }, stack) {
    if (subject.type === restMethods) judgeMethod(subject, report, open, stack);
    else judgeRoute(subject, report, open, stack);
  },
});

function judgeMethod(
  method: StackResource,
  report: Report,
  open: readonly string[],
  stack: Stack,
): void {
  const kind = textAt(method.props, "authorization");
  if (kind === undefined || kind === "NONE") {
    if (textAt(method.props, "httpMethod") === "OPTIONS") return;
    const path = pathOf(method, "resourceId", stack);
    if (path === undefined || !open.includes(path))
      report(`authorization of ${path ?? "a path outside this stack"}`, kind, authorizedKinds);
  } else if (kind === "COGNITO_USER_POOLS") {
    // Without scopes API Gateway takes ID tokens, which are the client's to read, not the API's.
    if (listAt(method.props, "authorizationScopes").length === 0)
      report("authorizationScopes", undefined, "a scope, so that only access tokens count");
  }
}

const authorizedKinds = "COGNITO_USER_POOLS, CUSTOM or AWS_IAM";

function judgeRoute(
  route: StackResource,
  report: Report,
  open: readonly string[],
  stack: Stack,
): void {
  const kind = textAt(route.props, "authorizationType");
  if (kind !== undefined && kind !== "NONE") return;
  const key = textAt(route.props, "routeKey") ?? "";
  // A WebSocket is authorized once, when it opens.
  if (protocolOf(route, stack) === "WEBSOCKET" && key !== "$connect") return;
  const [method, path = key] = key.split(" ");
  if (method !== "OPTIONS" && !open.includes(path))
    report(`authorizationType of ${key}`, kind, "JWT, CUSTOM or AWS_IAM");
}

/** `undefined` where the path leaves the stack: it may be any. */
function pathOf(resource: StackResource, property: string, stack: Stack): string | undefined {
  const [source] = (resource.propertyDependencies[property] ?? []).filter(
    ({ type }) => type === restApis || type === restResources,
  );
  const parent = source ?? resourcesById(stack).get(knownAt(resource.props, property));
  if (parent === undefined) return undefined;
  if (parent.type === restApis) return "/";
  const above = pathOf(parent, "parentId", stack);
  const part = textAt(parent.props, "pathPart");
  return above === undefined || part === undefined
    ? undefined
    : `${above.replace(/\/$/, "")}/${part}`;
}

/** REST APIs stand for their roots. */
const resourcesById = perStack((stack) => {
  const byId = new Map<unknown, StackResource>();
  for (const one of stack.ofType(restResources)) byId.set(knownAt(one.props, "id"), one);
  for (const api of stack.ofType(restApis)) byId.set(knownAt(api.props, "rootResourceId"), api);
  byId.delete(undefined);
  return byId;
});
