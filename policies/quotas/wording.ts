/** How messages, tables and documents speak of a quota. */
import type { Quota } from "./quota.ts";
import type { Usage } from "./usage.ts";

/** `lambda L-B99A9384, Concurrent executions` */
export const nameOf = ({ service, code, name }: Quota): string => `${service} ${code}, ${name}`;

export const isInServiceQuotas = ({ code }: Quota): boolean => code.startsWith("L-");

/** `900, of 1,000 less 100: Lambda keeps …` */
export function availableText({ quota, limit, available, elsewhere }: Usage): string {
  const less = [
    quota.spare && `${count(quota.spare.amount)} (${quota.spare.because})`,
    elsewhere > 0 && `${count(elsewhere)} that the account uses elsewhere`,
  ].filter(Boolean);
  const total = `at most ${count(available)}${quota.unit && ` ${quota.unit}`}`;
  return less.length === 0 ? total : `${total}: ${count(limit)} less ${less.join(" and ")}`;
}

/** What can be done about the limit itself. @param needed the limit that would do. */
export function raiseText(quota: Quota, needed: number): string {
  const { code, raisable, instead } = quota;
  const also = instead === undefined ? [] : [instead];
  const most = raisable === "yes" ? Number.POSITIVE_INFINITY : raisable;
  if (most === "no") return ["AWS does not raise it", ...also].join("; ");
  if (needed > most) return [`AWS raises ${code} to ${count(most)} at most`, ...also].join("; ");
  return [`have AWS raise ${code} to ${count(needed)} or more`, ...also].join(", or ");
}

/** The limit with which everything that is asked for would fit. */
export const neededLimit = ({ asked, elsewhere, quota }: Usage): number =>
  asked + elsewhere + (quota.spare?.amount ?? 0);

export const nextCell =
  "or put it and the tenants after it into the next cell, a stack of another region or account";

export const count = (number: number): string => number.toLocaleString("en-US");

/** `1st`, `2nd`, `19th` */
export function ordinal(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  const ending = teen ? "th" : (["th", "st", "nd", "rd"][number % 10] ?? "th");
  return `${number}${ending}`;
}
