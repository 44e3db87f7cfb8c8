/** What the package leaves out, said by name: the emulators, the app's sources and AWS's clients. */
import type { Command } from "commander";
import { UsageError } from "../offline/usage-error.ts";

const leftOut: Readonly<Record<string, string>> = {
  start: "runs the emulators",
  open: "opens the page of what `start` runs",
  token: "signs in to what `start` runs",
  migrate: "reads tables with AWS's clients",
  backup: "reads backups with AWS's clients",
  restore: "restores tables with AWS's clients",
  usage: "reads metrics and tables with AWS's clients",
  "tenant move": "copies tables with AWS's clients",
};

/** Each of them answers, `--help` included, with what to do instead. */
export function registerLeftOut(program: Command): void {
  for (const [name, does] of Object.entries(leftOut)) {
    const [last = name, parent] = name.split(" ").toReversed();
    const above = program.commands.find((command) => command.name() === parent) ?? program;
    above
      .command(last, { hidden: true })
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(() => {
        throw new UsageError(
          `${name} is not in the package: it ${does}. Clone the repository, run \`npm ci\`, and there ` +
            (name === "start" ? "`npm start`." : `\`npx --no -- chatstack ${name} …\`.`),
        );
      });
  }
  program.addHelpText("after", `\nIn the repository alone: ${Object.keys(leftOut).join(", ")}.`);
}
