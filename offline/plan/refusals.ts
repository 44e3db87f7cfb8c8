/** Why `pulumi up` would fail: what is protected would go, or AWS or its provider says no. */
import type { ResourceRecord } from "../record.ts";
import { type Block, blockOf } from "../remote/awsx-subnets.ts";
import { counted } from "../text.ts";
import { ruleOutcome } from "../upgrade/provider.ts";
import type { Refusal, ResourceChange } from "./comparison.ts";

interface Sides {
  readonly before: readonly ResourceRecord[];
  readonly after: readonly ResourceRecord[];
}

/** Of changes that are not a tenant's leaving. */
export function refusalsOf(
  { before, after }: Sides,
  changes: readonly ResourceChange[],
): readonly Refusal[] {
  const left = new Map(before.map((record) => [record.urn, record]));
  const right = new Map(after.map((record) => [record.urn, record]));
  const ofProvider = changes.flatMap((change) => {
    const { urn, formerUrn = urn } = change;
    const [from, to] = [left.get(formerUrn), right.get(urn)];
    if (!from) return [];
    return [...(to ? refusedByAws(from, to, change) : []), ...closedLock(from, to, change)];
  });
  return [...protectedOnes(changes), ...ofProvider];
}

/** Names that AWS gives once: to one account and region, or to one in the world. */
const namedOnce: Readonly<Record<string, string>> = {
  "aws:apigateway/domainName:DomainName": "domainName",
  "aws:cognito/userPoolDomain:UserPoolDomain": "domain",
};

/** What one resource leaves in an update no other can have in the same one: what goes, goes last. */
export function takenNames(
  { before, after }: Sides,
  changes: readonly ResourceChange[],
): Refusal[] {
  const left = new Map(before.map((record) => [record.urn, record]));
  const right = new Map(after.map((record) => [record.urn, record]));
  const nameOf = (record: ResourceRecord | undefined): string | undefined => {
    const name = record?.inputs[namedOnce[record.type] ?? ""];
    return typeof name === "string" ? `${record?.type} ${name}` : undefined;
  };
  const formerOwners = new Map(
    changes.flatMap((change) => {
      const { urn, formerUrn = urn } = change;
      const name = nameOf(left.get(formerUrn));
      return name === undefined || name === nameOf(right.get(urn)) ? [] : [[name, change] as const];
    }),
  );
  return changes.flatMap(({ urn, kind }) => {
    const taken = right.get(urn);
    const owner = formerOwners.get(nameOf(taken) ?? "");
    if (!taken || !owner || (kind !== "added" && kind !== "replaced")) return [];
    const goes = owner.fate === "left-behind" ? "stays in the account" : "goes only afterwards";
    const name = taken.inputs[namedOnce[taken.type] ?? ""];
    const reason =
      `would have the name "${name}" of ${owner.name}, which ${goes}: AWS refuses a second one. ` +
      `Take it from ${owner.name} in an \`up\` of its own first`;
    return [{ urn, reason }];
  });
}

const subnet = "aws:ec2/subnet:Subnet";

/**
 * New subnets in a network that stays, over addresses that its subnets have until the end of the update: EC2 answers
 * `InvalidSubnet.Conflict`. One refusal a network.
 */
export function takenRanges(
  { before, after }: Sides,
  changes: readonly ResourceChange[],
): Refusal[] {
  const right = new Map(after.map((record) => [record.urn, record]));
  const isNew = new Set(
    changes.flatMap(({ urn, kind }) => (kind === "added" || kind === "replaced" ? [urn] : [])),
  );
  const conflicts = [...isNew].flatMap((urn) => {
    const made = right.get(urn);
    if (made?.type !== subnet) return [];
    const { vpcId } = made.inputs;
    const networks = made.propertyDependencies.vpcId ?? [];
    if (typeof vpcId !== "string" || networks.some((one) => isNew.has(one))) return [];
    const range = rangeOf(made);
    const owner = before.find((record) => {
      if (record.type !== subnet || record.inputs.vpcId !== vpcId) return false;
      const isItself = record.urn === urn && made.options.deleteBeforeReplace === true;
      const taken = rangeOf(record);
      return !isItself && range !== undefined && taken !== undefined && overlap(range, taken);
    });
    return owner === undefined ? [] : [{ made, owner, vpcId }];
  });
  return [...Map.groupBy(conflicts, ({ vpcId }) => vpcId).values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const { made, owner } = first;
    const others =
      more.length === 0
        ? ""
        : `, and ${counted(more.length, "other subnet", "other subnets")} likewise`;
    const reason =
      `would have the addresses ${made.inputs.cidrBlock}, of which ${owner.name} has ${owner.inputs.cidrBlock} until it goes${others}: EC2 refuses it ` +
      "(InvalidSubnet.Conflict). Keep the number of zones, or give the network another range with it (`network.cidrBlock`), which makes another VPC";
    return [{ urn: made.urn, reason }];
  });
}

const rangeOf = ({ inputs: { cidrBlock } }: ResourceRecord): Block | undefined =>
  typeof cidrBlock === "string" ? blockOf(cidrBlock) : undefined;

const overlap = (one: Block, other: Block): boolean =>
  one.start < other.start + other.size && other.start < one.start + one.size;

/** A component that goes with several protected resources is one refusal. */
function protectedOnes(changes: readonly ResourceChange[]): Refusal[] {
  const gone = new Map(
    changes.filter(({ kind }) => kind === "removed").map((change) => [change.urn, change]),
  );
  const branchOf = (change: ResourceChange): ResourceChange => {
    const parent = change.kind === "removed" ? gone.get(change.parent ?? "") : undefined;
    return parent ? branchOf(parent) : change;
  };
  const refused = changes.filter(({ fate }) => fate === "refused");
  return [...Map.groupBy(refused, branchOf)].map(([branch, within]) => {
    const { urn, formerUrn = urn, kind } = branch;
    const does = kind === "removed" ? "delete" : "replace";
    const what = branch.custom
      ? `is protected: \`pulumi up\` refuses to ${does} it`
      : `goes with ${counted(within.length, "resource that is", "resources that are")} protected: ` +
        "`pulumi up` refuses to delete them";
    const meant = "If that is meant, deploy it without `protect` first";
    return { urn: formerUrn, reason: `${what}. ${meant}` };
  });
}

function refusedByAws(
  before: ResourceRecord,
  after: ResourceRecord,
  change: ResourceChange,
): Refusal[] {
  const { refuses = [] } = ruleOutcome(before, after);
  return [
    ...refuses.map(({ path, reason, instead }) => ({
      urn: before.urn,
      reason: `${path} ${reason}: the provider refuses it in the preview already. ${instead}`,
    })),
    ...(change.kind === "replaced" ? secondOfOne(before, after) : []),
  ];
}

/**
 * AWS Backup neither changes nor removes a compliance lock once its days are over: of a deployed one the state
 * says when it was made, and of any the program may say that they are.
 */
function closedLock(
  before: ResourceRecord,
  after: ResourceRecord | undefined,
  { kind, fate }: ResourceChange,
): Refusal[] {
  const { changeableForDays: days } = before.inputs;
  if (before.type !== vaultLock || typeof days !== "number") return [];
  // Protected ones are refused already, and one that only leaves the stack stays as it is.
  if (fate === "refused" || (kind === "removed" && fate === "left-behind")) return [];
  if (kind !== "removed" && kind !== "replaced") return [];
  const closes = before.created === undefined ? undefined : dayAfter(before.created, days);
  // A deployed one may have the option from a version that retained every resource.
  const saying = closes === undefined ? [before, after] : [after];
  const isSaid = saying.some((one) => one?.options.retainOnDelete === true);
  if (!isSaid && (closes === undefined || closes > new Date().toISOString())) return [];
  const since = closes === undefined ? "" : ` on ${closes.slice(0, 10)}`;
  const reason =
    `is a compliance lock that closed${since}: AWS Backup refuses to change or remove it. Keep its bounds, ` +
    'and say `vaultLock.state: "closed"`, so that the lock stays with its vault';
  return [{ urn: before.urn, reason }];
}

const vaultLock = "aws:backup/vaultLockConfiguration:VaultLockConfiguration";

const dayAfter = (created: string, days: number): string =>
  new Date(Date.parse(created) + days * 86_400_000).toISOString();

/** A pool has one domain of its kind; the new one is made before the old one goes, unless told otherwise. */
function secondOfOne(before: ResourceRecord, after: ResourceRecord): Refusal[] {
  if (after.type !== "aws:cognito/userPoolDomain:UserPoolDomain") return [];
  const isCustom = ({ inputs }: ResourceRecord) => inputs.certificateArn !== undefined;
  const isSamePool = before.inputs.userPoolId === after.inputs.userPoolId;
  if (!isSamePool || isCustom(before) !== isCustom(after)) return [];
  const { retainOnDelete } = before.options;
  if (after.options.deleteBeforeReplace && !retainOnDelete) return [];
  const kind = isCustom(before) ? "domain of its own" : "prefix domain";
  const reason = retainOnDelete
    ? `the old one stays in the account (\`retainOnDelete\`)`
    : "the new one is made before the old one goes. Give it `deleteBeforeReplace: true`";
  return [
    {
      urn: before.urn,
      reason: `would be replaced, and Cognito refuses: a pool has one ${kind}, and ${reason}`,
    },
  ];
}
