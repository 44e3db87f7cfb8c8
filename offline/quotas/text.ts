/** Quotas for people: a table, the quota that ends first, and what can be done about it. */
import { count, ordinal } from "../../policies/quotas/wording.ts";
import { sharedRoleText } from "../engine-config/place.ts";
import { counted, type Style, type TextOptions, table } from "../text.ts";
import type { CellPlan } from "./cells.ts";
import type { Outcome, QuotaLine, QuotaReport, SizeLine } from "./quotas.ts";
import type { LeastTime } from "./rates.ts";

/** @param all shows quotas of which hardly anything is asked as well. */
export function quotasText(report: QuotaReport, options: TextOptions, all = false): string {
  const { paint } = options;
  const title = paint("bold", titleOf(report));
  const hardly = (line: { percent: number; code: string }) =>
    !all && line.percent < 10 && line.code !== report.first?.code;
  const quotas = report.quotas.filter((line) => !hardly(line));
  const sizes = report.sizes.filter((line) => !hardly(line));
  const left = report.quotas.length + report.sizes.length - quotas.length - sizes.length;
  const rows = [
    ...quotas.map((line) => quotaRow(line, options)),
    ...sizes.map((line) => sizeRow(line, options)),
  ];
  const head = ["quota", "asked", "available", "used", "ends at", "can be raised"];
  return [
    [title, table(head, rows, options, ["can be raised", "ends at", "available"])].join("\n"),
    ...(left > 0 ? [paint("dim", `${left} more are used to less than 10%: --all shows them`)] : []),
    ...summaryLines(report).map((line) => paint(styles[report.outcome], line)),
    ...leastLines(report),
    ...roleLines(report).map((line) =>
      paint(report.gatewayRole?.isCertain ? "red" : "yellow", line),
    ),
    ...unknownLines(report).map((line) => paint("cyan", line)),
  ].join("\n\n");
}

export function titleOf({ account, region, stacks, tenants }: QuotaReport): string {
  const where = account === undefined ? "an account that no config names" : `account ${account}`;
  return `${where}, ${region}: ${stacks.join(", ")}, ${counted(tenants, "tenant", "tenants")}`;
}

/** What is exceeded or ends first, the ways out, and the cells that would hold all tenants. */
export function summaryLines(report: QuotaReport): string[] {
  const { quotas, sizes, first, cells, tenants } = report;
  const exceeded = quotas.filter(({ outcome }) => outcome === "exceeded");
  const told = exceeded.length > 0 ? exceeded : first ? [first] : [];
  return [
    ...told.map((line) => endSentence(line, tenants)),
    ...sizes
      .filter(({ outcome }) => outcome === "exceeded")
      .map(
        ({ service, code, name, asked, limit, resource }) =>
          `${service} ${code}, ${name}: ${resource} has ${count(asked)}; AWS takes ${count(limit)}.`,
      ),
    ...(exceeded.length > 0 ? [cellsSentence(cells, tenants)] : []),
  ];
}

export function endSentence(line: QuotaLine, tenants: number): string {
  const { service, code, name, asked, available, unit, ends, outcome, waysOut } = line;
  const what = `${service} ${code}, ${name}`;
  const amounts = `${count(asked)} asked of ${count(available)}${unit && ` ${unit}`}`;
  const ways = `Ways out: ${waysOut.join("; or ")}.`;
  if (outcome === "exceeded") {
    const place = ends?.tenant
      ? `it ends at tenant ${ends.tenant}, the ${ordinal(ends.ordinal)} of ${count(tenants)}`
      : "it ends before the first tenant";
    return `Exceeded: ${what}: ${amounts}; ${place}. ${ways}`;
  }
  const place = ends ? `; the ${ordinal(ends.ordinal)} tenant like these would not fit` : "";
  return `First quota to run out: ${what}: ${amounts}${place}. ${ways}`;
}

export function cellsSentence({ cells, accounts, misfits }: CellPlan, tenants: number): string {
  const most = Math.max(0, ...cells.map((cell) => cell.tenants));
  const spans = cells.map(({ first, last, tenants: held }) =>
    first === last ? first : `${first} to ${last} (${held})`,
  );
  const shown =
    spans.length > 12 ? [...spans.slice(0, 11), `and ${spans.length - 11} more`] : spans;
  const lone =
    misfits.length === 0
      ? ""
      : ` ${counted(misfits.length, "tenant fits", "tenants fit")} into no account with these limits: ${misfits.slice(0, 5).join(", ")}${misfits.length > 5 ? " and more" : ""}.`;
  if (cells.length === 0) return `No cell holds any of the tenants.${lone}`;
  const accountsText =
    accounts < cells.length
      ? `in as many accounts, or in ${counted(accounts, "account", "accounts")} with a region for each cell`
      : "in as many accounts";
  return (
    `With these limits ${count(tenants)} tenants need ${counted(cells.length, "cell", "cells")} of at most ${most} tenants, ` +
    `${accountsText}: ${shown.join(", ")}.${lone}`
  );
}

function roleLines({ gatewayRole }: QuotaReport): string[] {
  return gatewayRole === undefined ? [] : [sharedRoleText(gatewayRole)];
}

/** A file of one service has dozens of codes that no stack touches: they are one line. */
function unknownLines({ unknown }: QuotaReport): string[] {
  if (unknown.length === 0) return [];
  const more = unknown.length > 8 ? ` and ${unknown.length - 8} more codes` : "";
  return [`note: not counted: ${unknown.slice(0, 8).join(", ")}${more}`];
}

/** Only what takes a minute or more: shorter waits are lost in the rest of an update. */
export function leastLines({ least }: QuotaReport): string[] {
  const lines = [
    leastText("creating all of it", least.create),
    leastText("deploying every API anew", least.redeploy),
    leastText("destroying all of it", least.destroy),
  ].filter((line) => line !== undefined);
  return lines.length === 0 ? [] : [`At least, by the rates of API Gateway: ${lines.join("; ")}.`];
}

function leastText(what: string, { seconds, operation, calls }: LeastTime): string | undefined {
  if (seconds < 60) return undefined;
  return `${what} ${duration(seconds)} (${count(calls ?? 0)} × ${operation})`;
}

/** `12 min 30 s` */
export function duration(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  const rest = seconds % 60;
  const parts = [hours && `${hours} h`, minutes && `${minutes} min`, rest && `${rest} s`];
  return parts.filter(Boolean).join(" ") || "0 s";
}

const styles: Record<Outcome, Style> = { fits: "green", "nearly-full": "yellow", exceeded: "red" };

function quotaRow(line: QuotaLine, { paint }: TextOptions): string[] {
  const { service, code, name, asked, available, percent, outcome } = line;
  return [
    `${name}\n${service} ${code}`,
    count(asked),
    count(available),
    paint(styles[outcome], `${percent}%`),
    endCell(line),
    raiseCell(line),
  ];
}

/** `t19, the 19th`, or of tenants that are yet to come `the 37th` */
export const endCell = ({ ends }: QuotaLine): string =>
  ends === undefined
    ? "—"
    : `${ends.tenant === undefined ? "" : `${ends.tenant}, `}the ${ordinal(ends.ordinal)}`;

export const raiseCell = ({ raisable }: Pick<QuotaLine, "raisable">): string =>
  typeof raisable === "number" ? `to ${count(raisable)}` : raisable;

function sizeRow(line: SizeLine, { paint }: TextOptions): string[] {
  const { service, code, name, asked, limit, percent, outcome, resource } = line;
  return [
    `${name}\n${service} ${code}`,
    count(asked),
    count(limit),
    paint(styles[outcome], `${percent}%`),
    `each: ${resource}`,
    "",
  ];
}
