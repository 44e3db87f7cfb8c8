/** What a tenant's REST API routes to the app, and how it is deployed. */
import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../component.ts";
import { gatewayResponses } from "./gateway-responses.ts";

export interface RoutesArgs {
  readonly restApi: aws.apigateway.RestApi;
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
}

export interface Routes {
  readonly authorizer: aws.apigateway.Authorizer;
  readonly methods: readonly aws.apigateway.Method[];
  readonly integrations: readonly aws.apigateway.Integration[];
  readonly responses: readonly aws.apigateway.Response[];
  readonly deployment: aws.apigateway.Deployment;
}

/** Who may read what the API is: `/docs` and `/openapi.json`, which hold nothing of a tenant. */
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
  const authorizer = new aws.apigateway.Authorizer(
    name,
    ...resource(
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
      ...resource(
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
      ...resource(
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
      ...resource({
        restApi: restApi.id,
        parentId: restApi.rootResourceId,
        pathPart: route.pathPart,
      }),
    );
    handle(path, route);
    if (route.authorized && args.corsOrigins.length > 0) handle(path, preflight);
  }
  const responses = gatewayResponses(args.corsOrigins).map(
    ({ responseType, statusCode, headers, body }) =>
      new aws.apigateway.Response(
        `${name}-${responseType.toLowerCase().replaceAll("_", "-")}`,
        ...resource({
          restApiId: restApi.id,
          responseType,
          statusCode,
          responseParameters: headers,
          // The media type of a gateway response is its template's key.
          responseTemplates: { "application/problem+json": body },
        }),
      ),
  );
  const deployed = { authorizer, methods, integrations, responses };
  const deployment = new aws.apigateway.Deployment(
    name,
    ...resource(
      { restApi: restApi.id, triggers: { configuration: fingerprint(deployed) } },
      undefined,
      {
        dependsOn: [...methods, ...integrations, ...responses],
      },
    ),
  );
  return { ...deployed, deployment };
}

/** A deployment is a snapshot: it must be made again whenever what it was made from changes. */
function fingerprint(routing: Omit<Routes, "deployment">): pulumi.Output<string> {
  return pulumi
    .jsonStringify([
      [routing.authorizer.id, routing.authorizer.providerArns],
      routing.methods.map((m) => [
        m.resourceId,
        m.httpMethod,
        m.authorization,
        m.authorizerId,
        m.authorizationScopes,
        m.apiKeyRequired,
      ]),
      routing.integrations.map((i) => [
        i.type,
        i.uri,
        i.responseTransferMode,
        i.timeoutMilliseconds,
      ]),
      routing.responses.map((r) => [
        r.responseType,
        r.statusCode,
        r.responseParameters,
        r.responseTemplates,
      ]),
    ])
    .apply((json) => createHash("sha256").update(json).digest("hex"));
}
