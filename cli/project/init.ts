/** `cli/project/`: `chatstack init`: a new project of one's own that uses the package. */
import type { Command } from "commander";
import type { InitFlags } from "./new-project.ts";

export function registerInit(program: Command) {
  program
    .command("init")
    .description("write a new project: program, stacks dev and prod, first tenant, CI recipe")
    .argument("<folder>", "where to write it; it is made where there is none")
    .requiredOption(
      "-p, --package <source>",
      "where the project gets chatstack from: a tarball or a folder, or a version that your registry has",
    )
    .option("-t, --tenant <id>", "id of the first tenant", "acme")
    .option("-r, --region <region>", "region of both stacks", "us-east-1")
    .addHelpText(
      "after",
      `
No file is overwritten: where one of them is there already, nothing is written.

Example:
  $ chatstack init ../backends --package ./chatstack-0.1.0.tgz --tenant acme

Exit code: 0 written, 2 wrong options, or files that are there already.`,
    )
    .action(async (folder: string, flags: InitFlags) => {
      const { writeProject } = await import("./new-project.ts");
      process.stdout.write(writeProject(folder, flags));
    });
  return {
    example: "init ../backends -p ./chatstack-0.1.0.tgz",
    does: "write a new project that uses the package",
  };
}
