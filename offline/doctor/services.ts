/** What services want to be told once for an account, or account and region, before a stack uses them. */
import { counted } from "../text.ts";
import type { AccountFacts, ModelAccess } from "./facts.ts";
import type { Needs } from "./needs.ts";
import type { Check } from "./report.ts";

export const serviceChecks = (needs: Needs, facts: AccountFacts | undefined): Check[] => [
  ...needs.models.map((id) => modelCheck(id, needs, facts)),
  ...gatewayChecks(needs, facts),
  ...needs.costTags.map((key) => costTagCheck(key, facts)),
  ...mailChecks(needs, facts),
  ...needs.zones.map((zone) => zoneCheck(zone, facts)),
  ...needs.topics.map((arn) => topicCheck(arn, facts)),
];

type Judgement = Pick<Check, "state" | "why" | "todo">;

const unreadText = "The records cannot tell; --account reads it.";

function modelCheck(
  id: string,
  { region, partition }: Needs,
  facts: AccountFacts | undefined,
): Check {
  return { id: "bedrock-model", subject: id, ...judged() };

  function judged(): Judgement {
    const todo = {
      text: modelAdvice(id, partition),
      commands: [
        "aws bedrock get-foundation-model-availability \\",
        `  --model-id ${id.replace(areas, "")} --region ${region}`,
      ],
    };
    const read = facts?.models.get(id);
    if (read === undefined) return { state: "unknown", why: unreadText, todo };
    if ("refused" in read) return { state: "unknown", why: read.refused, todo };
    const faults = faultsOf(read.value);
    if (faults.length === 0) return { state: "ok", why: "The account may call it." };
    return { state: "missing", why: `Amazon Bedrock says: ${faults.join(", ")}.`, todo };
  }
}

/** Amazon Bedrock User Guide, "Request access to models". */
function modelAdvice(id: string, partition: string): string {
  if (partition !== "aws") {
    return "Request access to the model, as the guide of AWS GovCloud (US) describes.";
  }
  const model = id.replace(areas, "");
  if (model.startsWith("anthropic.")) {
    return "Describe your use case to Anthropic once for the account, on the model's page in the console of Amazon Bedrock.";
  }
  return model.startsWith("amazon.")
    ? "Amazon's own models need no request; see that this region has the model."
    : "The first call subscribes to the model, if its caller may aws-marketplace:Subscribe: make it once in the console of Amazon Bedrock.";
}

/** Inference profiles that AWS defines carry the area that they route in before the model's id. */
const areas = /^(?:us|us-gov|ca|sa|eu|apac|jp|au|me|global)\./;

/** The id of the model that a profile routes to, or of the model itself. */
export const foundationModelOf = (id: string): string => id.replace(areas, "");

function faultsOf({ agreement, authorization, entitlement, region }: ModelAccess): string[] {
  return [
    ...(authorization === "AUTHORIZED" ? [] : [`authorization ${authorization}`]),
    ...(entitlement === "AVAILABLE" ? [] : [`entitlement ${entitlement}`]),
    ...(region === "AVAILABLE" ? [] : [`region ${region}`]),
    ...(agreement === "AVAILABLE" ? [] : [`agreement ${agreement}`]),
  ];
}

function gatewayChecks(
  { gatewayRole, gatewayRoleShared, stack, region }: Needs,
  facts: AccountFacts | undefined,
): Check[] {
  if (gatewayRole === undefined) return [];
  const named = { id: "api-gateway-role", subject: "API Gateway's log role" };
  if (gatewayRole === "this stack" && gatewayRoleShared !== undefined) {
    const { stacks, isCertain } = gatewayRoleShared;
    const others = stacks.filter((name) => name !== stack).join(", ");
    const where = isCertain ? "in the same account and region" : "perhaps in the same account";
    const why = `${counted(stacks.length, "stack", "stacks")} set it, ${where}: also ${others}. Each update overwrites the other's.`;
    const text =
      "Write chatstack:apiGatewayAccount: existing in all but one of them, or say with aws:allowedAccountIds that their accounts differ.";
    return [{ ...named, state: isCertain ? "missing" : "unknown", why, todo: { text } }];
  }
  const read = facts?.gatewayRole;
  const refused = read && "refused" in read ? read.refused : unreadText;
  const arn = read && "value" in read ? read.value : undefined;
  const isRead = read !== undefined && "value" in read;
  if (gatewayRole === "this stack") {
    const why = "This stack sets it for the account and region.";
    if (arn === undefined) return [{ ...named, state: "ok", why }];
    const text =
      "Unless this stack set it, write chatstack:apiGatewayAccount: existing: one stack of an account and region sets the role.";
    const found = `The account has one already: ${arn.split("/").at(-1)}. This stack sets its own.`;
    const isOurs = /\/api-gateway-logs-/.test(arn);
    return [{ ...named, state: isOurs ? "ok" : "unknown", why: found, todo: { text } }];
  }
  if (arn !== undefined) return [{ ...named, state: "ok", why: "The account has one." }];
  return [
    {
      ...named,
      state: isRead ? "missing" : "unknown",
      why: isRead ? "None is set, and stages that log are refused." : refused,
      todo: {
        text: "Let one stack of the account and region have chatstack:apiGatewayAccount: managed, or set the role by hand.",
        commands: [
          `aws apigateway update-account --region ${region} --patch-operations \\`,
          "  op=replace,path=/cloudwatchRoleArn,value=<ARN of the role>",
        ],
      },
    },
  ];
}

function costTagCheck(key: string, facts: AccountFacts | undefined): Check {
  const todo = {
    text: "A day after the first update, let whoever pays the bill activate the tag: in an organization its management account.",
    commands: [
      "aws ce update-cost-allocation-tags-status --region us-east-1 \\",
      `  --cost-allocation-tags-status TagKey=${key},Status=Active`,
    ],
  };
  return { id: "cost-tag", subject: `tag ${key}`, ...judged() };

  function judged(): Judgement {
    if (facts === undefined) {
      return {
        state: "unknown",
        why: `Budgets count nothing until it is active. ${unreadText}`,
        todo,
      };
    }
    if ("refused" in facts.costTags) return { state: "unknown", why: facts.costTags.refused, todo };
    const status = facts.costTags.value.get(key);
    if (status === "Active") return { state: "ok", why: "Active: budgets count by it." };
    if (status === "Inactive") {
      return { state: "missing", why: "Inactive: budgets count nothing.", todo };
    }
    const why = "No bill has shown it yet, and before that it cannot be activated.";
    return { state: "unknown", why, todo };
  }
}

function mailChecks({ mail, region }: Needs, facts: AccountFacts | undefined): Check[] {
  const own: Check[] = [];
  if (mail.cognito > 0) {
    const pools = counted(mail.cognito, "user pool sends", "user pools send");
    const why = `${pools} by Cognito's own mail: 50 a day for all of the account. Enough to invite few users.`;
    own.push({ id: "mail", subject: "mail by Cognito", state: "ok", why });
  }
  if (mail.ses === 0) return own;
  const named = { id: "mail", subject: "mail by Amazon SES" };
  const todo = {
    text: "Ask Amazon SES for production access, and verify the sender.",
    commands: [
      `aws sesv2 put-account-details --region ${region} --production-access-enabled \\`,
      "  --mail-type TRANSACTIONAL --website-url https://<your site>",
    ],
  };
  const read = facts?.mail;
  if (read === undefined) own.push({ ...named, state: "unknown", why: unreadText, todo });
  else if ("refused" in read) own.push({ ...named, state: "unknown", why: read.refused, todo });
  else if (!read.value.isProduction) {
    const why = "The account is in the sandbox: mails reach verified addresses only.";
    own.push({ ...named, state: "missing", why, todo });
  } else if (!read.value.maySend) {
    own.push({ ...named, state: "missing", why: "AWS paused the account's mails.", todo });
  } else own.push({ ...named, state: "ok", why: "The account is out of the sandbox." });
  return own;
}

function zoneCheck({ id, names }: Needs["zones"][number], facts: AccountFacts | undefined): Check {
  return { id: "hosted-zone", subject: `zone ${id}`, ...judged() };

  function judged(): Judgement {
    const todo = {
      text: `Name the hosted zone that ${names.join(", ")} belong${names.length === 1 ? "s" : ""} to.`,
      commands: ["aws route53 list-hosted-zones --output table"],
    };
    const read = facts?.zones.get(id);
    if (read === undefined) return { state: "unknown", why: unreadText, todo };
    if ("refused" in read) return { state: "unknown", why: read.refused, todo };
    if (read.value === undefined) return { state: "missing", why: "There is no such zone.", todo };
    const zone = read.value.replace(/\.$/, "");
    const outside = names.filter((name) => name !== zone && !name.endsWith(`.${zone}`));
    if (outside.length === 0) return { state: "ok", why: `It is there: ${zone}.` };
    return { state: "missing", why: `It is ${zone}; outside it: ${outside.join(", ")}.`, todo };
  }
}

function topicCheck(arn: string, facts: AccountFacts | undefined): Check {
  const name = arn.split(":").at(-1);
  return { id: "topic", subject: `topic ${name}`, ...judged() };

  function judged(): Judgement {
    const todo = {
      text: "Subscribe whoever is on call, and confirm the mail that AWS sends.",
      commands: [
        `aws sns subscribe --protocol email --notification-endpoint <address> \\`,
        `  --topic-arn ${arn}`,
      ],
    };
    const read = facts?.topics.get(arn);
    if (read === undefined) return { state: "unknown", why: unreadText, todo };
    if ("refused" in read) return { state: "unknown", why: read.refused, todo };
    if (read.value === undefined) return { state: "missing", why: "There is no such topic.", todo };
    const { confirmed, pending } = read.value;
    if (confirmed > 0)
      return { state: "ok", why: `${counted(confirmed, "subscriber", "subscribers")}.` };
    const waiting = pending > 0 ? ` ${pending} did not confirm yet.` : "";
    return { state: "missing", why: `Nobody hears its alarms.${waiting}`, todo };
  }
}
