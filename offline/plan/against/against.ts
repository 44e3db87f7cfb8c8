/**
 * What a stack is compared with. A prefix says what it is; without one the form does, and nothing is
 * ever guessed: a name is a stack, `….yaml` a stack file, `….json` or `-` an exported state.
 */
import { resolve } from "node:path";
import { stackFilePath } from "../../project.ts";
import type { ResourceRecord } from "../../record.ts";
import { evaluateOnAllCores } from "../../slices/records.ts";
import { UsageError } from "../../usage-error.ts";
import { withCodeHashes } from "./code-hash.ts";
import { evaluateRevision } from "./revision.ts";
import { exportedState } from "./state.ts";

export interface Against {
  readonly kind: "stack" | "file" | "git" | "state";
  /** Without its prefix: a stack's name, a path, a revision; `-` is stdin. */
  readonly what: string;
}

export interface Earlier {
  readonly records: readonly ResourceRecord[];
  /** True where the records are of real resources. */
  readonly isDeployed: boolean;
  /** What the reader must know beside the differences. */
  readonly notes: readonly string[];
}

/** @throws UsageError for what is none of the forms. */
export function parseAgainst(text: string, stacks: readonly string[]): Against {
  const [, prefix, rest = ""] = /^(stack|file|git|state):(.*)$/s.exec(text) ?? [];
  if (prefix && rest === "") throw new UsageError(`--against ${text}: nothing after the colon`);
  switch (prefix) {
    case "stack":
    case "file":
    case "git":
    case "state":
      return { kind: prefix, what: rest };
  }
  if (text === "-" || text.endsWith(".json")) return { kind: "state", what: text };
  if (/\.ya?ml$/.test(text)) return { kind: "file", what: text };
  if (stacks.includes(text)) return { kind: "stack", what: text };
  throw new UsageError(
    `--against ${text}: no such stack; stacks: ${stacks.join(", ") || "none"}. ` +
      `For a git revision write git:${text}; a stack file ends in .yaml, an exported state in .json`,
  );
}

/**
 * What the other side has. Another stack's file is evaluated under this stack's name: that they are
 * two stacks is no difference.
 */
export async function readEarlier(
  root: string,
  stack: string,
  { kind, what }: Against,
): Promise<Earlier> {
  switch (kind) {
    case "git": {
      const { records } = await evaluateRevision(root, what, stack);
      const notes = records ? [] : [`${what} has no Pulumi.${stack}.yaml: everything is new`];
      return { records: records ?? [], isDeployed: false, notes };
    }
    case "state": {
      const state = await exportedState(what);
      if (state.stack !== undefined && state.stack !== stack) {
        throw new UsageError(
          `${what === "-" ? "stdin" : what}: state of stack "${state.stack}", not "${stack}": give --stack ${state.stack}`,
        );
      }
      return { records: state.records, isDeployed: true, notes: state.notes };
    }
    case "file":
    case "stack": {
      const file = kind === "file" ? resolve(what) : stackFilePath(root, what);
      const { records } = await evaluateOnAllCores(stack, { root, file });
      return { records: withCodeHashes(records), isDeployed: false, notes: [] };
    }
  }
}
