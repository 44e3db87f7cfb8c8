/**
 * `cli/terminal/`: output on a terminal and in a log.
 *
 * Scripts that complete a command line, for each shell in its own language.
 */

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** A sub-command. */
export interface Word {
  /** From the program's name on, e.g. `["tenant", "add"]`. */
  readonly path: readonly string[];
  readonly description: string;
  /** What may stand for its arguments, where that is fixed. */
  readonly values: readonly string[];
  readonly options: readonly {
    /** With its dashes. */
    readonly name: string;
    readonly description: string;
    readonly takesValue: boolean;
    /** Values that are allowed; none: a file's name is completed. */
    readonly choices: readonly string[];
  }[];
}

export function completionScript(shell: Shell, words: readonly Word[]): string {
  return { bash, zsh, fish }[shell](words);
}

const childrenOf = (words: readonly Word[], path: string) =>
  words.filter((word) => word.path.slice(0, -1).join(" ") === path);

const wordAt = (words: readonly Word[], path: string) =>
  words.find((word) => word.path.join(" ") === path);

/** All that may stand behind each sub-command, as cases of bash's and zsh's shared language. */
function bash(words: readonly Word[]): string {
  const paths = ["", ...words.map(({ path }) => path.join(" "))];
  const cases = paths.map((path) => {
    const { options = [], values = [] } = wordAt(words, path) ?? {};
    const names = [
      ...values,
      ...childrenOf(words, path).map((word) => word.path.at(-1) ?? ""),
      ...options.map(({ name }) => name),
    ];
    return `    "${path}") words="${names.join(" ")}" ;;`;
  });
  const values = words.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map(
        ({ name, choices }) => `    "${path.join(" ")} ${name}") values="${choices.join(" ")}" ;;`,
      ),
  );
  const known = words.map(({ path }) => `"${path.join(" ")}"`).join("|");
  return `# bash completion of chatstack
_chatstack() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local path="" next word words="" values="none"
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    next="\${path:+$path }$word"
    case "$next" in ${known || '""'}) path="$next" ;; esac
  done
  case "$path $previous" in
${values.join("\n")}
  esac
  if [[ "$values" == none ]]; then
    case "$path" in
${cases.join("\n")}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
  elif [[ -n "$values" ]]; then
    COMPREPLY=($(compgen -W "$values" -- "$current"))
  else
    COMPREPLY=($(compgen -f -- "$current"))
  fi
}
complete -F _chatstack chatstack
`;
}

function zsh(words: readonly Word[]): string {
  const quoted = (text: string) =>
    text.replaceAll(/['\\:[\]`$]/g, (sign) =>
      sign === "'" ? "'\\''" : sign === "`" || sign === "$" ? sign : `\\${sign}`,
    );
  const spec = ({ name, description, takesValue, choices }: Word["options"][number]) => {
    const value = choices.length > 0 ? `:value:(${choices.join(" ")})` : ":value:_files";
    return `'${name}[${quoted(description)}]${takesValue ? value : ""}'`;
  };
  const functionOf = (path: string) =>
    `_chatstack${path === "" ? "" : `_${path.replaceAll(/\W/g, "_")}`}`;
  const functions = ["", ...words.map(({ path }) => path.join(" "))].map((path) => {
    const { options = [], values = [] } = wordAt(words, path) ?? {};
    const children = childrenOf(words, path);
    if (children.length === 0) {
      const argument = values.length > 0 ? `'1:value:(${values.join(" ")})'` : "'*:file:_files'";
      return `${functionOf(path)}() {
  _arguments ${[...options.map(spec), argument].join(" \\\n    ")}
}`;
    }
    const listed = children.map((word) => `'${word.path.at(-1)}:${quoted(word.description)}'`);
    const cases = children.map(
      (word) => `    ${word.path.at(-1)}) ${functionOf(word.path.join(" "))} ;;`,
    );
    return `${functionOf(path)}() {
  local -a commands=(
    ${listed.join("\n    ")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command="$words[2]"
  shift words
  (( CURRENT-- ))
  case "$command" in
${cases.join("\n")}
  esac
}`;
  });
  return `#compdef chatstack
# zsh completion of chatstack
${functions.join("\n")}
if [ "$funcstack[1]" = "_chatstack" ]; then _chatstack "$@"; else compdef _chatstack chatstack; fi
`;
}

function fish(words: readonly Word[]): string {
  const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
  const lines = words.flatMap(({ path, description, options, values }) => {
    const name = path.at(-1) ?? "";
    const parents = path.slice(0, -1);
    const when =
      parents.length === 0
        ? "__fish_use_subcommand"
        : `__fish_seen_subcommand_from ${parents.join(" ")}`;
    const here = path.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and ");
    return [
      `complete -c chatstack -f -n ${quoted(when)} -a ${name} -d ${quoted(description)}`,
      ...values.map((value) => `complete -c chatstack -f -n ${quoted(here)} -a ${value}`),
      ...options.map((option) => {
        const value = option.takesValue
          ? option.choices.length > 0
            ? ` -x -a ${quoted(option.choices.join(" "))}`
            : " -r"
          : "";
        const flag = option.name.startsWith("--")
          ? `-l ${option.name.slice(2)}`
          : `-s ${option.name.slice(1)}`;
        return `complete -c chatstack -n ${quoted(here)} ${flag}${value} -d ${quoted(option.description)}`;
      }),
    ];
  });
  return `# fish completion of chatstack\n${lines.join("\n")}\n`;
}
