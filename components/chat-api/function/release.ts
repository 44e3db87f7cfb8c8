/** How new code reaches requests: at once, as versions behind an alias, or a few requests first. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../../component.ts";
import { type Fault, integerFaults } from "../../fault.ts";

/**
 * - `"latest"`: requests run the version that was deployed last. To go back, deploy again.
 * - `"versions"`: each deployment publishes a version, and an alias moves to it.
 * - `Canary`: the alias stays at one version and sends a share of the requests to the newest.
 *
 * Free. Versions count against the 75 GB of code that Lambda keeps per account and region.
 */
export type Release = "latest" | "versions" | Canary;

export interface Canary {
  /** Version that the other requests stay at, e.g. `"12"`. */
  readonly stableVersion: string;
  /** Percent of requests that the newest version gets, 1–99. */
  readonly newestPercent: number;
}

export interface ReleaseArgs {
  /** Default `"latest"`. */
  readonly release?: Release;
  /**
   * Function processes that are always started, so that no request waits for a start: 1 or more, at most
   * `reservedConcurrency`. Needs `release: "versions"`. Default `"off"`. Each costs $4.38 a month at 512
   * MB, used or not (AWS Lambda pricing, arm64, US East).
   */
  readonly provisionedConcurrency?: number | "off";
}

/** Which releases Lambda refuses, or cannot keep processes started for. */
export function* releaseFaults({
  release = "latest",
  provisionedConcurrency = "off",
  reservedConcurrency = "unreserved",
}: ReleaseArgs & { readonly reservedConcurrency?: number | "unreserved" }): Generator<Fault> {
  if (reservedConcurrency !== "unreserved")
    yield* integerFaults("reservedConcurrency", reservedConcurrency, 1, 10_000);
  if (typeof release === "object") {
    const { stableVersion, newestPercent } = release;
    yield* integerFaults("release.newestPercent", newestPercent, 1, 99);
    if (!/^[1-9]\d*$/.test(stableVersion))
      yield ["release.stableVersion", stableVersion, 'a published version, e.g. "12"'];
  }
  if (provisionedConcurrency === "off") return;
  const most = reservedConcurrency === "unreserved" ? 10_000 : reservedConcurrency;
  yield* integerFaults("provisionedConcurrency", provisionedConcurrency, 1, most);
  if (release === "latest") yield ["release", release, `"versions" with provisionedConcurrency`];
  // Lambda: "Alias with weights can not be used with Provisioned Concurrency".
  if (typeof release === "object")
    yield ["provisionedConcurrency", provisionedConcurrency, `"off" while a canary runs (${page})`];
}

const page = "AWS Lambda API reference, PutProvisionedConcurrencyConfig";

export interface ReleaseTransform {
  alias?: Transform<aws.lambda.AliasArgs>;
  provisionedConcurrency?: Transform<aws.lambda.ProvisionedConcurrencyConfigArgs>;
}

export interface Released {
  readonly alias: aws.lambda.Alias;
  /** Absent while no process is kept started. */
  readonly provisionedConcurrency?: aws.lambda.ProvisionedConcurrencyConfig;
}

/** @returns what the API invokes instead of the function; nothing where it invokes the function. */
export function createRelease(
  name: string,
  fn: aws.lambda.Function,
  { release = "latest", provisionedConcurrency = "off" }: ReleaseArgs,
  resource: DescribeResource,
  transform: ReleaseTransform | undefined,
): Released | undefined {
  if (release === "latest") return undefined;
  const alias = new aws.lambda.Alias(
    name,
    ...resource(
      {
        name: "live",
        functionName: fn.name,
        ...(release === "versions" ? { functionVersion: fn.version } : canary(release, fn.version)),
      },
      transform?.alias,
    ),
  );
  if (provisionedConcurrency === "off") return { alias };
  return {
    alias,
    provisionedConcurrency: new aws.lambda.ProvisionedConcurrencyConfig(
      name,
      ...resource(
        {
          functionName: fn.name,
          qualifier: alias.name,
          provisionedConcurrentExecutions: provisionedConcurrency,
        },
        transform?.provisionedConcurrency,
      ),
    ),
  };
}

const canary = ({ stableVersion, newestPercent }: Canary, newest: pulumi.Output<string>) => ({
  functionVersion: stableVersion,
  // Lambda refuses weights for the version that the alias is at: nothing new was deployed yet.
  routingConfig: newest.apply((version) =>
    version === stableVersion
      ? undefined
      : { additionalVersionWeights: { [version]: newestPercent / 100 } },
  ),
});

/** All requests go to the newest version: the stable one was published in another state of its tenant. */
export const withoutCanary = (release: Release | undefined): Release | undefined =>
  typeof release === "object" ? "versions" : release;

/**
 * What API Gateway calls an alias by when it streams: the provider has such an ARN for functions only
 * (API Gateway Developer Guide, "Set up a Lambda proxy integration with payload response streaming").
 */
export const streamingInvokeArnOf = ({ arn }: aws.lambda.Alias): pulumi.Output<string> =>
  arn.apply((text) => {
    const [, partition, , region] = text.split(":");
    return `arn:${partition}:apigateway:${region}:lambda:path/2021-11-15/functions/${text}/response-streaming-invocations`;
  });
