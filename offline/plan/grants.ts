/** Every permission that records give, one for each action, resource and principal. */
import { type Fields, fieldsOf, listOf } from "../fields.ts";
import type { ResourceRecord } from "../record.ts";
import { labelOf } from "./symbolic.ts";

export interface Grant {
  readonly effect: "Allow" | "Deny";
  readonly who: string;
  readonly action: string;
  readonly resource: string;
  readonly condition?: string;
  /** Of the resource that has the policy. */
  readonly urn: string;
}

/** By what they say: that one policy says what another said is no change. */
export function grantsOf(records: readonly ResourceRecord[]): ReadonlyMap<string, Grant> {
  const attached = rolesByPolicy(records);
  const grants = records.flatMap((record): Grant[] => {
    const { urn, inputs } = record;
    const own = labelOf(record.type, record.name);
    const by = (document: unknown, holder: Holder) => statementsOf(document, holder, urn);
    switch (record.type) {
      case "aws:iam/policy:Policy":
        return (attached.get(own) ?? [own]).flatMap((who) => by(inputs.policy, { who }));
      case "aws:iam/rolePolicy:RolePolicy":
        return by(inputs.policy, { who: holderIn(inputs.role) });
      case "aws:iam/rolePolicyAttachment:RolePolicyAttachment":
        return managedPolicy(inputs.policyArn, holderIn(inputs.role), urn);
      case "aws:iam/role:Role":
        return [
          ...by(inputs.assumeRolePolicy, { resource: own }),
          ...listOf(inputs.inlinePolicies).flatMap((one) => by(fieldsOf(one).policy, { who: own })),
          ...listOf(inputs.managedPolicyArns).flatMap((arn) => managedPolicy(arn, own, urn)),
        ];
      case "aws:lambda/permission:Permission":
        return [invocation(record)];
      default: {
        const of = resourcePolicies[record.type];
        const target = of?.target === undefined ? own : holderIn(inputs[of.target]);
        return of ? by(inputs[of.policy], { resource: target }) : [];
      }
    }
  });
  return new Map(grants.map(({ urn, ...says }) => [JSON.stringify(says), { ...says, urn }]));
}

/** The property that holds the policy, and the one that names whose it is; absent where it is its own. */
const resourcePolicies: Readonly<
  Record<string, { readonly policy: string; readonly target?: string }>
> = {
  "aws:apigateway/restApi:RestApi": { policy: "policy" },
  "aws:apigateway/restApiPolicy:RestApiPolicy": { policy: "policy", target: "restApiId" },
  "aws:backup/vaultPolicy:VaultPolicy": { policy: "policy", target: "backupVaultName" },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": { policy: "policyDocument" },
  "aws:dynamodb/resourcePolicy:ResourcePolicy": { policy: "policy", target: "resourceArn" },
  "aws:ec2/vpcEndpoint:VpcEndpoint": { policy: "policy" },
  "aws:kms/key:Key": { policy: "policy" },
  "aws:kms/keyPolicy:KeyPolicy": { policy: "policy", target: "keyId" },
  "aws:s3/bucket:Bucket": { policy: "policy" },
  "aws:s3/bucketPolicy:BucketPolicy": { policy: "policy", target: "bucket" },
  "aws:secretsmanager/secretPolicy:SecretPolicy": { policy: "policy", target: "secretArn" },
  "aws:sns/topic:Topic": { policy: "policy" },
  "aws:sns/topicPolicy:TopicPolicy": { policy: "policy", target: "arn" },
  "aws:sqs/queue:Queue": { policy: "policy" },
  "aws:sqs/queuePolicy:QueuePolicy": { policy: "policy", target: "queueUrl" },
};

/** Who holds an identity policy, or what a resource policy is of: the other is in its statements. */
type Holder = { readonly who: string } | { readonly resource: string };

function statementsOf(document: unknown, holder: Holder, urn: string): Grant[] {
  return listOf(fieldsOf(document).Statement).flatMap((entry) => {
    const statement = fieldsOf(entry);
    const condition =
      statement.Condition === undefined ? {} : { condition: conditionText(statement.Condition) };
    const effect = statement.Effect === "Deny" ? "Deny" : "Allow";
    const actions = words(statement, "Action");
    const resources = words(statement, "Resource");
    const whole = "resource" in holder ? [holder.resource] : ["*"];
    const on = resources.length > 0 ? resources : whole;
    const who = "who" in holder ? [holder.who] : principals(statement);
    return who.flatMap((one) =>
      on.flatMap((resource) =>
        actions.map((action) => ({ effect, who: one, action, resource, ...condition, urn })),
      ),
    );
  });
}

/** `Action`, or each entry of `NotAction` as `all but …`, which is one word however many it leaves out. */
function words(statement: Fields, field: "Action" | "Resource"): string[] {
  const but = listOf(statement[`Not${field}`]).map(String);
  return but.length > 0 ? [`all but ${but.join(", ")}`] : listOf(statement[field]).map(String);
}

function principals(statement: Fields): string[] {
  const but = statement.NotPrincipal === undefined ? "" : "all but ";
  const named = statement.NotPrincipal ?? statement.Principal;
  const found =
    typeof named === "object" && named !== null && !Array.isArray(named)
      ? Object.values(named).flatMap((entry) => listOf(entry).map(String))
      : listOf(named).map(String);
  return found.length > 0 ? found.map((one) => `${but}${one}`) : ["anyone"];
}

/** `StringEquals aws:SourceAccount = 123456789012` */
const conditionText = (condition: unknown): string =>
  Object.entries(fieldsOf(condition))
    .flatMap(([operator, keys]) =>
      Object.entries(fieldsOf(keys)).map(
        ([key, values]) => `${operator} ${key} = ${listOf(values).map(String).join(" or ")}`,
      ),
    )
    .join(" and ");

function invocation({ urn, inputs }: ResourceRecord): Grant {
  const conditions = (
    [
      ["sourceArn", "aws:SourceArn"],
      ["sourceAccount", "aws:SourceAccount"],
      ["principalOrgId", "aws:PrincipalOrgID"],
    ] as const
  ).flatMap(([property, key]) =>
    inputs[property] === undefined ? [] : [`${key} = ${inputs[property]}`],
  );
  const qualifier = inputs.qualifier === undefined ? "" : `:${inputs.qualifier}`;
  return {
    effect: "Allow",
    who: String(inputs.principal),
    action: String(inputs.action),
    resource: `${holderIn(inputs.function)}${qualifier}`,
    ...(conditions.length > 0 && { condition: conditions.join(" and ") }),
    urn,
  };
}

/** AWS's own policies are named; what is in them is AWS's. */
const managedPolicy = (arn: unknown, who: string, urn: string): Grant[] =>
  typeof arn === "string" && arn.startsWith("arn:")
    ? [{ effect: "Allow", who, action: `all of ${arn.split("/").at(-1)}`, resource: "*", urn }]
    : [];

/** By the label of a policy: the roles that have it. */
function rolesByPolicy(records: readonly ResourceRecord[]): ReadonlyMap<string, string[]> {
  const roles = new Map<string, string[]>();
  for (const { type, inputs } of records) {
    if (type !== "aws:iam/rolePolicyAttachment:RolePolicyAttachment") continue;
    const policy = holderIn(inputs.policyArn);
    roles.set(policy, [...(roles.get(policy) ?? []), holderIn(inputs.role)]);
  }
  return roles;
}

/** `${iam.Role acme-api.name}` → `iam.Role acme-api`; other text as it is. */
function holderIn(value: unknown): string {
  const text = String(value);
  return /^\$\{(.+)\.[\w-]+\}$/.exec(text)?.[1] ?? text;
}
