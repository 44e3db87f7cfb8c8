/**
 * Tenants whose files are as they were in a git revision. Where nothing but files of tenants differs from it, the
 * program makes of all others what it made of them then: they need no evaluation, neither now nor then.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { folderOf, type TenantsView, tenantFilesOf } from "../../engine-config/tenant-files.ts";
import { evaluateStack, type StackFile } from "../../project.ts";
import type { ResourceRecord } from "../../record.ts";
import { withCodeHashes } from "./code-hash.ts";

export interface Narrowed {
  readonly before: readonly ResourceRecord[];
  readonly after: readonly ResourceRecord[];
  readonly note: string;
}

/** With fewer unchanged ones the whole stack is soon evaluated, and everything of it can be told. */
const fewestUnchanged = 20;

/**
 * The changed tenants of a stack, then and now, and what all tenants share. Undefined where more than files of
 * tenants may differ, or few tenants are the same.
 */
export async function changedTenants(
  root: string,
  project: string,
  file: StackFile,
  revision: string,
): Promise<Narrowed | undefined> {
  const { handedOver, path, stack } = file;
  const place = { root, project, path };
  const files = tenantFilesOf(handedOver, place);
  const folder = folderOf(handedOver, place);
  if (files === undefined || folder === undefined) return undefined;
  const git = gitIn(root);
  const changed = await changedFiles(git, revision, folder.folder);
  const inFolder = `${folder.folder.replace(/^\.\//, "").replace(/\/$/, "")}/`;
  if (changed === undefined || !changed.every((one) => isTenants(one, inFolder))) return undefined;
  const unchanged = files.filter((one) => !changed.includes(one.file));
  const [witness] = unchanged;
  if (witness === undefined || unchanged.length < fewestUnchanged) return undefined;
  const texts = new Map<string, string | undefined>();
  for (const one of changed) {
    texts.set(one, await git("show", `${revision}:./${one}`).catch(() => undefined));
  }
  // No stack is without a tenant; what all share is there with any.
  const only = [...changed.map(idOf), witness.id];
  const evaluated = (tenants: TenantsView) => evaluateStack(stack, { root, tenants });
  const after = await evaluated({ only });
  const before = await evaluated({ only, texts });
  return {
    before: withCodeHashes(before.records),
    after: after.records,
    note:
      `${unchanged.length} tenants, whose files are as in ${revision} like all else but the changed ones, were ` +
      "not evaluated; what the account's quotas leave is for `chatstack quotas`",
  };
}

/** Below the project's folder, with slashes; undefined where something differs outside of it. */
async function changedFiles(
  git: Git,
  revision: string,
  folder: string,
): Promise<string[] | undefined> {
  const top = await git("rev-parse", "--show-toplevel").catch(() => undefined);
  if (top === undefined) return undefined;
  const named = ["diff", "--name-only", "--no-renames", "-z", "--end-of-options", revision, "--"];
  const tracked = await git("-C", top.trim(), ...named);
  const others = ["ls-files", "--others", "-z"];
  const untracked = await git("-C", top.trim(), ...others, "--exclude-standard");
  // A tenant counts whether git ignores its file or not.
  const ignored = await git(...others, "--full-name", "--", folder);
  const prefix = (await git("rev-parse", "--show-prefix")).trim();
  const files = [tracked, untracked, ignored].flatMap((list) => list.split("\0")).filter(Boolean);
  if (files.some((file) => !file.startsWith(prefix))) return undefined;
  return [...new Set(files.map((file) => file.slice(prefix.length)))];
}

const isTenants = (file: string, folder: string): boolean =>
  file.startsWith(folder) && /\.ya?ml$/.test(file);

const idOf = (file: string): string => (file.split("/").at(-1) ?? file).replace(/\.ya?ml$/, "");

type Git = (...args: readonly string[]) => Promise<string>;

const gitIn =
  (root: string): Git =>
  async (...args) =>
    (await run("git", ["-C", root, ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout;

const run = promisify(execFile);
