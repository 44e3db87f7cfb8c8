/**
 * How often API Gateway lets an account and region change its APIs. None of these can be raised, so they are the least that an
 * operation on many tenants takes, however many run at once.
 */

export interface Rate {
  /** Operation of the API, as AWS names it. */
  readonly operation: string;
  /** Seconds between two calls. */
  readonly seconds: number;
  readonly type: string;
  /** What is done to a resource of the type when the operation is called. */
  readonly on: readonly Change[];
}

export type Change = "create" | "update" | "delete";

/** Amazon API Gateway Developer Guide, "API Gateway quotas for creating, deploying and managing an API"; 2026-11. */
export const rates: readonly Rate[] = [
  {
    operation: "CreateRestApi",
    seconds: 3,
    type: "aws:apigateway/restApi:RestApi",
    on: ["create"],
  },
  {
    operation: "DeleteRestApi",
    seconds: 30,
    type: "aws:apigateway/restApi:RestApi",
    on: ["delete"],
  },
  {
    operation: "CreateDeployment",
    seconds: 5,
    type: "aws:apigateway/deployment:Deployment",
    on: ["create"],
  },
  {
    operation: "CreateDomainName",
    seconds: 30,
    type: "aws:apigateway/domainName:DomainName",
    on: ["create"],
  },
  {
    operation: "UpdateDomainName",
    seconds: 30,
    type: "aws:apigateway/domainName:DomainName",
    on: ["update"],
  },
  {
    operation: "DeleteDomainName",
    seconds: 30,
    type: "aws:apigateway/domainName:DomainName",
    on: ["delete"],
  },
  {
    operation: "CreateResource",
    seconds: 1 / 5,
    type: "aws:apigateway/resource:Resource",
    on: ["create"],
  },
  {
    operation: "DeleteResource",
    seconds: 1 / 5,
    type: "aws:apigateway/resource:Resource",
    on: ["delete"],
  },
  {
    operation: "CreateApiKey",
    seconds: 1 / 5,
    type: "aws:apigateway/apiKey:ApiKey",
    on: ["create"],
  },
  {
    operation: "DeleteApiKey",
    seconds: 1 / 5,
    type: "aws:apigateway/apiKey:ApiKey",
    on: ["delete"],
  },
  {
    // Before it deletes a plan, the provider takes its stages out of it.
    operation: "UpdateUsagePlan",
    seconds: 20,
    type: "aws:apigateway/usagePlan:UsagePlan",
    on: ["update", "delete"],
  },
  {
    operation: "UpdateAccount",
    seconds: 20,
    type: "aws:apigateway/account:Account",
    on: ["create", "update", "delete"],
  },
];

/** All operations of API Gateway together, a second; 40 more may come at once. */
const total = { perSecond: 10, burst: 40 } as const;

export interface LeastTime {
  readonly seconds: number;
  /** The operation that takes so long, and how often it is called. */
  readonly operation?: string;
  readonly calls?: number;
}

export interface Step {
  readonly type: string;
  readonly change: Change;
}

/** The least that the steps take together in one account and region. Operations wait for calls of their own kind only. */
export function leastTime(steps: readonly Step[]): LeastTime {
  const counts = new Map<string, number>();
  for (const { type, change } of steps) {
    const key = `${type} ${change}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const times = rates.map(({ operation, seconds, type, on }): LeastTime => {
    const calls = on.reduce((sum, change) => sum + (counts.get(`${type} ${change}`) ?? 0), 0);
    return { operation, calls, seconds: Math.max(0, calls - 1) * seconds };
  });
  const calls = steps.filter(({ type }) => type.startsWith("aws:apigateway/")).length;
  const all: LeastTime = {
    operation: "all operations of API Gateway",
    calls,
    seconds: Math.max(0, calls - total.burst) / total.perSecond,
  };
  const longest = [...times, all].reduce((most, one) => (one.seconds > most.seconds ? one : most));
  return longest.seconds > 0 ? { ...longest, seconds: Math.ceil(longest.seconds) } : { seconds: 0 };
}

export interface LeastTimes {
  /** `pulumi up` of everything, where nothing is there yet. */
  readonly create: LeastTime;
  /** `pulumi up` that deploys every API anew, such as after a change of its routes. */
  readonly redeploy: LeastTime;
  /** `pulumi destroy` of everything that is not protected. */
  readonly destroy: LeastTime;
}

/** @param types of the resources, one entry a resource. */
export function leastTimes(types: readonly string[]): LeastTimes {
  const steps = (change: Change, of = types): Step[] => of.map((type) => ({ type, change }));
  const deployments = types.filter((type) => type === "aws:apigateway/deployment:Deployment");
  const stages = types.filter((type) => type === "aws:apigateway/stage:Stage");
  return {
    create: leastTime(steps("create")),
    redeploy: leastTime([...steps("create", deployments), ...steps("update", stages)]),
    destroy: leastTime(steps("delete")),
  };
}
