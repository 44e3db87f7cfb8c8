import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

export const root = resolve(import.meta.dirname, "../..");
/** Programs of `examples/` that are an ES module or a CommonJS one, as the project says. The others are ES modules. */
const either = ["one-table", "own-tenant", "existing-network"];
export const examplesOf = (format: "esm" | "commonjs") =>
  format === "esm" ? [...either, "own-app", "extended-app"] : either;

const execute = promisify(execFile);

/** Output of a command; a failure's message has what it wrote. */
export async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  try {
    const { stdout } = await execute(command, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    if (!(error instanceof Error && "stdout" in error && "stderr" in error)) throw error;
    throw new Error(`${command} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`);
  }
}

export interface Packed {
  /** Folder of a project that has the package installed. */
  readonly home: string;
  readonly tarball: string;
  /** Paths in the package. */
  readonly shipped: readonly string[];
  remove(): Promise<void>;
}

/** What the examples and the store's users have beside the package, and what its declarations need. */
const beside = [
  ...["@pulumi/aws", "@pulumi/pulumi", "@types/node"],
  ...["@aws-sdk/client-dynamodb", "@aws-sdk/client-ssm", "@aws-sdk/lib-dynamodb"],
  ...["@hono/zod-openapi", "esbuild"],
  ...["@hono/node-server", "@langchain/core"],
];

const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];

/**
 * Packs the package and installs the tarball into an empty project, with its dependencies from the registry.
 *
 * @param others packages to install beside it, by name, with their versions.
 */
export async function install(others: Readonly<Record<string, string>> = {}): Promise<Packed> {
  const packed = await pack();
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  // At the repository's versions, which npm has in its cache; the peers come by themselves.
  const pinned = Object.fromEntries(beside.map((name) => [name, devDependencies[name]]));
  const dependencies = { chatstack: `file:${packed.tarball}`, ...pinned, ...others };
  await writeFile(
    join(packed.home, "package.json"),
    JSON.stringify({ private: true, dependencies }),
  );
  await run(packed.home, "npm", "install", "--prefer-offline", ...quiet);
  return packed;
}

/**
 * Packs the package and installs the tarball into an empty project that has the repository's packages, and only those that the
 * manifest declares: npm asks no registry and unpacks nothing else.
 */
export async function installOffline(): Promise<Packed> {
  const packed = await pack();
  const { dependencies, peerDependencies } = JSON.parse(
    await readFile(join(root, "package.json"), "utf8"),
  );
  const link = async (name: string) => {
    const path = join(packed.home, "node_modules", name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(join(root, "node_modules", name), path, "junction");
  };
  await Promise.all(Object.keys({ ...dependencies, ...peerDependencies }).map(link));
  await writeFile(join(packed.home, "package.json"), JSON.stringify({ private: true }));
  // Scripts and commands would be those of the linked packages.
  const own = ["--offline", "--ignore-scripts", "--bin-links=false"];
  await run(packed.home, "npm", "install", ...own, ...quiet, packed.tarball);
  // npm has removed those that are not needed by what is installed; the types come with Pulumi's SDK.
  const again = [...beside, "@types/google-protobuf"];
  await Promise.all(again.map((name) => link(name).catch(() => {})));
  return packed;
}

async function pack(): Promise<Packed> {
  const home = await mkdtemp(join(tmpdir(), "chatstack-package-"));
  const packed = JSON.parse(
    await run(root, "npm", "pack", "--json", "--silent", "--pack-destination", home),
  );
  const [{ filename, files }] = Array.isArray(packed) ? packed : Object.values(packed);
  return {
    home,
    tarball: join(home, filename),
    shipped: files.map(({ path }: { path: string }) => path),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}
