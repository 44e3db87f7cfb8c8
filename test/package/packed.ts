import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

export const root = resolve(import.meta.dirname, "../..");
/** Programs of `examples/` that are an ES module or a CommonJS one, as the project says. */
const either = ["one-table", "own-tenant", "existing-network"];
export const examplesOf = (format: "esm" | "commonjs") =>
  format === "esm" ? [...either, "own-app"] : either;

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

/**
 * Packs the package and installs the tarball into an empty project.
 *
 * @param others packages to install beside it, by name, with their versions.
 */
export async function install(others: Readonly<Record<string, string>> = {}): Promise<Packed> {
  const home = await mkdtemp(join(tmpdir(), "chatstack-package-"));
  const packed = JSON.parse(
    await run(root, "npm", "pack", "--json", "--silent", "--pack-destination", home),
  );
  const [{ filename, files }] = Array.isArray(packed) ? packed : Object.values(packed);
  const tarball = join(home, filename);
  const { devDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  // At the repository's versions, which npm has in its cache; the peers come by themselves.
  const pinned = [
    ...["@pulumi/aws", "@pulumi/pulumi", "@types/node"],
    // Of the example that brings an app of its own.
    ...["@aws-sdk/client-dynamodb", "esbuild"],
  ];
  const dependencies = {
    chatstack: `file:${tarball}`,
    ...Object.fromEntries(pinned.map((name) => [name, devDependencies[name]])),
    ...others,
  };
  await writeFile(join(home, "package.json"), JSON.stringify({ private: true, dependencies }));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];
  await run(home, "npm", "install", ...quiet);
  return {
    home,
    tarball,
    shipped: files.map(({ path }: { path: string }) => path),
    remove: () => rm(home, { recursive: true, force: true }),
  };
}
