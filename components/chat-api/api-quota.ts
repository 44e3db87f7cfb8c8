/** How many requests a tenant has paid for: a usage plan, which counts the requests by the API key that clients send. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../component.ts";

/**
 * A quota is free. API Gateway counts with a delay, so a few more requests may pass; then it answers 429.
 * (API Gateway Developer Guide, "Usage plans and API keys for REST APIs".)
 */
export interface RequestQuota {
  /** Requests of all users together, at least 1. */
  readonly requests: number;
  readonly per: "day" | "week" | "month";
}

export interface Quota {
  readonly usagePlan: aws.apigateway.UsagePlan;
  readonly apiKey: aws.apigateway.ApiKey;
  readonly usagePlanKey: aws.apigateway.UsagePlanKey;
}

export interface QuotaTransform {
  usagePlan?: Transform<aws.apigateway.UsagePlanArgs>;
  apiKey?: Transform<aws.apigateway.ApiKeyArgs>;
}

/** Makes the usage plan and its key. The key only says which quota a request counts against. The token says who may call. */
export function createQuota(
  name: string,
  { requests, per }: RequestQuota,
  stage: aws.apigateway.Stage,
  tags: Record<string, pulumi.Input<string>>,
  resource: DescribeResource,
  transform: QuotaTransform | undefined,
): Quota {
  const usagePlan = new aws.apigateway.UsagePlan(
    name,
    ...resource(
      {
        apiStages: [{ apiId: stage.restApi, stage: stage.stageName }],
        quotaSettings: { limit: requests, period: per.toUpperCase() },
        tags,
      },
      transform?.usagePlan,
    ),
  );
  const apiKey = new aws.apigateway.ApiKey(
    name,
    ...resource({ tags }, transform?.apiKey, { additionalSecretOutputs: ["value"] }),
  );
  const usagePlanKey = new aws.apigateway.UsagePlanKey(
    name,
    ...resource({ usagePlanId: usagePlan.id, keyId: apiKey.id, keyType: "API_KEY" }),
  );
  return { usagePlan, apiKey, usagePlanKey };
}
