/** `chatstack check`: policy checks of stacks, without cloud credentials. */
import { readFileSync, writeFileSync } from "node:fs";
import { styleText } from "node:util";
import { type Command, Option } from "commander";
import { check, list } from "../check/check.ts";
import { readPolicyConfig } from "../check/policy-config.ts";
import { type CheckReport, exitCodes } from "../check/report.ts";
import { junitReport } from "../check/reports/junit.ts";
import { startProgress } from "../check/reports/progress.ts";
import { ruleList } from "../check/reports/rule-list.ts";
import { sarifReport } from "../check/reports/sarif.ts";
import { type TextOptions, textReport } from "../check/reports/text.ts";

interface Flags {
  readonly stack?: readonly string[];
  readonly rule?: readonly string[];
  readonly level?: "mandatory" | "advisory";
  readonly list?: true;
  readonly policyPack?: string;
  readonly policyPackConfig?: string;
  /** True writes to stdout, a text to the file of that name. */
  readonly json?: string | true;
  readonly sarif?: string | true;
  readonly junit?: string | true;
}

export function registerCheck(program: Command): void {
  program
    .command("check")
    .description("judge stacks by the policy pack, offline and without cloud credentials")
    .option(
      "-s, --stack <name...>",
      "stacks to check (default: all that have a Pulumi.<name>.yaml)",
    )
    .option("-r, --rule <id...>", 'rules to ask, "*" for any text (default: all)')
    .addOption(
      new Option(
        "--level <level>",
        "show findings of this level only; the exit code counts all",
      ).choices(["mandatory", "advisory"]),
    )
    .option("--list", "print the rules, their levels in each stack and the controls they cover")
    .option("--policy-pack <folder>", "folder of the policy pack (default: policies)")
    .option("--policy-pack-config <file>", "levels and settings of policies, as for pulumi preview")
    .option("--json [file]", "write the report as JSON, to stdout or a file")
    .option("--sarif [file]", "write the report as SARIF 2.1.0, for code scanning")
    .option("--junit [file]", "write the report as JUnit XML")
    .addHelpText("after", "\nExit code: 0 clean, 1 violations, 2 something could not be judged.")
    .action(async (flags: Flags) => {
      process.exitCode = await run(flags);
    });
}

async function run(flags: Flags): Promise<number> {
  const toStdout = formats.filter((format) => flags[format] === true);
  if (toStdout.length > 1) {
    const names = toStdout.map((format) => `--${format}`).join(" and ");
    process.stderr.write(`${names} cannot both go to stdout: give one of them a file\n`);
    return exitCodes["could-not-judge"];
  }
  const progress = startProgress(process.stderr);
  try {
    const options = {
      stacks: flags.stack,
      rules: flags.rule,
      pack: flags.policyPack,
      ...(flags.policyPackConfig && { policyConfig: readPolicyConfig(flags.policyPackConfig) }),
      onProgress: progress.update,
    };
    if (flags.list) {
      const { rules, failures } = await list(options);
      progress.end();
      print(flags.json ? JSON.stringify(rules, undefined, 2) : ruleList(rules, textOptions(flags)));
      for (const failure of failures) process.stderr.write(`${failure}\n`);
      return failures.length > 0 ? exitCodes["could-not-judge"] : exitCodes.clean;
    }
    const report = await check(options);
    progress.end();
    write(report, flags);
    return exitCodes[report.outcome];
  } catch (error) {
    progress.end();
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    return exitCodes["could-not-judge"];
  }
}

const formats = ["json", "sarif", "junit"] as const;

const render = {
  json: (report: CheckReport) => `${JSON.stringify(report, undefined, 2)}\n`,
  sarif: (report: CheckReport) =>
    `${JSON.stringify(sarifReport(report, version()), undefined, 2)}\n`,
  junit: junitReport,
} satisfies Record<(typeof formats)[number], (report: CheckReport) => string>;

function write(report: CheckReport, flags: Flags): void {
  for (const format of formats) {
    const target = flags[format];
    if (target === true) process.stdout.write(render[format](report));
    else if (target !== undefined) writeFileSync(target, render[format](report));
  }
  const isTaken = formats.some((format) => flags[format] === true);
  // What a program reads goes to stdout alone; why something was not judged must still be seen.
  if (!isTaken) print(textReport(report, textOptions(flags)));
  else if (report.outcome === "could-not-judge") {
    const failures = [...report.failures, ...report.stacks.flatMap(({ failures }) => failures)];
    for (const failure of failures) process.stderr.write(`${failure}\n`);
  }
}

const print = (text: string) => process.stdout.write(`${text}\n`);

const textOptions = ({ level }: Flags): TextOptions => ({
  width: process.stdout.columns ?? 140,
  paint: (style, text) => styleText(style, text, { stream: process.stdout }),
  ...(level && { level }),
});

function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  const { version: found }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return found;
}
