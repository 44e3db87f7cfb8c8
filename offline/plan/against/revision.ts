/**
 * A stack as of a git revision: program, components and stack file of then, evaluated in a process of
 * its own from a copy in a temporary folder, by the packages that are installed now. Neither the
 * working tree nor the repository's index is touched.
 */
import { execFile, fork } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, extname, join, relative, resolve } from "node:path";
import { promisify } from "node:util";
import type { ResourceRecord } from "../../record.ts";
import { UsageError } from "../../usage-error.ts";

const run = promisify(execFile);

export interface Revision {
  /** Undefined where the stack had no file yet. */
  readonly records?: readonly ResourceRecord[];
}

/**
 * @param root folder of `Pulumi.yaml`, anywhere in a git repository.
 * @param revision as `git rev-parse` takes it: a branch, a tag, `HEAD~1`.
 * @throws UsageError when there is no such revision, or Error when its program cannot be evaluated.
 */
export async function evaluateRevision(
  root: string,
  revision: string,
  stack: string,
): Promise<Revision> {
  const git = async (args: readonly string[], env?: NodeJS.ProcessEnv) => {
    const { stdout } = await run("git", ["-C", root, ...args], { env: { ...process.env, ...env } });
    return stdout.trim();
  };
  const commit = await git(["rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`])
    // A URL of a remote may have a password, so git's own words stay out.
    .catch(() => undefined);
  if (commit === undefined) {
    throw new UsageError(
      `git:${revision}: no such revision in the repository of ${root}; ` +
        "a shallow clone has none but its own (`git fetch --depth 1 origin <branch>`)",
    );
  }
  const top = await git(["rev-parse", "--show-toplevel"]);
  const folder = mkdtempSync(join(tmpdir(), "chatstack-plan-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const release = onStop(remove);
  try {
    const tree = join(folder, "tree");
    mkdirSync(tree);
    // An index of its own: the repository's stays as it is.
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    await git(["read-tree", commit], env);
    await git(["-C", top, "checkout-index", "--all", `--prefix=${tree}/`], env);
    const project = join(tree, relative(top, resolve(root)));
    linkPackages(resolve(root), top, tree);
    const file = [".yaml", ".yml"].map((end) => join(project, `Pulumi.${stack}${end}`));
    return file.some(existsSync) ? { records: await evaluateApart(project, stack) } : {};
  } finally {
    release();
    remove();
  }
}

/** Packages are looked for from the project's folder upwards, as far as the repository reaches. */
function linkPackages(root: string, top: string, tree: string): void {
  for (let here = root; ; here = dirname(here)) {
    const packages = join(here, "node_modules");
    const link = join(tree, relative(top, here), "node_modules");
    if (existsSync(packages) && existsSync(dirname(link)) && !existsSync(link)) {
      symlinkSync(packages, link, "junction");
    }
    if (relative(top, here) === "" || dirname(here) === here) return;
  }
}

/** What the child says: the records, or why there are none. */
export type Answer = { readonly records: readonly ResourceRecord[] } | { readonly failure: string };

function evaluateApart(project: string, stack: string): Promise<readonly ResourceRecord[]> {
  const script = join(import.meta.dirname, `revision-child${extname(import.meta.filename)}`);
  // Whatever the program prints goes to stderr: stdout is the report's.
  const child = fork(script, [project, stack], { stdio: ["ignore", 2, 2, "ipc"], cwd: project });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("message", (answer: Answer) => {
      if ("records" in answer) resolve(answer.records);
      else reject(new Error(answer.failure.replaceAll(project, ".")));
    });
    child.on("exit", (code, signal) =>
      reject(new Error(`the program of that revision ended without an answer (${code ?? signal})`)),
    );
  });
}

/** A copy is not left behind by Ctrl-C either. */
function onStop(clean: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const stop = () => {
    clean();
    process.exit(130);
  };
  for (const signal of signals) process.on(signal, stop);
  return () => {
    for (const signal of signals) process.off(signal, stop);
  };
}
