import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { tenantPattern } from "../../components/component.ts";
import { isRegion } from "../../components/region.ts";
import { UsageError } from "../../offline/usage-error.ts";
import { regionsLike } from "../../stacks/config.ts";

export interface InitFlags {
  readonly package: string;
  readonly tenant: string;
  readonly region: string;
}

/** Beside the compiled files as beside the sources. */
const templates = resolve(import.meta.dirname, "../../templates/project");

/** npm packs no file of these names. */
const hidden = ["gitignore", "github"];

/**
 * Writes the project and says how to go on.
 *
 * @throws UsageError for wrong flags and for files that are there already; then nothing is written.
 */
export function writeProject(folder: string, flags: InitFlags): string {
  const root = resolve(folder);
  const name = basename(root);
  if (!/^[a-z0-9][a-z0-9._-]{0,99}$/.test(name))
    throw refusal("<folder>", name, "a name of lower-case letters, digits, ., _ and -");
  if (!tenantPattern.test(flags.tenant))
    throw refusal("--tenant", flags.tenant, `a name that matches ${tenantPattern.source}`);
  if (!isRegion(flags.region)) throw refusal("--region", flags.region, regionsLike(flags.region));
  const files = new Map([
    ["package.json", manifest(name, sourceOf(flags.package, root))],
    ...templateFiles().map(([path, text]): [string, string] => [
      path,
      text
        .replaceAll("chatstack-project", name)
        .replaceAll("- id: acme", `- id: ${flags.tenant}`)
        .replaceAll("aws:region: us-east-1", `aws:region: ${flags.region}`),
    ]),
  ]);
  const taken = [...files.keys()].filter((path) => existsSync(join(root, path)));
  if (taken.length > 0)
    throw new UsageError(`${root}: ${taken.join(", ")} already there; nothing was written`);
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { flag: "wx" });
  }
  return [
    ...[...files.keys()].toSorted().map((path) => `wrote ${join(folder, path)}`),
    "",
    "Next:",
    `  cd ${folder} && npm install`,
    "  npm run check          what the policies say, without an account",
    "  npm run pulumi -- up   once AWS credentials and the prod stack's permissions boundary are yours",
    "",
  ].join("\n");
}

function templateFiles(): [path: string, text: string][] {
  return readdirSync(templates, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((file) => {
      const path = relative(templates, file).replaceAll("\\", "/");
      const isHidden = hidden.includes(path.split("/")[0] ?? "");
      return [isHidden ? `.${path}` : path, readFileSync(file, "utf8")];
    });
}

interface Manifest {
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The package's own, for the versions that it is tested with. */
function ownManifest(): Manifest {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json"))) folder = dirname(folder);
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

function manifest(name: string, chatstack: string): string {
  const { peerDependencies: peers, devDependencies: tools } = ownManifest();
  const of = (versions: Manifest["peerDependencies"], ...names: readonly string[]) =>
    Object.fromEntries(names.map((one) => [one, versions[one]]));
  const text = {
    name,
    private: true,
    type: "module",
    scripts: { check: "chatstack check", typecheck: "tsc", pulumi: "pulumi" },
    dependencies: { ...of(peers, "@pulumi/aws", "@pulumi/pulumi"), chatstack },
    devDependencies: of(tools, "@types/node", "typescript"),
  };
  return `${JSON.stringify(text, undefined, 2)}\n`;
}

/** A path is the project's, not that of whoever writes it. */
function sourceOf(source: string, root: string): string {
  const path = source.replace(/^file:/, "");
  if (existsSync(path)) return `file:${relative(root, resolve(path)).replaceAll("\\", "/")}`;
  if (path !== source || (/[/\\]|\.tgz$/.test(source) && !source.startsWith("npm:")))
    throw refusal("--package", source, "a file or folder that exists, or a version");
  return source;
}

const refusal = (what: string, found: string, allowed: string) =>
  new UsageError(`${what}: found "${found}"; allowed: ${allowed}`);
