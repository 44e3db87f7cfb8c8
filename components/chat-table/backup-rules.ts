/** Which settings of scheduled backups AWS Backup refuses, or fails each job for. */
import { type Fault, integerFaults } from "../fault.ts";

interface BackupChoices {
  readonly schedule?: string;
  readonly startWindowMinutes?: number;
  readonly completionWindowMinutes?: number;
  readonly retentionDays?: number;
  readonly vaultLock?: "off" | VaultLockChoices;
}

interface VaultLockChoices {
  readonly minRetentionDays?: number;
  readonly maxRetentionDays?: number;
  readonly changeableForDays?: number;
}

export function* backupFaults(backups: BackupChoices): Generator<Fault> {
  const { schedule, startWindowMinutes = 60, completionWindowMinutes = 180 } = backups;
  const { retentionDays = 90, vaultLock = "off" } = backups;
  yield* integerFaults("retentionDays", retentionDays, 1, 36_500);
  yield* integerFaults("startWindowMinutes", startWindowMinutes, 60, 10_080);
  const least = startWindowMinutes + 60;
  yield* integerFaults("completionWindowMinutes", completionWindowMinutes, least, 50_400);
  if (schedule !== undefined && !isCron(schedule)) yield ["schedule", schedule, allowedCron];
  else if (schedule !== undefined && !hasDay(schedule))
    yield ["schedule", schedule, `a day that comes: no month has that one (${cronPage})`];
  // AWS Backup: "The interval between backup jobs shouldn't be less than 60 minutes."
  else if (schedule !== undefined && !/^cron\(\d+ /.test(schedule))
    yield [
      "schedule",
      schedule,
      "one minute of an hour: AWS Backup makes a backup an hour at most",
    ];
  if (vaultLock === "off") return;
  // AWS Backup fails each job whose retention is outside the bounds, long after the deployment.
  const { minRetentionDays, maxRetentionDays, changeableForDays } = vaultLock;
  yield* integerFaults("vaultLock.minRetentionDays", minRetentionDays, 1, retentionDays);
  yield* integerFaults("vaultLock.maxRetentionDays", maxRetentionDays, retentionDays, 36_500);
  yield* integerFaults("vaultLock.changeableForDays", changeableForDays, 3, 36_500);
}

const cronPage = 'Amazon EventBridge User Guide, "Cron expressions"';
export const allowedCron =
  '"cron(…)" with minutes, hours, day of month, month, day of week and year, one of the two days "?", ' +
  `e.g. "cron(0 5 ? * SUN *)" (${cronPage})`;

/** Whether AWS takes the expression: six fields, each in its range, and `?` for one of the two days. */
export function isCron(expression: string): boolean {
  const [, inside] = /^cron\(([^()]+)\)$/.exec(expression) ?? [];
  const found = inside?.split(" ") ?? [];
  if (found.length !== fields.length) return false;
  const [, , dayOfMonth, , dayOfWeek] = found;
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) return false;
  return fields.every((isField, index) => isField(found[index] ?? ""));
}

const months = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const days = "SUN MON TUE WED THU FRI SAT".split(" ");

/** Whether a month of its years has one of the days of the month that it names: February has no 31st. */
function hasDay(expression: string): boolean {
  const [, , day = "", month = "", , year = ""] = expression.slice("cron(".length, -1).split(" ");
  const first = firstDay(day);
  if (first <= 28) return true;
  const listed = valuesIn(month, 1, 12, months);
  const longest = Math.max(...listed.map((one) => new Date(Date.UTC(2001, one, 0)).getUTCDate()));
  if (first <= longest) return true;
  const isLeap = (one: number) => new Date(Date.UTC(one, 2, 0)).getUTCDate() === 29;
  return first === 29 && listed.includes(2) && valuesIn(year, 1970, 2199).some(isLeap);
}

/** The earliest day of a month that a field names; 1 where it names none by its number. */
const firstDay = (field: string): number =>
  /[?L]/.test(field)
    ? 1
    : Math.min(...field.split(",").flatMap((item) => valuesIn(item.replace("W", ""), 1, 31)));

/** What a field that is right stands for. */
function valuesIn(text: string, min: number, max: number, names: readonly string[] = []): number[] {
  const numberOf = (value: string) => {
    const named = names.indexOf(value.toUpperCase());
    return named >= 0 ? named + min : Number(value);
  };
  return text.split(",").flatMap((item) => {
    const [range = "", step = ""] = item.split("/");
    const [from = "", to = step === "" ? from : String(max)] =
      range === "*" ? [String(min), String(max)] : range.split("-");
    const found: number[] = [];
    for (let one = numberOf(from); one <= numberOf(to); one += Number(step || 1)) found.push(one);
    return found;
  });
}

/** A list of numbers, names, ranges and steps, or `*`; `special` is what the field alone takes. */
const field = (min: number, max: number, names: readonly string[] = [], special = /^(?!)/) => {
  const numberOf = (text: string) => {
    const named = names.indexOf(text.toUpperCase());
    return named >= 0 ? named + min : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  };
  const isValue = (text: string) => numberOf(text) >= min && numberOf(text) <= max;
  const isItem = (item: string) => {
    if (special.test(item)) return true;
    const [, range = "", step] = /^([^/]+)(?:\/([1-9]\d{0,3}))?$/.exec(item) ?? [];
    if (range === "*") return true;
    const [from = "", to, ...more] = range.split("-");
    if (more.length > 0 || !isValue(from)) return false;
    if (to === undefined) return true;
    return isValue(to) && (step === undefined || numberOf(to) >= numberOf(from));
  };
  return (text: string) => text !== "" && text.split(",").every(isItem);
};

const fields = [
  field(0, 59),
  field(0, 23),
  field(1, 31, [], /^(\?|L|LW|([1-9]|[12]\d|3[01])W)$/),
  field(1, 12, months),
  field(1, 7, days, /^(\?|L|[1-7]L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)#[1-5])$/i),
  field(1970, 2199),
];
