/** `chatstack completion`: what a shell completes on Tab. */
import { Argument, type Command, type Option } from "commander";
import { completionScript, type Shell, shells, type Word } from "../terminal/completion.ts";

const into: Readonly<Record<Shell, string>> = {
  bash: "chatstack completion bash > ~/.local/share/bash-completion/completions/chatstack",
  zsh: `chatstack completion zsh > "\${fpath[1]}/_chatstack"`,
  fish: "chatstack completion fish > ~/.config/fish/completions/chatstack.fish",
};

export function registerCompletion(program: Command) {
  program
    .command("completion")
    .description("print a script that completes commands and options in a shell")
    .addArgument(new Argument("<shell>", "the shell").choices(shells))
    .addHelpText(
      "after",
      `
Save it where the shell looks for it, again after each update:
${shells.map((shell) => `  $ ${into[shell]}`).join("\n")}

It completes the command name \`chatstack\`. \`alias chatstack='npx --no -- chatstack'\` makes one.`,
    )
    .action((shell: Shell) => {
      process.stdout.write(completionScript(shell, wordsOf(program)));
    });
  return { example: "completion bash", does: "complete commands and options on Tab" };
}

/** Every sub-command with its own, as far as help shows them. */
function wordsOf(program: Command, path: readonly string[] = []): Word[] {
  return program
    .createHelp()
    .visibleCommands(program)
    .flatMap((command) => {
      if (command.name() === "help") return [];
      const here = [...path, command.name()];
      const options = command.createHelp().visibleOptions(command);
      const word = {
        path: here,
        description: command.description(),
        options: options.map(optionOf),
        values: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
      };
      return [word, ...wordsOf(command, here)];
    });
}

function optionOf({ long, short, description, required, optional, argChoices }: Option) {
  return {
    name: long ?? short ?? "",
    description,
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}
