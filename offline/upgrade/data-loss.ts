/**
 * Compares two evaluations of a stack, as it is deployed and as it would be, and names every change
 * that would replace a resource which holds data: the engine would make an empty one and delete or
 * abandon the other.
 */
import { isDeepStrictEqual } from "node:util";
import type { ResourceRecord } from "../record.ts";
import { placeOf, successors } from "./identity.ts";
import { type DataResourceType, dataResourceTypes } from "./replacing-properties.ts";

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
  const parents = new Map(before.map((record) => [record.urn, record]));
  return before.flatMap((record) => {
    const type = dataResourceTypes[record.type];
    if (!type || !record.custom) return [];
    const now = successor.get(record.urn);
    if (now) return changes(record, now, type);
    const root = outermost(record, parents);
    return successor.has(root.urn) && root !== record ? [gone(record, root)] : [];
  });
}

function changes(
  before: ResourceRecord,
  after: ResourceRecord,
  { properties, irrevocable, loses }: DataResourceType,
): DataLoss[] {
  if (after.type !== before.type) {
    return [{ urn: before.urn, reason: `would become a ${after.type}, which loses ${loses}` }];
  }
  const { import: adopted } = after.options;
  if (adopted !== undefined && adopted !== before.id && adopted !== before.options.import) {
    return replacedByExisting(before, adopted, loses);
  }
  const ignored = new Set(after.options.ignoreChanges);
  const replacing = new Set([...properties, ...after.options.replaceOnChanges]);
  const replaced = [...replacing]
    .filter((property) => !ignored.has(property.split(".")[0] ?? property))
    .flatMap((property): DataLoss[] => {
      const [from, to] = [valueAt(before, property), valueAt(after, property)];
      if (isDeepStrictEqual(from, to)) return [];
      const isSecret = secret(before, property) || secret(after, property);
      const change = isSecret ? "" : ` from ${show(from)} to ${show(to)}`;
      return [
        {
          urn: before.urn,
          property,
          reason: `${property} would change${change}: that makes a new resource and loses ${loses}. ${advice}`,
        },
      ];
    });
  const refused = irrevocable?.(before.inputs, after.inputs);
  return refused === undefined
    ? replaced
    : [...replaced, { urn: before.urn, reason: `${refused}: it cannot be undone. ${advice}` }];
}

/**
 * An `import` of another id replaces: the engine imports that one in this one's place, and deletes this
 * one unless it was deployed with `retainOnDelete`.
 */
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

function gone(record: ResourceRecord, root: ResourceRecord): DataLoss {
  const { loses = "" } = dataResourceTypes[record.type] ?? {};
  const kept = record.options.retainOnDelete ? "is left behind, unmanaged" : `is deleted: ${loses}`;
  return {
    urn: record.urn,
    reason:
      `${root.name} stays but this resource of it goes and ${kept}. ` +
      "If it was renamed or moved, name its former place in `aliases`",
  };
}

/** The component right below the stack: a tenant, or a component that stands alone. */
function outermost(
  record: ResourceRecord,
  byUrn: ReadonlyMap<string, ResourceRecord>,
): ResourceRecord {
  const parent = record.parent === undefined ? undefined : byUrn.get(record.parent);
  return parent?.parent === undefined ? record : outermost(parent, byUrn);
}

/** The region is an output where the provider's own decides it. */
export function valueAt({ inputs, outputs }: ResourceRecord, path: string): unknown {
  if (path === "region") return inputs.region ?? outputs.region;
  let value: unknown = inputs;
  for (const key of path.split(".")) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

const secret = ({ secrets }: ResourceRecord, path: string): boolean =>
  secrets.includes(path.split(".")[0] ?? path);

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
