/**
 * Compares two evaluations of a stack, as it is deployed and as it would be, and names every change
 * that would replace a resource which holds data: the engine would make an empty one and delete or
 * abandon the other.
 */
import type { ResourceRecord } from "../record.ts";
import { shortType } from "../text.ts";
import { type DataResourceType, dataResourceTypes } from "./data-resources.ts";
import { placeOf, successors } from "./identity.ts";
import { adoptedId, replacementCauses, valueAt } from "./replacement.ts";

export interface DataLoss {
  /** URN in the earlier records. */
  readonly urn: string;
  /** The input that cannot change in place; absent where the resource goes as a whole. */
  readonly property?: string;
  /** One sentence: what would change, what is lost, and what to do instead. */
  readonly reason: string;
}

/** A change that the data would not survive. */
export class DataLossError extends Error {
  override readonly name = "DataLossError";
  readonly losses: readonly DataLoss[];

  constructor(losses: readonly DataLoss[]) {
    super(losses.map(({ urn, reason }) => `${placeOf(urn)}: ${reason}`).join("\n"));
    this.losses = losses;
  }
}

/**
 * Refuses a change that would replace a data resource.
 *
 * @throws DataLossError with a line for each.
 */
export function refuseDataLoss(
  before: readonly ResourceRecord[],
  after: readonly ResourceRecord[],
): void {
  const losses = dataLosses(before, after);
  if (losses.length > 0) throw new DataLossError(losses);
}

/**
 * Every data resource of `before` that `after` would replace. A tenant that goes as a whole is none:
 * off-boarding is a decision, and `retain` says what becomes of the data. Both lists are evaluations
 * of the same program by the same provider.
 */
export function dataLosses(
  before: readonly ResourceRecord[],
  after: readonly ResourceRecord[],
): DataLoss[] {
  const successor = successors(before, after);
  const byUrn = new Map(before.map((record) => [record.urn, record]));
  const goesWith = new Map<ResourceRecord, ResourceRecord[]>();
  const replaced = before.flatMap((record) => {
    const type = dataResourceTypes[record.type];
    if (!type || !record.custom) return [];
    const now = successor.get(record.urn);
    if (now) return changes(record, now, type);
    const branch = goneBranch(record, byUrn, successor);
    if (branch.parent !== undefined && successor.has(outermost(branch, byUrn).urn)) {
      goesWith.set(branch, [...(goesWith.get(branch) ?? []), record]);
    }
    return [];
  });
  const gone = [...goesWith].map(([branch, holding]) =>
    goneLoss(branch, holding, outermost(branch, byUrn)),
  );
  return [...replaced, ...gone];
}

/** The outermost component that goes with the resource; the resource itself where it goes alone. */
function goneBranch(
  record: ResourceRecord,
  byUrn: ReadonlyMap<string, ResourceRecord>,
  successor: ReadonlyMap<string, ResourceRecord>,
): ResourceRecord {
  const parent = byUrn.get(record.parent ?? "");
  if (!parent || parent.parent === undefined || successor.has(parent.urn)) return record;
  return goneBranch(parent, byUrn, successor);
}

function changes(
  before: ResourceRecord,
  after: ResourceRecord,
  { irrevocable, loses }: DataResourceType,
): DataLoss[] {
  if (after.type !== before.type) {
    return [{ urn: before.urn, reason: `would become a ${after.type}, which loses ${loses}` }];
  }
  const adopted = adoptedId(before, after);
  if (adopted !== undefined) return replacedByExisting(before, adopted, loses);
  const replaced = replacementCauses(before, after).map((property): DataLoss => {
    const isSecret = secret(before, property) || secret(after, property);
    const [from, to] = [valueAt(before, property), valueAt(after, property)];
    const change = isSecret || property === "*" ? "" : ` from ${show(from)} to ${show(to)}`;
    const reason = `${property} would change${change}: that makes a new resource and loses ${loses}. ${advice}`;
    return { urn: before.urn, property, reason };
  });
  const refused = irrevocable?.(before.inputs, after.inputs);
  return refused === undefined
    ? replaced
    : [...replaced, { urn: before.urn, reason: `${refused}: it cannot be undone. ${advice}` }];
}

/** The engine deletes what the existing one takes the place of, unless it was told to retain it. */
function replacedByExisting(before: ResourceRecord, adopted: string, loses: string): DataLoss[] {
  if (before.options.retainOnDelete) return [];
  return [
    {
      urn: before.urn,
      reason:
        `the existing ${adopted} would take its place, and it is deleted, which loses ${loses}. ` +
        'Deploy it with `retain: "retain"` first, which leaves it in the account',
    },
  ];
}

const advice = "Make a second one beside it and move the data, or leave the setting as it is";

function goneLoss(
  branch: ResourceRecord,
  holding: readonly ResourceRecord[],
  root: ResourceRecord,
): DataLoss {
  const whole = branch.custom ? "this resource of it" : "this component of it";
  return {
    urn: branch.urn,
    reason:
      `${root.name} stays but ${whole} goes: ${fateOfData(holding.map(fateOf))}. ` +
      "If it was renamed or moved, name its former place in `aliases`",
  };
}

/** What becomes of the data in resources that go: `deleted for good: every item (dynamodb.Table)`. */
export function fateOfData(
  holding: readonly { readonly type: string; readonly fate?: string }[],
): string {
  // What is dearest first.
  const ranks = Object.keys(dataResourceTypes);
  const ranked = holding.toSorted((a, b) => ranks.indexOf(a.type) - ranks.indexOf(b.type));
  const { kept = [], deleted = [] } = Object.groupBy(ranked, ({ fate }) =>
    fate === "left-behind" ? "kept" : "deleted",
  );
  const named = (some: typeof holding) =>
    distinct(some.map(({ type }) => shortType(type))).join(", ");
  const lost = distinct(deleted.map(({ type }) => dataResourceTypes[type]?.loses ?? ""));
  return [
    ...(deleted.length > 0 ? [`deleted for good: ${lost.join(", ")} (${named(deleted)})`] : []),
    ...(kept.length > 0 ? [`stays in the account, unmanaged: ${named(kept)}`] : []),
  ].join("; ");
}

const fateOf = ({ type, options }: ResourceRecord) => ({
  type,
  fate: options.retainOnDelete ? "left-behind" : "deleted",
});

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)];

/** The component right below the stack: a tenant, or a component that stands alone. */
function outermost(
  record: ResourceRecord,
  byUrn: ReadonlyMap<string, ResourceRecord>,
): ResourceRecord {
  const parent = record.parent === undefined ? undefined : byUrn.get(record.parent);
  return parent?.parent === undefined ? record : outermost(parent, byUrn);
}

const secret = ({ secrets }: ResourceRecord, path: string): boolean =>
  secrets.includes(path.split(".")[0] ?? path);

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
