/** Whether a new tenant wants a name that another one has, without evaluating the others. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { tenantFilesOf } from "../../offline/engine-config/tenant-files.ts";
import { readStackFile } from "../../offline/project.ts";
import { isSection, type Section } from "../../stacks/reading/merge.ts";
import { archiveName, namesOf } from "../../stacks/shared-names.ts";
import type { StackSource } from "./change.ts";
import { stackConfigOf } from "./overview.ts";

/**
 * @param text of the tenant's own file.
 * @throws UsageError naming the file, what was found and who has it.
 */
export function refuseNamesakes(source: StackSource, id: string, text: string): void {
  const { root, stack, project, file } = source;
  const texts = new Map([[file, text]]);
  const read = (...only: readonly string[]) => {
    const view = { texts, only };
    const { path, ...read } = readStackFile(root, project, stack, undefined, undefined, view);
    const files = tenantFilesOf(read.handedOver, { root, project, path }) ?? [];
    return { files, config: stackConfigOf(read.config, project, basename(path)) };
  };
  const { files, config } = read(id);
  const [tenant] = config.tenants;
  const names = tenant === undefined ? [] : namesOf(id, tenant.settings);
  if (tenant === undefined || names.length === 0) return;
  const spelled = names.filter(({ path }) => path.join() !== "id");
  // What the defaults say, every tenant has that says nothing else.
  const isEverybodys = spelled.some(({ path }) => !isIn(tenant.own, path));
  const found = spelled.map((one) => one.found.toLowerCase());
  const paths = new Map(files.map((one) => [one.id, one.path]));
  const mayMeet = (other: string): boolean => {
    const own = paths.get(other);
    if (isEverybodys || own === undefined || archiveName(other) === archiveName(id)) return true;
    if (found.length === 0) return false;
    const content = readFileSync(own, "utf8").toLowerCase();
    return found.some((name) => content.includes(name));
  };
  read(id, ...source.ids.filter((other) => other !== id && mayMeet(other)));
}

function isIn(settings: Section, [name = "", ...rest]: readonly string[]): boolean {
  if (!Object.hasOwn(settings, name)) return false;
  const value = settings[name];
  return rest.length === 0 || (isSection(value) && isIn(value, rest));
}
