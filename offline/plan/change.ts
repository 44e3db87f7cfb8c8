/** What changes in one resource, from where it stands in the earlier records to where it stands now. */
import { isDeepStrictEqual } from "node:util";
import type { ResourceRecord } from "../record.ts";
import { valueAt } from "../upgrade/data-loss.ts";
import { placeOf } from "../upgrade/identity.ts";
import { replacingProperties } from "../upgrade/replacing-settings.ts";
import type { Fate, OptionChange, PropertyChange, ResourceChange } from "./comparison.ts";
import { differences, pathText } from "./values.ts";

/**
 * Of a resource that stays; both records are symbolic.
 *
 * @returns undefined where nothing changes.
 */
export function changeOf(
  before: ResourceRecord,
  after: ResourceRecord,
  tenant: string | undefined,
): ResourceChange | undefined {
  const properties = propertyChanges(before, after);
  const options = optionChanges(before, after);
  const isMoved = placeOf(before.urn) !== placeOf(after.urn);
  if (properties.length + options.length === 0 && !isMoved) return undefined;
  const isReplaced = properties.some(({ replaces }) => replaces);
  const stays = properties.length + options.length > 0 ? "changed" : "moved";
  return {
    ...described(after, tenant),
    kind: isReplaced ? "replaced" : stays,
    ...(isMoved && { formerUrn: before.urn }),
    properties,
    options,
    ...(isReplaced && { fate: fateOf(before, after) }),
  };
}

/** Of a resource that comes or goes. */
export const wholeChange = (
  kind: "added" | "removed",
  record: ResourceRecord,
  tenant: string | undefined,
): ResourceChange => ({
  ...described(record, tenant),
  kind,
  properties: [],
  options: [],
  ...(kind === "removed" && record.custom && { fate: fateOf(record) }),
});

/**
 * What the engine does with a resource that must go. It goes by what was deployed; a replacement, but
 * no deletion, may drop `protect` in the same update.
 */
export function fateOf(before: ResourceRecord, after: ResourceRecord = before): Fate {
  if (before.options.protect && after.options.protect) return "refused";
  return before.options.retainOnDelete ? "left-behind" : "deleted";
}

/** What names the resource in a change. */
export const described = (
  { urn, type, name, custom, parent }: ResourceRecord,
  tenant: string | undefined,
) => ({
  urn,
  type,
  name,
  custom,
  ...(parent !== undefined && { parent }),
  ...(tenant !== undefined && { tenant }),
});

function propertyChanges(before: ResourceRecord, after: ResourceRecord): PropertyChange[] {
  const { ignoreChanges, replaceOnChanges } = after.options;
  const replacing = [...replacingProperties(after.type), ...replaceOnChanges].filter(
    (path) => path === "*" || !isDeepStrictEqual(valueAt(before, path), valueAt(after, path)),
  );
  const isSecret = (property: string) =>
    before.secrets.includes(property) || after.secrets.includes(property);
  const keys = new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs), "region"]);
  const changed = [...keys].flatMap((property): PropertyChange[] => {
    const found = differences(valueAt(before, property), valueAt(after, property), [property]);
    if (found.length > 0 && isSecret(property)) {
      return [{ path: property, kind: "secret", replaces: covers(replacing, property) }];
    }
    return found.map(({ path, ...difference }) => ({
      path: pathText(path),
      ...difference,
      replaces: covers(replacing, pathText(path)),
    }));
  });
  return changed.filter(
    ({ path }) => !ignoreChanges.some((ignored) => ignored === "*" || isWithin(path, ignored)),
  );
}

/** Whether the path is, holds, or lies in one of the properties. */
const covers = (properties: readonly string[], path: string): boolean =>
  properties.some((one) => one === "*" || isWithin(path, one) || isWithin(one, path));

const isWithin = (path: string, outer: string): boolean =>
  path === outer || path.startsWith(`${outer}.`) || path.startsWith(`${outer}[`);

function optionChanges(before: ResourceRecord, after: ResourceRecord): OptionChange[] {
  return (["protect", "retainOnDelete"] as const).flatMap((option) => {
    const change = { option, before: before.options[option], after: after.options[option] };
    return change.before === change.after ? [] : [change];
  });
}
