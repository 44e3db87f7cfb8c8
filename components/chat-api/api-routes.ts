/** What a tenant's REST API routes to the app, and how it is deployed. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../component.ts";
import { fingerprint } from "./deployment-fingerprint.ts";
import { gatewayResponses } from "./gateway-responses.ts";

export interface RoutesArgs {
  readonly restApi: aws.apigateway.RestApi;
  /** What `restApi` was made from. */
  readonly restApiArgs: aws.apigateway.RestApiArgs;
  readonly userPoolArn: pulumi.Input<string>;
  /** The function's ARN for invocations that stream. */
  readonly invokeArn: pulumi.Input<string>;
  /** Seconds until API Gateway gives up on an answer. */
  readonly timeoutSeconds: number;
  readonly reference: ApiReference;
  /** One of these must be in the access token. */
  readonly accessScopes: readonly pulumi.Input<string>[];
  /** Origins whose pages may call; none: no browser may. */
  readonly corsOrigins: readonly string[];
  /** Whether a request must bring the key that its quota is counted by. */
  readonly apiKeyRequired: boolean;
  readonly transform?: RoutesTransform;
}

export interface RoutesTransform {
  authorizer?: Transform<aws.apigateway.AuthorizerArgs>;
  method?: Transform<aws.apigateway.MethodArgs>;
  integration?: Transform<aws.apigateway.IntegrationArgs>;
  path?: Transform<aws.apigateway.ResourceArgs>;
  gatewayResponse?: Transform<aws.apigateway.ResponseArgs>;
  deployment?: Transform<aws.apigateway.DeploymentArgs>;
}

export interface Routes {
  readonly authorizer: aws.apigateway.Authorizer;
  readonly methods: readonly aws.apigateway.Method[];
  readonly integrations: readonly aws.apigateway.Integration[];
  readonly responses: readonly aws.apigateway.Response[];
  readonly deployment: aws.apigateway.Deployment;
}

/** Who may read `/docs` and `/openapi.json`, which have no data of a tenant. */
export type ApiReference = "signed-in" | "public";

/** What the app's routes need from the gateway; the app itself does the routing. */
const routes = [
  { name: "health", pathPart: "health", httpMethod: "GET", authorized: false },
  { name: "app", pathPart: "{proxy+}", httpMethod: "ANY", authorized: true },
] as const;

interface Handled {
  readonly name: string;
  readonly httpMethod: string;
  readonly authorized: boolean;
}

/** A browser that opens a page brings no token along. */
const referenceRoutes = [
  { name: "docs", pathPart: "docs", httpMethod: "GET", authorized: false },
  { name: "openapi", pathPart: "openapi.json", httpMethod: "GET", authorized: false },
] as const;

/** A browser asks before it calls, and brings no token along; the app answers, which knows the origins. */
const preflight = { name: "preflight", httpMethod: "OPTIONS", authorized: false } as const;

/**
 * Routes of a REST API, and a deployment that is made again whenever one of them changes. Everything
 * but `/health`, and the API reference where it is public, asks for an access token of the tenant's pool.
 */
export function createRoutes(
  name: string,
  { restApi, userPoolArn, invokeArn, timeoutSeconds, transform, ...args }: RoutesArgs,
  resource: DescribeResource,
): Routes {
  const served: unknown[] = [args.restApiArgs];
  const serve: DescribeResource = (given, edit, extra) => {
    const described = resource(given, edit, extra);
    served.push(described[0]);
    return described;
  };
  const authorizer = new aws.apigateway.Authorizer(
    name,
    ...serve(
      { restApi: restApi.id, type: "COGNITO_USER_POOLS", providerArns: [userPoolArn] },
      transform?.authorizer,
    ),
  );
  const methods: aws.apigateway.Method[] = [];
  const integrations: aws.apigateway.Integration[] = [];
  const handle = (path: aws.apigateway.Resource, route: Handled) => {
    const childName = `${name}-${route.name}`;
    const method = new aws.apigateway.Method(
      childName,
      ...serve(
        {
          restApi: restApi.id,
          resourceId: path.id,
          httpMethod: route.httpMethod,
          ...(route.authorized
            ? {
                authorization: "COGNITO_USER_POOLS",
                authorizerId: authorizer.id,
                // Asking for a scope is what makes the authorizer take access tokens; without one it
                // takes ID tokens (API Gateway Developer Guide, "Integrate a REST API with an Amazon
                // Cognito user pool").
                authorizationScopes: [...args.accessScopes],
                ...(args.apiKeyRequired && { apiKeyRequired: true }),
              }
            : { authorization: "NONE" }),
        },
        transform?.method,
      ),
    );
    const integration = new aws.apigateway.Integration(
      childName,
      ...serve(
        {
          restApi: restApi.id,
          resourceId: path.id,
          httpMethod: method.httpMethod,
          type: "AWS_PROXY",
          integrationHttpMethod: "POST",
          uri: invokeArn,
          responseTransferMode: "STREAM",
          timeoutMilliseconds: timeoutSeconds * 1000,
        },
        transform?.integration,
      ),
    );
    methods.push(method);
    integrations.push(integration);
  };
  for (const route of [...routes, ...(args.reference === "public" ? referenceRoutes : [])]) {
    const path = new aws.apigateway.Resource(
      `${name}-${route.name}`,
      ...serve(
        {
          restApi: restApi.id,
          parentId: restApi.rootResourceId,
          pathPart: route.pathPart,
        },
        transform?.path,
      ),
    );
    handle(path, route);
    if (route.authorized && args.corsOrigins.length > 0) handle(path, preflight);
  }
  const responses = gatewayResponses(args.corsOrigins).map(
    ({ responseType, statusCode, headers, body }) =>
      new aws.apigateway.Response(
        `${name}-${responseType.toLowerCase().replaceAll("_", "-")}`,
        ...serve(
          {
            restApiId: restApi.id,
            responseType,
            statusCode,
            responseParameters: headers,
            // The media type of a gateway response is its template's key.
            responseTemplates: { "application/problem+json": body },
          },
          transform?.gatewayResponse,
        ),
      ),
  );
  const deployed = { authorizer, methods, integrations, responses };
  const deployment = new aws.apigateway.Deployment(
    name,
    ...resource(
      { restApi: restApi.id, triggers: { configuration: fingerprint(served) } },
      transform?.deployment,
      { dependsOn: [authorizer, ...methods, ...integrations, ...responses] },
    ),
  );
  return { ...deployed, deployment };
}
