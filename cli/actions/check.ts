/** What `chatstack check` does with its flags. */
import { baselineOf, readBaseline, weigh } from "../../offline/check/baseline.ts";
import { check, list } from "../../offline/check/check.ts";
import type { FailOn } from "../../offline/check/fail-on.ts";
import { readPolicyConfig } from "../../offline/check/pack/policy-config.ts";
import type { CheckReport } from "../../offline/check/report.ts";
import { junitReport } from "../../offline/check/reports/junit.ts";
import { ruleList } from "../../offline/check/reports/rule-list.ts";
import { sarifReport } from "../../offline/check/reports/sarif.ts";
import { shortReport } from "../../offline/check/reports/short.ts";
import { type ReportOptions, textReport } from "../../offline/check/reports/text.ts";
import { refuseUnwritable, writeText } from "../../offline/files/files.ts";
import { counted } from "../../offline/text.ts";
import { version } from "../../offline/version.ts";
import { exitCodes } from "../exit-codes.ts";
import { warnOfConfig } from "../terminal/config-warnings.ts";
import { startProgress } from "../terminal/progress.ts";
import { ignoreClosedPipe, stdoutText } from "../terminal/stdout.ts";

export interface Flags {
  readonly stack?: readonly string[];
  readonly rule?: readonly string[];
  readonly level?: "mandatory" | "advisory";
  readonly failOn?: FailOn;
  readonly baseline?: string;
  readonly writeBaseline?: string;
  readonly short?: true;
  readonly list?: true;
  readonly policyPack?: string;
  readonly protocol?: true;
  readonly policyPackConfig?: string;
  /** True writes to stdout, a text to the file of that name. */
  readonly json?: string | true;
  readonly sarif?: string | true;
  readonly junit?: string | true;
}

/** Resolves to the exit code. */
export async function run(flags: Flags): Promise<number> {
  const toStdout = formats.filter((format) => flags[format] === true);
  if (toStdout.length > 1) {
    const names = toStdout.map((format) => `--${format}`).join(" and ");
    process.stderr.write(`${names} cannot both go to stdout: give one of them a file\n`);
    return exitCodes["could-not-judge"];
  }
  ignoreClosedPipe(process.stdout);
  warnOfConfig(flags.stack);
  const progress = startProgress(process.stderr, "checking: evaluating the stacks");
  const judged = new Map<string, string>();
  try {
    for (const format of formats) refuseUnwritable(flags[format]);
    const options = {
      stacks: flags.stack,
      rules: flags.rule,
      pack: flags.policyPack,
      protocol: flags.protocol,
      ...(flags.policyPackConfig && { policyConfig: readPolicyConfig(flags.policyPackConfig) }),
      onProgress: (stack: string, count: number, of: number) => {
        judged.set(stack, `${stack} ${count}/${of}`);
        progress.update(`checking: ${[...judged.values()].join(", ")}`);
      },
    };
    if (flags.list) {
      const { rules, failures } = await list(options);
      progress.end();
      print(flags.json ? JSON.stringify(rules, undefined, 2) : ruleList(rules, textOptions(flags)));
      for (const failure of failures) process.stderr.write(`${failure}\n`);
      return failures.length > 0 ? exitCodes["could-not-judge"] : exitCodes.clean;
    }
    // A file that cannot be read is told before a minute is spent.
    const baseline = flags.baseline === undefined ? undefined : readBaseline(flags.baseline);
    const report = weigh(await check(options), { baseline, failOn: flags.failOn });
    progress.end();
    write(report, flags);
    if (flags.writeBaseline === undefined) return exitCodes[report.outcome];
    return keep(flags.writeBaseline, report);
  } catch (error) {
    progress.end();
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return exitCodes["could-not-judge"];
  }
}

/** What cannot be judged is in no baseline. */
function keep(path: string, report: CheckReport): number {
  const { findings, ...rest } = baselineOf(report);
  writeText(path, `${JSON.stringify({ ...rest, findings }, undefined, 2)}\n`);
  process.stderr.write(`${path}: ${counted(findings.length, "violation", "violations")}\n`);
  return exitCodes[report.outcome === "could-not-judge" ? report.outcome : "clean"];
}

const formats = ["json", "sarif", "junit"] as const;

const render = {
  json: (report: CheckReport) => `${JSON.stringify(report, undefined, 2)}\n`,
  sarif: (report: CheckReport) => `${JSON.stringify(sarifReport(report, version), undefined, 2)}\n`,
  junit: junitReport,
} satisfies Record<(typeof formats)[number], (report: CheckReport) => string>;

function write(report: CheckReport, flags: Flags): void {
  for (const format of formats) {
    const target = flags[format];
    if (target === true) process.stdout.write(render[format](report));
    else if (target !== undefined) writeText(target, render[format](report));
  }
  const isTaken = formats.some((format) => flags[format] === true);
  // What a program reads goes to stdout alone; why something was not judged must still be seen.
  const text = flags.short ? shortReport : textReport;
  if (!isTaken) print(text(report, textOptions(flags)));
  else if (report.outcome === "could-not-judge") {
    const failures = [...report.failures, ...report.stacks.flatMap(({ failures }) => failures)];
    for (const failure of failures) process.stderr.write(`${failure}\n`);
  }
}

const print = (text: string) => process.stdout.write(`${text}\n`);

const textOptions = ({ level }: Flags): ReportOptions => ({
  ...stdoutText(),
  ...(level && { level }),
});
