/**
 * `operations/tenant/`: a tenant's life cycle as edits of the stack's file, or of the tenant's own.
 *
 * A change of such a file: evaluated before it is written, and written whole or not at all.
 */
import { randomUUID } from "node:crypto";
import {
  linkSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { tenantPattern } from "../../components/component.ts";
import { folderOf, tenantFilesOf } from "../../offline/engine-config/tenant-files.ts";
import { EvaluationError } from "../../offline/evaluate.ts";
import {
  evaluateStack,
  ProjectError,
  readProject,
  readStackFile,
  type StackFile,
} from "../../offline/project.ts";
import type { ResourceRecord } from "../../offline/record.ts";
import { tenantsByUrn } from "../../offline/tenancy.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { newTenantFile } from "../../stacks/registry/folder.ts";
import { entriesIn } from "./stack-text.ts";
import type { StackText } from "./verified.ts";

/** The file that a tenant stands in, or would. */
export interface StackSource extends StackText {
  readonly root: string;
  readonly stack: string;
  readonly path: string;
  /** Ids of the stack's tenants: of its list and of its folder's files. */
  readonly ids: readonly string[];
}

interface Asked {
  readonly root?: string | undefined;
  readonly stack: string;
}

/**
 * A tenant's own file where it has one, or is to get one, else the stack's.
 *
 * @param id of the tenant. Without it: the stack's file.
 */
export function readSource({ root = process.cwd(), stack }: Asked, id?: string): StackSource {
  const { name: project } = readProject(root);
  const { path, handedOver } = readStackFile(root, project, stack, undefined, undefined, {
    only: [],
  });
  const text = readFileSync(path, "utf8");
  const place = { root, project, path };
  const files = tenantFilesOf(handedOver, place) ?? [];
  const list = { root, stack, project, path, file: basename(path), text };
  const listed = entriesIn(list).map((entry) => String(entry.id));
  const source = { ...list, ids: [...listed, ...files.map((file) => file.id)] };
  const folder = folderOf(handedOver, place);
  if (id === undefined || folder === undefined || listed.includes(id)) return source;
  const own = files.find((file) => file.id === id);
  if (own) {
    const { file } = own;
    return {
      ...source,
      path: own.path,
      file,
      text: readFileSync(own.path, "utf8"),
      isTenantFile: true,
    };
  }
  // It is to be the name of a file.
  if (!tenantPattern.test(id)) {
    const allowed = `a name that matches ${tenantPattern.source}`;
    throw new UsageError(`<id>: found ${JSON.stringify(id)}; allowed: ${allowed}`);
  }
  return { ...source, ...newTenantFile(folder, id), text: "", isTenantFile: true };
}

/**
 * The stack's resources with this text as the file. Of a tenant with a file of its own: its resources, and what
 * all tenants share. The others are not looked at, since theirs are the same before and after.
 *
 * @throws UsageError naming file, path, what was found and what is allowed.
 */
export async function recordsOf(
  source: StackSource,
  id: string,
  text: string,
): Promise<readonly ResourceRecord[]> {
  const { root, stack, file, isTenantFile } = source;
  try {
    if (!isTenantFile) return (await evaluateStack(stack, { root, text })).records;
    const texts = new Map([[file, text === "" ? undefined : text]]);
    return (await evaluateStack(stack, { root, tenants: { only: [id], texts } })).records;
  } catch (error) {
    if (!(error instanceof EvaluationError || error instanceof ProjectError)) throw error;
    throw new UsageError(`${error.message}\nNothing was written to ${file}.`);
  }
}

/** The stack's config, with no other tenants than this one where it has a file of its own. */
export const stackFileOf = (
  { root, project, stack, isTenantFile }: StackSource,
  id: string,
): StackFile =>
  readStackFile(root, project, stack, undefined, undefined, isTenantFile ? { only: [id] } : {});

/** What all tenants share: it is there whichever tenants there are. */
export function withoutTenants(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
  const owners = tenantsByUrn(records);
  return records.filter(({ urn }) => owners.get(urn) === undefined);
}

/**
 * @param edited the file's new text; none where the file goes.
 * @throws UsageError when somebody else wrote meanwhile.
 */
export function write({ path, file, text }: StackSource, edited: string): void {
  if (text === "") {
    create(path, file, edited);
    return;
  }
  // A link stays a link.
  const target = realpathSync(path);
  const temporary = `${target}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, edited, { mode: statSync(target).mode, flag: "wx" });
    if (readFileSync(target, "utf8") !== text) throw changedMeanwhile(file);
    if (edited === "") rmSync(path);
    else renameSync(temporary, target);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Whole or not at all, and never over another's. */
function create(path: string, file: string, text: string): void {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    writeFileSync(temporary, text, { flag: "wx" });
    linkSync(temporary, path);
  } catch (error) {
    const isThere = error instanceof Error && "code" in error && error.code === "EEXIST";
    throw isThere ? changedMeanwhile(file) : error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

const changedMeanwhile = (file: string) =>
  new UsageError(`${file}: was changed by somebody else meanwhile; nothing was written`);
