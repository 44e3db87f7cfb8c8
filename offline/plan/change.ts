/** What changes in one resource, from where it stands in the earlier records to where it stands now. */
import { differences, pathText } from "../differences.ts";
import type { ResourceRecord } from "../record.ts";
import { placeOf } from "../upgrade/identity.ts";
import { ruleOutcome } from "../upgrade/provider.ts";
import {
  adoptedId,
  isIgnored,
  isWithin,
  replacementCauses,
  valueAt,
} from "../upgrade/replacement.ts";
import type { Fate, OptionChange, PropertyChange, ResourceChange } from "./comparison.ts";

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
  const isReplaced = isAdopted(options) || properties.some(({ replaces }) => replaces);
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
 * no deletion, may drop `protect` in the same update. What an existing one takes the place of by `import`
 * is not refused.
 */
export function fateOf(before: ResourceRecord, after: ResourceRecord = before): Fate {
  const isKept = before.options.protect && after.options.protect;
  if (isKept && adoptedId(before, after) === undefined) return "refused";
  return before.options.retainOnDelete ? "left-behind" : "deleted";
}

/** Whether an existing resource takes this one's place. */
export const isAdopted = (options: readonly OptionChange[]): boolean =>
  options.some(({ option }) => option === "import");

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
  const causes = replacementCauses(before, after);
  const { recreates = [] } = ruleOutcome(before, after);
  const isSecret = (property: string) =>
    before.secrets.includes(property) || after.secrets.includes(property);
  const keys = new Set([...Object.keys(before.inputs), ...Object.keys(after.inputs), "region"]);
  const changed = [...keys].flatMap((property): PropertyChange[] => {
    const found = differences(valueAt(before, property), valueAt(after, property), [property]);
    if (found.length > 0 && isSecret(property)) {
      return [{ path: property, kind: "secret", replaces: covers(causes, property) }];
    }
    return found.map(({ path: keys, ...difference }) => {
      const path = pathText(keys);
      const recreated = recreates.find((one) => one.path === path)?.what;
      return {
        path,
        ...difference,
        replaces: covers(causes, path),
        ...(recreated !== undefined && { recreates: recreated }),
      };
    });
  });
  return changed.filter(({ path }) => !isIgnored(after, path));
}

/** Whether the path is, holds, or lies in one of the properties. */
const covers = (properties: readonly string[], path: string): boolean =>
  properties.some((one) => one === "*" || isWithin(path, one) || isWithin(one, path));

function optionChanges(before: ResourceRecord, after: ResourceRecord): OptionChange[] {
  const adopted = adoptedId(before, after);
  const kept = (["protect", "retainOnDelete"] as const).flatMap((option): OptionChange[] => {
    const change = { option, before: before.options[option], after: after.options[option] };
    return change.before === change.after ? [] : [change];
  });
  return adopted === undefined
    ? kept
    : [...kept, { option: "import", before: before.id, after: adopted }];
}
