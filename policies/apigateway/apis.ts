import { knownAt, textAt } from "../reading/read.ts";
import type { Resource, Stack, StackResource } from "../rule.ts";
import { perStack } from "../rule.ts";

/** REST APIs are `apigateway`, HTTP and WebSocket APIs `apigatewayv2`. */
export const restApis = "aws:apigateway/restApi:RestApi";
export const restResources = "aws:apigateway/resource:Resource";
export const restMethods = "aws:apigateway/method:Method";
export const restIntegrations = "aws:apigateway/integration:Integration";
export const restStages = "aws:apigateway/stage:Stage";
export const methodSettings = "aws:apigateway/methodSettings:MethodSettings";
export const v2Apis = "aws:apigatewayv2/api:Api";
export const v2Routes = "aws:apigatewayv2/route:Route";
export const v2Integrations = "aws:apigatewayv2/integration:Integration";
export const v2Stages = "aws:apigatewayv2/stage:Stage";

/**
 * The method settings of a REST stage. They name the stage by name only, so one that names it literally belongs to
 * the stage of that name in the same API.
 */
export function settingsOf(stage: StackResource, stack: Stack): readonly StackResource[] {
  const name = knownAt(stage.props, "stageName");
  const ofApi = apiOf(stage, "restApi", stack);
  const siblings = ofApi === undefined ? [] : stack.namedBy(ofApi, "restApi", methodSettings);
  return [
    ...new Set([
      ...stack.namedBy(stage, "stageName", methodSettings),
      ...siblings.filter(({ props }) => name !== undefined && knownAt(props, "stageName") === name),
    ]),
  ];
}

/** The settings of all methods together; those of single methods override them. */
export function settingsOfAllMethods(
  stage: StackResource,
  stack: Stack,
): StackResource | undefined {
  return settingsOf(stage, stack).find(({ props }) => textAt(props, "methodPath") === "*/*");
}

/** The API that a resource names in `property`: the resource where it is in the stack, else its id. */
export function apiOf(
  resource: StackResource,
  property: "restApi" | "apiId",
  stack: Stack,
): Resource | string | undefined {
  const [source] = (resource.propertyDependencies[property] ?? []).filter(isApi);
  const id = knownAt(resource.props, property);
  return source ?? (typeof id === "string" ? (apisById(stack).get(id) ?? id) : undefined);
}

const apisById = perStack((stack) => {
  const apis = new Map<unknown, StackResource>();
  for (const api of stack.ofType(restApis, v2Apis)) apis.set(knownAt(api.props, "id"), api);
  apis.delete(undefined);
  return apis;
});

const isApi = ({ type }: Resource) => type === restApis || type === v2Apis;

/** Undefined where the API is not in the stack. */
export function protocolOf(v2Resource: StackResource, stack: Stack): string | undefined {
  const api = apiOf(v2Resource, "apiId", stack);
  return typeof api === "object" ? textAt(api.props, "protocolType") : undefined;
}
