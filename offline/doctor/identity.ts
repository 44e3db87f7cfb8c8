/** The permissions boundary, and the roles that AWS makes for itself. */
import { coversAction, statementsOf } from "../../policies/reading/policy-document.ts";
import { counted } from "../text.ts";
import type { AccountFacts } from "./facts.ts";
import type { Needs } from "./needs.ts";
import type { Check, Todo } from "./report.ts";
import { boundaryDocument, mostPolicyCharacters } from "./role-needs.ts";

/** The account of AWS's own examples, which the example stack file names. */
const exampleAccount = "123456789012";

export function identityChecks(needs: Needs, facts: AccountFacts | undefined): Check[] {
  return [...boundaryChecks(needs, facts), ...serviceRoleChecks(needs, facts)];
}

function boundaryChecks(needs: Needs, facts: AccountFacts | undefined): Check[] {
  const { roles, isProduction } = needs;
  const named = { id: "permissions-boundary", subject: "permissions boundary" };
  if (roles.count === 0) return [];
  const own: Check[] = [];
  if (roles.unbound.length > 0) {
    const all = `${counted(roles.unbound.length, "role has", "roles have")} no boundary`;
    own.push(
      isProduction
        ? {
            ...named,
            state: "missing",
            why: `${all}; production asks for one.`,
            todo: makeTodo(needs),
          }
        : { ...named, state: "ok", why: `${all}, and this stack is not production.` },
    );
  }
  return [...own, ...roles.boundaries.map((arn) => ({ ...named, ...judged(arn, needs, facts) }))];
}

type Judgement = Pick<Check, "state" | "why" | "todo">;

function judged(arn: string, needs: Needs, facts: AccountFacts | undefined): Judgement {
  const [, partition = "", , , account = "", name = ""] = arn.split(":");
  const todo = makeTodo(needs, name.replace(/^policy\//, ""));
  if (partition !== needs.partition) {
    const why = `Its ARN is of partition ${partition}; the region is of ${needs.partition}.`;
    return { state: "missing", why, todo };
  }
  if (facts === undefined) {
    return account === exampleAccount
      ? { state: "missing", why: "Its ARN is of the example account 123456789012.", todo }
      : {
          state: "unknown",
          why: `It must be in account ${account} before the first update.`,
          todo,
        };
  }
  if (account !== facts.account && account !== "aws") {
    const why = `Its ARN is of account ${account}; the credentials are of ${facts.account}.`;
    return { state: "missing", why, todo };
  }
  const read = facts.boundaries.get(arn) ?? { refused: "It was not read." };
  if ("refused" in read) return { state: "unknown", why: read.refused, todo };
  if (read.value === undefined) return { state: "missing", why: "There is no such policy.", todo };
  return coverage(read.value, needs, todo);
}

/** Conditions and resources are not judged: a boundary that narrows them narrows on purpose. */
function coverage(document: string, { roles }: Needs, todo: Todo): Judgement {
  const statements = statementsOf(document);
  const allows = statements.filter(({ effect }) => effect === "Allow");
  const denies = statements.filter(
    ({ effect, conditions, resources }) =>
      effect === "Deny" && conditions.length === 0 && resources.includes("*"),
  );
  const lacking = roles.actions.filter(
    (action) =>
      !allows.some((one) => coversAction(one, action)) ||
      denies.some((one) => coversAction(one, action)),
  );
  if (lacking.length === 0) {
    const why = `It allows all ${roles.actions.length} actions that the stack's roles need.`;
    return { state: "ok", why };
  }
  const more = lacking.length > 6 ? ` and ${lacking.length - 6} more` : "";
  return {
    state: "missing",
    why: `It does not allow ${lacking.slice(0, 6).join(", ")}${more}.`,
    todo,
  };
}

function makeTodo({ stack, roles }: Needs, name = "chatstack-boundary"): Todo {
  const size = JSON.stringify(boundaryDocument(roles.actions)).length;
  const tooLarge =
    size > mostPolicyCharacters
      ? ` It has ${size} characters and AWS takes ${mostPolicyCharacters}: shorten it with wildcards.`
      : "";
  return {
    text: `Let an administrator make the policy, and name it in chatstack:permissionsBoundaryArn.${tooLarge}`,
    commands: [
      `chatstack doctor --stack ${stack} --boundary > boundary.json`,
      `aws iam create-policy --policy-name ${name} \\`,
      "  --policy-document file://boundary.json",
    ],
  };
}

function serviceRoleChecks({ serviceRoles }: Needs, facts: AccountFacts | undefined): Check[] {
  if (serviceRoles.length === 0) return [];
  const named = { id: "service-linked-roles", subject: "service-linked roles" };
  const reads = serviceRoles.map((role) => ({ role, read: facts?.serviceRoles.get(role.service) }));
  const absent = reads.filter(({ read }) => read !== undefined && "value" in read && !read.value);
  const unread = reads.filter(({ read }) => read === undefined || "refused" in read);
  if (absent.length + unread.length === 0) {
    return [{ ...named, state: "ok", why: `All ${serviceRoles.length} are there.` }];
  }
  const wanted = [...absent, ...unread].map(({ role }) => role);
  const first =
    absent.length > 0
      ? `${absent.length} of ${serviceRoles.length} are not there yet`
      : `${serviceRoles.length} are used`;
  return [
    {
      ...named,
      state: "unknown",
      why: `${first}. AWS makes each when it is used first, if whoever deploys may call iam:CreateServiceLinkedRole.`,
      todo: {
        text: "Allow that call to whoever deploys, or let an administrator make the roles.",
        commands: wanted.map(
          ({ service }) => `aws iam create-service-linked-role --aws-service-name \\\n  ${service}`,
        ),
      },
    },
  ];
}
