/** How many files a folder shows, and which of them says what lives there. */
import { posix } from "node:path";

/** About as many names as a reader takes in at a glance. */
const most = 16;

/** Folders that show more, and why. */
const crowded: Readonly<Record<string, string>> = {
  ".": "tools and hosting services look for their files here, and nowhere else",
  "docs/reference": "one file a component, named after it, as programs import it",
  "cli/commands": "one file a command, named after it; `chatstack --help` is the same list",
};

export function crowdedFolders(files: readonly string[]): string[] {
  return [...Map.groupBy(files, (path) => posix.dirname(path))]
    .filter(([folder, its]) => its.length > most && !(folder in crowded))
    .map(([folder, its]) => `${folder} shows ${its.length} files`);
}

/** Folders of what is shipped or run, and not of what tries it. */
export const productFolders = [
  "app",
  "cli",
  "client",
  "components",
  "local",
  "offline",
  "operations",
  "policies",
  "stacks",
];

const described = [...productFolders, "testing"];

/** Names of files that stand for their folder: `rules.ts` for a service's folder of the policy pack. */
const ownNames = (folder: string) => ["index", posix.basename(folder), "rules"];

/** By folder, the file that a reader opens first: the index, the namesake, or the first by name. */
export function firstFiles(files: readonly string[]): Map<string, string> {
  const sources = files.filter(
    (path) =>
      /\.ts$/.test(path) &&
      !/\.test\.ts$/.test(path) &&
      described.includes(path.split("/")[0] ?? ""),
  );
  return new Map(
    [...Map.groupBy(sources, (path) => posix.dirname(path))].map(([folder, its]) => {
      const own = ownNames(folder)
        .map((name) => posix.join(folder, `${name}.ts`))
        .find((path) => its.includes(path));
      return [folder, own ?? its.toSorted()[0] ?? ""];
    }),
  );
}

/**
 * The comment that the file opens with, if it is about the folder: a file that carries the folder's name
 * speaks for it, any other must name it.
 */
export function folderComment(folder: string, file: string, text: string): string | undefined {
  const [, comment] = /^\/\*\*(.*?)\*\//s.exec(text) ?? [];
  const speaksForIt = ownNames(folder).includes(posix.basename(file, ".ts"));
  return speaksForIt || comment?.includes(`\`${folder}/\``) ? comment?.trim() : undefined;
}
