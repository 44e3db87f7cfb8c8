/** Weaker settings of the resources that are nothing but rules: lifecycles, backup plans, locks. */
import { isDeepStrictEqual } from "node:util";
import { entriesOf, type Fields, fieldsOf } from "../fields.ts";
import { days, type Weakening, weakened } from "./weakening-values.ts";

/** Objects of a bucket that S3 deletes sooner, or deletes at all. */
export function lifecycleRules(before: Fields, after: Fields): Weakening[] {
  const former = new Map(enabled(before.rules).map((rule) => [rule.id, rule]));
  return enabled(after.rules).flatMap((rule) => {
    const known = former.get(rule.id);
    const covers = known && isDeepStrictEqual(known.filter ?? {}, rule.filter ?? {});
    return expirations.flatMap(({ path, of, what }) => {
      const to = of(rule);
      if (to === undefined) return [];
      const from = known && of(known);
      const at = `rules[id=${rule.id}].${path}`;
      const lost = `${what} are deleted from then on, those of today included`;
      if (from === undefined) return [weakened(at, `would be ${days(to)}: older ${lost}`)];
      if (!covers) return [weakened(at, `would be of other objects: older ${lost}`)];
      return to < from
        ? [weakened(at, `would fall from ${days(from)} to ${days(to)}: older ${lost}`)]
        : [];
    });
  });
}

const enabled = (rules: unknown): readonly Fields[] =>
  entriesOf(rules).filter(({ status }) => status !== "Disabled");

const expirations = [
  {
    path: "expiration.days",
    of: (rule: Fields) => number(fieldsOf(rule.expiration).days),
    what: "objects",
  },
  {
    path: "noncurrentVersionExpiration.noncurrentDays",
    of: (rule: Fields) => number(fieldsOf(rule.noncurrentVersionExpiration).noncurrentDays),
    what: "versions of overwritten and deleted objects",
  },
] as const;

/** Backups that are kept less long, or made no longer. */
export function backupRules(before: Fields, after: Fields | undefined): Weakening[] {
  if (!after) return [weakened("rules", "go: from then on no scheduled backup is made")];
  const now = new Map(entriesOf(after.rules).map((rule) => [rule.ruleName, rule]));
  return entriesOf(before.rules).flatMap((rule) => {
    const at = `rules[ruleName=${rule.ruleName}]`;
    const left = now.get(rule.ruleName);
    if (!left) return [weakened(at, "goes: from then on its backups are not made")];
    const [from, to] = [rule, left].map(
      ({ lifecycle }) => number(fieldsOf(lifecycle).deleteAfter) ?? Number.POSITIVE_INFINITY,
    );
    return from !== undefined && to !== undefined && to < from
      ? [
          weakened(
            `${at}.lifecycle.deleteAfter`,
            `would fall from ${days(from)} to ${days(to)}: backups made from then on are kept less long`,
          ),
        ]
      : [];
  });
}

export const vaultLockRules = (before: Fields, after: Fields | undefined): Weakening[] => [
  ...shorterLock(before, after),
  ...openedLock(before, after),
];

function shorterLock(before: Fields, after: Fields | undefined): Weakening[] {
  const from = number(before.minRetentionDays);
  if (from === undefined) return [];
  const to = number(after?.minRetentionDays) ?? 0;
  if (to >= from) return [];
  const change = to === 0 ? "goes" : `would fall from ${days(from)} to ${days(to)}`;
  const text = `${change}: backups made from then on can be deleted sooner`;
  return [weakened("minRetentionDays", text)];
}

/** A lock with `changeableForDays` is one of compliance mode, and no permission removes it once it has closed. */
function openedLock(before: Fields, after: Fields | undefined): Weakening[] {
  if (number(before.changeableForDays) === undefined || !after) return [];
  if (number(after.changeableForDays) !== undefined) return [];
  const text = "goes: the lock changes from compliance to governance, and a permission removes it";
  return [weakened("changeableForDays", text)];
}

/** Objects that are copied no more, and copies that share the fate of what they are copies of. */
export function replicationRules(before: Fields, after: Fields | undefined): Weakening[] {
  const uncopied = "objects written from then on are not copied";
  if (!after) return [weakened("rules", `go: ${uncopied}`)];
  const now = new Map(enabled(after.rules).map((rule) => [rule.id, rule]));
  return enabled(before.rules).flatMap((rule) => {
    const at = `rules[id=${rule.id}]`;
    const left = now.get(rule.id);
    if (!left) return [weakened(at, `goes: ${uncopied}`)];
    if (repeatsDeletions(rule) || !repeatsDeletions(left)) return [];
    const text =
      "would change to Enabled: what is deleted from then on is deleted in the copies, too";
    return [weakened(`${at}.deleteMarkerReplication.status`, text)];
  });
}

const repeatsDeletions = ({ deleteMarkerReplication }: Fields): boolean =>
  fieldsOf(deleteMarkerReplication).status === "Enabled";

export function objectLockRules(before: Fields, after: Fields | undefined): Weakening[] {
  const [from, to] = [before, after].map((one) =>
    fieldsOf(fieldsOf(fieldsOf(one?.rule).defaultRetention)),
  );
  const lasts = (lock: Fields | undefined) =>
    number(lock?.days) ?? (number(lock?.years) ?? 0) * 365;
  const [long, short] = [lasts(from), lasts(to)];
  if (short < long) {
    const change = short === 0 ? "goes" : `would fall from ${days(long)} to ${days(short)}`;
    const text = `${change}: versions written from then on can be deleted sooner`;
    return [weakened("rule.defaultRetention", text)];
  }
  const isWeaker = from?.mode === "COMPLIANCE" && to?.mode !== "COMPLIANCE";
  const text =
    "would change from COMPLIANCE: versions written from then on can be deleted with a permission";
  return isWeaker ? [weakened("rule.defaultRetention.mode", text)] : [];
}

const number = (value: unknown): number | undefined =>
  value === undefined || value === null || value === "" ? undefined : Number(value);
