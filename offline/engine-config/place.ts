/** Which account and region a stack's config names, and what several stacks set for all of them. */
import { homeIn } from "../../components/region.ts";
import type { EngineConfig } from "./stack-config.ts";

export interface Place {
  readonly account?: string;
  readonly region: string;
}

export interface NamedConfig extends Pick<EngineConfig, "config"> {
  readonly stack: string;
}

/**
 * Where a stack is: the account that its config allows, or whose policies it uses, or the profile. Stacks that say nothing
 * are taken to be of one account.
 */
export function placeOf({ config }: Pick<EngineConfig, "config">): Place {
  const region = config["aws:region"] ?? "us-east-1";
  const [named] = homeIn(config, config["chatstack:permissionsBoundaryArn"]).accounts;
  const account = named ?? config["aws:profile"];
  return { region, ...(account !== undefined && { account }) };
}

/** ARN of the role that the stack's provider assumes first. */
export const roleOf = ({ config }: Pick<EngineConfig, "config">): string | undefined =>
  /arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+/.exec(
    config["aws:assumeRoles"] ?? config["aws:assumeRole"] ?? "",
  )?.[0];

/** Stacks of one place, by its account and region. */
export function byPlace<T>(
  stacks: readonly T[],
  configOf: (stack: T) => Pick<EngineConfig, "config">,
): T[][] {
  const groups = Map.groupBy(stacks, (stack) => {
    const { account = "", region } = placeOf(configOf(stack));
    return `${account} ${region}`;
  });
  return [...groups.values()];
}

/** API Gateway has one log role for each account and region: stacks that both set it overwrite each other's. */
export interface SharedGatewayRole extends Place {
  readonly project: string;
  /** At least two. */
  readonly stacks: readonly string[];
  /** False where no config names the account: then the stacks may be of several. */
  readonly isCertain: boolean;
}

export function sharedGatewayRoles(
  stacks: readonly NamedConfig[],
  project: string,
): SharedGatewayRole[] {
  const managing = stacks.filter(
    ({ config }) =>
      `${project}:tenants` in config && config[`${project}:apiGatewayAccount`] !== "existing",
  );
  return byPlace(managing, (stack) => stack).flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length < 2) return [];
    const place = placeOf(first);
    const isCertain = place.account !== undefined;
    return [{ ...place, project, stacks: group.map(({ stack }) => stack), isCertain }];
  });
}

export function sharedRoleText(shared: SharedGatewayRole): string {
  const { project, account, region, stacks, isCertain } = shared;
  const files = stacks.map((stack) => `Pulumi.${stack}.yaml`).join(", ");
  const where = isCertain
    ? `account ${account} and ${region}`
    : `${region}, and no config says that their accounts differ (aws:allowedAccountIds would)`;
  return (
    `${project}:apiGatewayAccount: found "managed" in ${files}, all of ${where}; allowed: "managed" in one ` +
    'of them and "existing" in the others. API Gateway has one log role for an account and region, and ' +
    "each update of a stack that manages it sets another."
  );
}
