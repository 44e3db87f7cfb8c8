import { isUnnamed } from "./arn.ts";
import { areNetworks } from "./networks.ts";
import type { Condition, Statement } from "./statement.ts";

/**
 * What a statement's conditions pin: which of the values that a request may carry are left. This module alone
 * decides it. A condition pins by its values, not by its key: a wildcard, a policy variable that the caller
 * sets, a negated operator, or one that holds where the key is missing leaves everybody in. (S3 User Guide,
 * "The meaning of public"; IAM User Guide, "Condition operators" and "Set operators for multivalued keys".)
 */
export type Subject =
  /** Who calls, on whose behalf, or from where: what a statement for everybody needs. */
  | "caller"
  /** For which account or organisation an AWS service acts. */
  | "source"
  /** Who of an account's identities: what a statement for a whole account needs. */
  | "identity-of-account"
  /** The external id that a third party was given. */
  | "external-id"
  /** The caller's organisation. */
  | "organization"
  /** Which resources, by their tags. */
  | "tag"
  /** In which account or organisation the resources lie. */
  | "owner"
  /** To which service a role is passed, or which policy or boundary is meant. */
  | "permission";

/** Whether the conditions leave a fixed set of these. */
export function pins({ conditions }: Pick<Statement, "conditions">, subject: Subject): boolean {
  return conditions.some(
    (one) =>
      isPin(one, conditions, subjects[subject]) || (subject === "caller" && isInsideNetwork(one)),
  );
}

/** A file system is reached through its mount targets, which lie in a network (EFS User Guide, "default policy"). */
const isInsideNetwork = ({ operator, key, values }: Condition): boolean =>
  operator === "Bool" &&
  key === "elasticfilesystem:accessedviamounttarget" &&
  values.every((value) => value === "true");

/** The conditions that pin the caller or the source, with the accounts and organisations that their values name. */
export function callersIn({ conditions }: Statement): readonly (readonly string[])[] {
  return conditions
    .filter((one) => isPin(one, conditions, subjects.caller))
    .map(({ key, values }) => values.map((value) => accountIn(key, value)));
}

/** `123456789012`, `o-a1b2c3`, or an empty text where the value names neither: a network, a bucket, the resource's own. */
function accountIn(key: string, value: string): string {
  if (/^\d{12}$/.test(value)) return value;
  if (value.startsWith("arn:")) return /^\d{12}$/.exec(value.split(":")[4] ?? "")?.[0] ?? "";
  if (key === "aws:userid") return /^\d{12}(?=$|:)/.exec(value)?.[0] ?? "";
  return /^o-[a-z\d]+/.exec(value)?.[0] ?? "";
}

/** Whether the conditions of a statement that denies let through a fixed set of callers, and nobody else. */
export function deniesAllButFixed({ conditions }: Statement): boolean {
  // Conditions are joined by "and": whoever is of one of the sets is let through, and any other condition denies less.
  return conditions.length > 0 && conditions.every(sparesFixed);
}

function sparesFixed({ operator, key, values }: Condition): boolean {
  // Where the key is missing a negated operator holds, unless it asks for any value of it.
  const opposite = /^(?:ForAllValues:)?(String|Arn|)Not(\w+?)(?:IfExists)?$/.exec(operator);
  if (!opposite) return false;
  return isPinnedBy({ operator: `${opposite[1]}${opposite[2]}`, key, values }, subjects.caller);
}

/** Whether the condition asks for a value, and for one of those given. */
function isPin(condition: Condition, all: readonly Condition[], keys: Keys): boolean {
  const [, allValues, bare = "", ifExists] =
    /^(?:(ForAllValues:)|ForAnyValue:)?(\w+?)(IfExists)?$/.exec(condition.operator) ?? [];
  // Both also hold where the request lacks the key.
  if ((allValues ?? ifExists) && !isPresent(condition.key, all)) return false;
  return isPinnedBy({ ...condition, operator: bare }, keys);
}

const isPresent = (key: string, all: readonly Condition[]): boolean =>
  all.some(
    (other) =>
      other.operator === "Null" &&
      other.key === key &&
      other.values.every((one) => one === "false"),
  );

function isPinnedBy({ operator, key, values }: Condition, keys: Keys): boolean {
  const isFixed = (Object.hasOwn(keys, key) ? keys[key] : undefined) ?? prefixed(key, keys);
  if (isFixed === undefined || values.length === 0) return false;
  const operators = isFixed === isNetwork ? /^IpAddress$/ : equality;
  if (!operators.test(operator)) return false;
  if (isFixed === isNetwork) return areNetworks(values);
  return values.every((value) => isFixed(value, operator));
}

const equality = /^(String(Equals(IgnoreCase)?|Like)|Arn(Equals|Like))$/;

/** Keys that end in a name of the user's: `aws:PrincipalTag/team`, `kms:EncryptionContext:aws:logs:arn`. */
const prefixed = (key: string, keys: Keys): Test | undefined =>
  Object.entries(keys).find(([name]) => /[/:]$/.test(name) && key.startsWith(name))?.[1];

type Test = (value: string, operator: string) => boolean;
type Keys = Readonly<Record<string, Test>>;

/** `${*}`, `${?}` and `${$}` stand for these characters themselves. */
const isLiteral = (value: string): boolean =>
  value !== "" && !/[*?]|\$\{/.test(value.replaceAll(/\$\{[*?$]\}/g, "_"));

/** A variable of the resource's is as fixed as the resource: its owner's. */
const isAccount = (value: string): boolean => /^(\d{12}|\$\{aws:resourceaccount\})$/i.test(value);
const isOrganization = (value: string): boolean =>
  /^(o-[a-z\d]+|\$\{aws:resourceorgid\})$/i.test(value);
const isOrganizationPath: Test = (value) =>
  /^(o-[a-z\d]+\/|\$\{aws:resourceorgpaths\}$)/i.test(value);

/**
 * A wildcard may stand after the account; in an ARN without account, as a bucket's, after the name. Before it one may
 * stand where ARNs are compared part by part: in a text it also stands for colons, which paths of roles may hold.
 */
const isArnOfAccount: Test = (value, operator) => {
  const [arn, partition, service, region, account = "", ...rest] = value.split(":");
  if (arn !== "arn") return false;
  if (operator.startsWith("String") && /[*?]/.test(`${partition}${service}${region}`)) return false;
  if (account !== "" || service !== "s3") return isAccount(account);
  return isLiteral(rest.join(":").split("/")[0] ?? "");
};

/** Of a role the part before the colon is AWS's own id, after it comes what the caller names its session. */
const isUserId: Test = (value) => /^[A-Z\d]{12,}(:|$)/.test(value);

const isNetwork: Test = (value) => areNetworks([value]);

/** Resources may also be the caller's own. */
function isOwner(isFixed: (value: string) => boolean): Test {
  return (value) => isFixed(value) || /^\$\{aws:principal(account|orgid)\}$/i.test(value);
}

/** Tags of the caller may be compared with the resource's, which is how access by attributes works. */
const isTagOf =
  (other: "principal" | "resource"): Test =>
  (value) =>
    isLiteral(value) || new RegExp(`^\\$\\{aws:${other}tag/[^}*?]+\\}$`, "i").test(value);

/** Not always an ARN: services name what they encrypt as they please. */
const isContext: Test = (value, operator) =>
  value.startsWith("arn:")
    ? isArnOfAccount(value, operator) || isLiteral(value)
    : /^[^*?$]/.test(value);

const isNamedArn: Test = (value) => !isUnnamed(value) && !/\$\{/.test(value);

const organization: Keys = {
  "aws:principalorgid": isOrganization,
  "aws:principalorgpaths": isOrganizationPath,
};

const source: Keys = {
  "aws:sourceaccount": isAccount,
  "aws:sourceowner": isAccount,
  "aws:sourcearn": (value, operator) =>
    isArnOfAccount(value, operator) && /^\d|^\$/.test(value.split(":")[4] ?? ""),
  "aws:sourceorgid": isOrganization,
  "aws:sourceorgpaths": isOrganizationPath,
  "kms:encryptioncontext:": isContext,
};

const { "kms:encryptioncontext:": _, ...sourceOfCaller } = source;

const subjects: Readonly<Record<Subject, Keys>> = {
  caller: {
    ...sourceOfCaller,
    ...organization,
    "aws:principalaccount": isAccount,
    "aws:principalarn": isArnOfAccount,
    "aws:sourcearn": isArnOfAccount,
    "aws:sourceip": isNetwork,
    "aws:sourcevpc": isLiteral,
    "aws:sourcevpcarn": isArnOfAccount,
    "aws:sourcevpce": isLiteral,
    "aws:userid": isUserId,
    "aws:vpceaccount": isAccount,
    "aws:vpceorgid": isOrganization,
    "aws:vpceorgpaths": isOrganizationPath,
    "kms:calleraccount": isAccount,
    "s3:dataaccesspointaccount": isAccount,
    "s3:dataaccesspointarn": isArnOfAccount,
  },
  source,
  "identity-of-account": {
    ...organization,
    "aws:principalarn": (value) => !isUnnamed(value),
    "aws:principaltag/": isTagOf("resource"),
    "aws:userid": isUserId,
    "sts:externalid": isLiteral,
  },
  "external-id": { "sts:externalid": isLiteral },
  organization,
  tag: {
    "aws:resourcetag/": isTagOf("principal"),
    "ec2:resourcetag/": isTagOf("principal"),
    "ecs:resourcetag/": isTagOf("principal"),
    "rds:db-tag/": isTagOf("principal"),
    "s3:existingobjecttag/": isTagOf("principal"),
    "secretsmanager:resourcetag/": isTagOf("principal"),
    "ssm:resourcetag/": isTagOf("principal"),
  },
  owner: {
    "aws:resourceaccount": isOwner(isAccount),
    "aws:resourceorgid": isOwner(isOrganization),
    "aws:resourceorgpaths": isOrganizationPath,
    "s3:resourceaccount": isAccount,
  },
  permission: {
    "iam:associatedresourcearn": isNamedArn,
    "iam:passedtoservice": isLiteral,
    "iam:permissionsboundary": isNamedArn,
    "iam:policyarn": isNamedArn,
  },
};

/**
 * Whether the conditions say whose tokens of an identity provider count. GitHub, GitLab and HCP Terraform vouch for
 * all their customers: only a claim on the owner (`repo:acme/chat:*`) tells them apart, the audience does not.
 */
export function pinsToken({ conditions }: Statement): boolean {
  return conditions.some((one) => {
    const shared = sharedProviders.some((host) => one.key.startsWith(`${host}:`));
    return isPin(one, conditions, {
      [one.key]: (value) => isClaim(one.key.split(":").at(-1) ?? "", value, shared),
    });
  });
}

const sharedProviders = [
  "agent.buildkite.com",
  "app.terraform.io",
  "gitlab.com",
  "oidc.codefresh.io",
  "oidc.vercel.com",
  "token.actions.githubusercontent.com",
];

/** Claims that name an owner, as a subject begins with one; which claims a GitHub subject has its owner chooses. */
const ownerSubjects =
  /^(repo|repository(_owner)?(_id)?|enterprise(_id)?|job_workflow_ref|project_path|namespace_path|organization|account|owner):[^/:]/;

const ownerClaims =
  /^(repository(_owner)?(_id)?|enterprise(_id)?|(namespace|project)_(id|path)|terraform_(organization|project|workspace)_id|organization_id|job_workflow_ref)$/;

function isClaim(claim: string, value: string, isShared: boolean): boolean {
  if (/\$\{/.test(value)) return false;
  const [beginning = ""] = value.split(/[*?]/, 1);
  const isWhole = beginning === value;
  if (claim === "sub")
    return (
      (isWhole ? value !== "" : /^[^/:]+:[^/:]+[/:]/.test(beginning)) &&
      (!isShared || ownerSubjects.test(value))
    );
  if (ownerClaims.test(claim)) return isWhole ? value !== "" : /^[^/:]+\//.test(beginning);
  return !isShared && /^(aud|oaud|azp|app_id)$/.test(claim) && isWhole && value !== "";
}
