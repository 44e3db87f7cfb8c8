/** Applies what changes on disk to a running environment: the stack's file, and the app's sources. */
import { execFile } from "node:child_process";
import { watch } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

export interface WatchOptions {
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  /** Names of the files in `root` whose changes are the stack's. */
  readonly stackFiles: readonly string[];
  /** Applies the stack's file; resolves to what changed in one line, undefined where nothing did. */
  readonly onStack: () => Promise<string | undefined>;
  /** Loads the functions' code anew, which has been built. */
  readonly onCode: () => void;
  /** One line on each change; a failure leaves everything as it was. */
  readonly onChange: (line: string, outcome: "applied" | "failed") => void;
}

const sources = resolve(import.meta.dirname, "..");
/** Code that makes the tenants: a process loads it once. */
const programFolders = ["stacks", "components"];

/** @returns ends the watch and waits for what is being applied. */
export function watchSources(options: WatchOptions): () => Promise<void> {
  const { root, stackFiles, onStack, onCode, onChange } = options;
  let applying = Promise.resolve();
  const apply = (what: string, work: () => Promise<string | undefined>) => {
    applying = applying.then(async () => {
      try {
        const line = await work();
        if (line !== undefined) onChange(line, "applied");
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        onChange(`${what}: not applied, all goes on as before: ${reason}`, "failed");
      }
    });
  };
  const stack = settled(() => apply(stackFiles.join(", "), onStack));
  const code = settled((file) =>
    apply(`app/${file}`, async () => {
      await build();
      onCode();
      return `app/${file}: the next request runs the new code`;
    }),
  );
  const program = settled((file) =>
    onChange(`${file}: it makes the tenants; start again to apply it`, "failed"),
  );
  const watchers = [
    watch(root, (_, name) => name !== null && stackFiles.includes(name) && stack(name)),
    watch(join(sources, "app"), { recursive: true }, (_, name) => isSource(name) && code(name)),
    ...programFolders.map((folder) =>
      watch(
        join(sources, folder),
        { recursive: true },
        (_, name) => isSource(name) && program(`${folder}/${name}`),
      ),
    ),
  ];
  return async () => {
    for (const watcher of watchers) watcher.close();
    for (const one of [stack, code, program]) one.cancel();
    await applying;
  };
}

/** Editors save in several steps; a build's own files do not count. */
const quietMs = 50;

function settled(act: (file: string) => void) {
  let timer: NodeJS.Timeout | undefined;
  const later = (file: string) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(file), quietMs);
  };
  return Object.assign(later, { cancel: () => clearTimeout(timer) });
}

const isSource = (name: string | null): name is string =>
  name !== null && /\.(ts|js|mjs|css|html|json)$/.test(name);

/** In a process of its own: the sources that this one has loaded stay as they were. */
async function build(): Promise<void> {
  const bundle = join(sources, "app/lambda/bundle.ts");
  const code = `(await import(${JSON.stringify(bundle)})).buildLambdaBundle()`;
  try {
    await promisify(execFile)(process.execPath, ["--input-type=module", "-e", code]);
  } catch (error) {
    const stderr = error instanceof Error && "stderr" in error ? String(error.stderr) : "";
    const fault = /(?:✘ \[ERROR\]|\w*Error:) ?.*(?:\n\n.*)?/.exec(stderr)?.[0];
    throw new Error(fault?.replace(/\s*\n\s*/g, " ") ?? String(error));
  }
}
