/** `chatstack graph`: a picture of what a stack is made of. */
import { type Command, Option } from "commander";
import { formats, type GraphFlags, levels } from "../../offline/graph/flags.ts";

export function registerGraph(program: Command) {
  program
    .command("graph")
    .description("draw a stack's resources and their dependencies, as Mermaid or SVG")
    .option("-s, --stack <name>", "stack to draw: Pulumi.<name>.yaml", "dev")
    .option(
      "-t, --tenant <id>",
      "draw this tenant only (default: one picture for all tenants that are built alike)",
    )
    .addOption(
      new Option("-l, --level <level>", "a box for each component, or for each resource")
        .choices(levels)
        .default("components"),
    )
    .addOption(
      new Option("-f, --format <format>", "default: by the output's name, else mermaid").choices(
        formats,
      ),
    )
    .option("-o, --output <file>", "where to write the picture (default: stdout)")
    .addHelpText(
      "after",
      `
Evaluated offline, without cloud credentials. A thick border: the resource outlives the stack. A dotted arrow:
it is encrypted by that key. Round: the tenant's users, and the models that its function may ask.

Example:
  $ chatstack graph --stack prod --tenant acme --output acme.svg

Exit code: 0 drawn, 1 the stack could not be evaluated, 2 wrong options or stack file.`,
    )
    .action(async (flags: GraphFlags) => {
      const { graph } = await import("../actions/graph.ts");
      await graph(flags);
    });
  return { example: "graph -s prod -o prod.svg", does: "draw a stack's resources" };
}
