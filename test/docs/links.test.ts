import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { posix, resolve } from "node:path";
import { expect, it, test } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { anchorsOf, linksOf } from "./markdown.ts";

const root = resolve(import.meta.dirname, "../..");
const files = execFileSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
}).split("\n");
const folders = new Set(files.flatMap((file) => parents(file)));
const pages = files.filter((path) => /^(docs|examples|templates)\/.*\.md$|^[^/]+\.md$/.test(path));
const read = (path: string) => readFileSync(resolve(root, path), "utf8");

function parents(path: string): string[] {
  const parent = posix.dirname(path);
  return parent === "." ? [parent] : [parent, ...parents(parent)];
}

/** The file that a link of a page leads to, and the anchor in it. */
function targetOf(page: string, target: string): { file: string; anchor: string } {
  const [path = "", anchor = ""] = target.split("#");
  const file = path === "" ? page : posix.join(posix.dirname(page), decodeURI(path));
  return { file: file.replace(/\/$/, ""), anchor };
}

const isOurs = ({ target }: { target: string }) => !/^(https?|mailto):/.test(target);

function faultOf(page: string, target: string): string | undefined {
  const { file, anchor } = targetOf(page, target);
  if (!files.includes(file) && !folders.has(file)) return "leads to no file";
  if (anchor !== "" && file.endsWith(".md") && !anchorsOf(read(file)).has(anchor))
    return `leads to no heading of ${file}`;
  return undefined;
}

test.each(pages)("every link of %s leads to a file, and to a heading that is there", (page) => {
  const dead = linksOf(read(page))
    .filter(isOurs)
    .flatMap(({ line, target }) => {
      const fault = faultOf(page, target);
      return fault === undefined ? [] : [`${page}:${line} ${target} ${fault}`];
    });
  expect(dead).toEqual([]);
});

it("would notice a link to a file or a heading that there is not", () => {
  expect(faultOf("docs/README.md", "tenants/nothing.md")).toContain("no file");
  expect(faultOf("docs/README.md", "../README.md#nothing")).toContain("no heading");
  expect(faultOf("docs/README.md", "../README.md#add-a-tenant")).toBeUndefined();
  expect([...anchorsOf("# `a --b`: c, [d](e.md)\n\n```sh\n# no\n```\n\n## A\n\n## A")]).toEqual([
    "a---b-c-d",
    "a",
    "a-1",
  ]);
  expect(linksOf('`[no](x.md)` [yes](y.md)\n<img src="z.png" />')).toEqual([
    { line: 1, target: "y.md" },
    { line: 2, target: "z.png" },
  ]);
});

/**
 * The package has the README and not what it links to: npm's site looks for relative targets at the root of the GitHub
 * repository that `repository` names (npm/newww, issue 721), and puts a `directory` before them.
 */
test("every link of the packed README leads into the repository", () => {
  expect(manifest.repository.url).toMatch(/^git\+https:\/\/github\.com\/[\w-]+\/[\w-]+\.git$/);
  expect(Object.keys(manifest.repository)).not.toContain("directory");
  const relative = linksOf(read("README.md"))
    .filter(isOurs)
    .map(({ target }) => target);
  expect(relative.length).toBeGreaterThan(20);
  expect(relative.filter((target) => /^(\/|\.\.)/.test(target))).toEqual([]);
});

/** Pages that links of a page lead to; a folder's page is its README. */
const nextOf = (page: string): string[] =>
  linksOf(read(page))
    .filter(isOurs)
    .map(({ target }) => targetOf(page, target).file)
    .map((file) => (folders.has(file) ? `${file}/README.md` : file));

test("every page of docs/ is at most two clicks from its index", () => {
  const first = nextOf("docs/README.md");
  const second = first.filter((path) => pages.includes(path)).flatMap(nextOf);
  const reached = new Set(["docs/README.md", ...first, ...second]);
  const unreached = files.filter((path) => /^docs\/.*\.(md|yml)$/.test(path) && !reached.has(path));
  expect(unreached).toEqual([]);
});
