/** Options that several commands have. */
import { join, relative } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { failOnChoices } from "../../offline/check/fail-on.ts";
import { projectRoot } from "../../offline/files/project-root.ts";

/** How operations of Pulumi are run: how many at a time, how often again, by which program. */
export const withEngineOptions = (command: Command): Command =>
  command
    .addOption(wholeNumber("--parallel <n>", "operations at the same time", 4))
    .addOption(wholeNumber("--tries <n>", "tries where AWS throttles or a connection breaks", 5))
    .addOption(
      wholeNumber(
        "--retry-seconds <n>",
        "most seconds before the second try, then twice that",
        5,
        0,
      ),
    )
    .option("--pulumi-path <folder>", "folder of the pulumi program (default: it is on the PATH)");

/** The data folder of an environment on this machine, found from every folder of the project. */
export const dataDirOption = (what: string): Option =>
  new Option("--data-dir <folder>", what).default(
    relative(process.cwd(), join(projectRoot(), ".chatstack")),
    ".chatstack beside Pulumi.yaml",
  );

/** What a command that judges fails on. */
export const failOnOption = (): Option =>
  new Option(
    "--fail-on <level>",
    "fail on findings of this level, or of this severity and above at any level",
  )
    .choices(failOnChoices)
    .default("mandatory");

export const baselineOption = (): Option =>
  new Option("--baseline <file>", "violations that the file lists fail nothing, new ones do");

/** @param least smallest number that is allowed. Default 1. */
export const wholeNumber = (flags: string, what: string, value?: number, least = 1): Option =>
  new Option(flags, what).default(value).argParser((text) => {
    const number = Number(text);
    if (Number.isInteger(number) && number >= least) return number;
    throw new InvalidArgumentError(`Allowed: a whole number from ${least} on.`);
  });

const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/** Read as seconds. */
export const duration = (flags: string, what: string): Option =>
  new Option(flags, what).argParser((text) => {
    const [, digits = "", unit = ""] = /^(\d+)([smh])$/.exec(text) ?? [];
    const factor = secondsOf[unit];
    if (factor !== undefined) return Number(digits) * factor;
    throw new InvalidArgumentError(
      'Allowed: a whole number with its unit, such as "30s", "10m", "1h".',
    );
  });
