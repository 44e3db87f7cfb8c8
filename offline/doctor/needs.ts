/** What a stack needs of its account before the first `pulumi up`, read from its records. */
import { partitionOf } from "../../components/partition.ts";
import type { SharedGatewayRole } from "../engine-config/place.ts";
import type { Evaluation } from "../evaluate.ts";
import { entriesOf, fieldsOf, listOf } from "../fields.ts";
import type { ResourceRecord } from "../record.ts";
import { type RoleNeeds, roleNeeds } from "./role-needs.ts";
import { type ServiceRole, serviceRolesOf } from "./service-roles.ts";

export interface Needs {
  readonly stack: string;
  readonly isProduction: boolean;
  readonly region: string;
  readonly partition: string;
  readonly roles: RoleNeeds;
  /** Ids of models, of Amazon Bedrock or of its inference profiles. */
  readonly models: readonly string[];
  /** Who sets the role that API Gateway logs with; absent where no stage is made. */
  readonly gatewayRole?: "this stack" | "somebody else";
  /** Other stacks that set it as well, in the same account and region for all that their config says. */
  readonly gatewayRoleShared?: SharedGatewayRole;
  /** Keys of tags that budgets filter by. */
  readonly costTags: readonly string[];
  /** Who sends the mails of the user pools. */
  readonly mail: { readonly cognito: number; readonly ses: number };
  /** Login domains of user pools that carry a name and certificate of their own. */
  readonly customLogins: number;
  readonly serviceRoles: readonly ServiceRole[];
  /** Hosted zones that are there already, with the names that records are made for. */
  readonly zones: readonly { readonly id: string; readonly names: readonly string[] }[];
  /** Topics that are there already. */
  readonly topics: readonly string[];
  /** Types of the records, each once. */
  readonly types: ReadonlySet<string>;
}

export interface StackPlace {
  readonly region: string;
  readonly isProduction: boolean;
  readonly gatewayRoleShared?: SharedGatewayRole | undefined;
}

export function needsOf(
  { stack, records }: Evaluation,
  { region, isProduction, gatewayRoleShared }: StackPlace,
): Needs {
  const types = new Set(records.map(({ type }) => type));
  const of = (type: string) => records.filter((record) => record.type === type);
  const pools = of("aws:cognito/userPool:UserPool");
  const withSes = pools.filter(({ inputs }) => usesSes(inputs.emailConfiguration));
  return {
    stack,
    isProduction,
    region,
    partition: partitionOf(region).partition,
    roles: roleNeeds(records),
    models: modelsOf(of("aws:lambda/function:Function")),
    ...(types.has("aws:apigateway/stage:Stage") && {
      gatewayRole: types.has("aws:apigateway/account:Account") ? "this stack" : "somebody else",
    }),
    ...(gatewayRoleShared && { gatewayRoleShared }),
    costTags: costTagsOf(of("aws:budgets/budget:Budget")),
    mail: { cognito: pools.length - withSes.length, ses: withSes.length },
    customLogins: of("aws:cognito/userPoolDomain:UserPoolDomain").filter(
      ({ inputs }) => inputs.certificateArn !== undefined,
    ).length,
    serviceRoles: serviceRolesOf(records),
    zones: zonesOf(records),
    topics: topicsOf(records),
    types,
  };
}

const usesSes = (configuration: unknown): boolean =>
  fieldsOf(configuration).emailSendingAccount === "DEVELOPER";

/** Of the functions' environment: separated by commas, each as `id` or `id=<ARN of the tenant's profile>`. */
function modelsOf(functions: readonly ResourceRecord[]): string[] {
  const listed = functions.flatMap(({ inputs }) => {
    const { MODELS } = fieldsOf(fieldsOf(inputs.environment).variables);
    return typeof MODELS === "string" ? MODELS.split(",").map((one) => one.replace(/=.*/, "")) : [];
  });
  return unique(listed.filter((id) => id !== "" && id !== "embedded"));
}

const costTagsOf = (budgets: readonly ResourceRecord[]): string[] =>
  unique(budgets.flatMap(({ inputs }) => tagKeys(inputs.filterExpression)));

/** Tags of an expression of AWS Budgets, and of those that it combines. */
function tagKeys(expression: unknown): string[] {
  const { tags, ands, ors, not } = fieldsOf(expression);
  const combined = [ands, ors, not].flatMap((value) => listOf(value).flatMap(tagKeys));
  return [...texts([fieldsOf(tags).key]), ...combined];
}

function zonesOf(records: readonly ResourceRecord[]): Needs["zones"] {
  const made = idsOf(records, "aws:route53/zone:Zone");
  const named = records
    .filter(({ type }) => type === "aws:route53/record:Record")
    .flatMap(({ inputs: { zoneId, name } }) =>
      typeof zoneId === "string" && typeof name === "string" ? [{ zoneId, name }] : [],
    );
  return [...Map.groupBy(named, ({ zoneId }) => zoneId)]
    .filter(([id]) => !made.has(id))
    .map(([id, entries]) => ({ id, names: unique(entries.map(plainName)).filter(isHost) }));
}

const plainName = ({ name }: { readonly name: string }): string => name.replace(/\.$/, "");

/** Names that prove a certificate's owner begin with an underscore, below the name that they prove. */
const isHost = (name: string): boolean => !name.startsWith("_");

/** Topics that alarms and budgets tell and that the stack does not make. */
function topicsOf(records: readonly ResourceRecord[]): string[] {
  const made = idsOf(records, "aws:sns/topic:Topic");
  const told = records.flatMap(({ type, inputs }) => {
    if (type === "aws:cloudwatch/metricAlarm:MetricAlarm")
      return texts(listOf(inputs.alarmActions));
    if (type !== "aws:budgets/budget:Budget") return [];
    return entriesOf(inputs.notifications).flatMap(({ subscriberSnsTopicArns }) =>
      texts(listOf(subscriberSnsTopicArns)),
    );
  });
  return unique(told.filter((arn) => /^arn:[\w-]+:sns:/.test(arn) && !made.has(arn)));
}

const idsOf = (records: readonly ResourceRecord[], wanted: string): ReadonlySet<string> =>
  new Set(
    records
      .filter(({ type }) => type === wanted)
      .flatMap(({ id, outputs }) => texts([id, outputs.arn, outputs.zoneId])),
  );

const texts = (values: readonly unknown[]): string[] =>
  values.filter((value) => typeof value === "string");

const unique = (values: readonly string[]): string[] => [...new Set(values)];
