/** Applies what changes on disk to a running environment: the stack's file, and the app's sources. */
import { type FSWatcher, watch } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { OwnSources } from "../components/chat-api/function/own-bundle.ts";
import { buildCode } from "./lambda/own-code.ts";

export interface WatchOptions {
  /** Folder of `Pulumi.yaml`. */
  readonly root: string;
  /** Names of the files in `root` whose changes are the stack's. */
  readonly stackFiles: readonly string[];
  /** Applies the stack's file; resolves to what changed in one line, undefined where nothing did. */
  readonly onStack: () => Promise<string | undefined>;
  /** From what functions were bundled whose code is not this repository's, or not only. */
  readonly ownSources: () => readonly OwnSources[];
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
  const { root, stackFiles, onStack, ownSources, onCode, onChange } = options;
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
  const stack = settled(() =>
    apply(stackFiles.join(", "), async () => {
      const line = await onStack();
      watchOwn();
      return line;
    }),
  );
  const code = settled((file) =>
    apply(`app/${file}`, async () => {
      await buildCode();
      for (const own of ownSources()) await buildCode(own);
      onCode();
      return `app/${file}: the next request runs the new code`;
    }),
  );
  const ownCode = settled((file) =>
    apply(relative(root, file), async () => {
      for (const own of ownSources()) if (own.files.includes(file)) await buildCode(own);
      onCode();
      watchOwn();
      return `${relative(root, file)}: the next request runs the new code`;
    }),
  );
  let ownWatchers: FSWatcher[] = [];
  /** What an edit imports newly is watched from then on. */
  const watchOwn = () => {
    for (const watcher of ownWatchers) watcher.close();
    const files = new Set(ownSources().flatMap((own) => own.files));
    const folders = new Set([...files].map((file) => dirname(file)));
    ownWatchers = [...folders].map((folder) =>
      watch(folder, (_, name) => {
        const file = join(folder, name ?? "");
        if (files.has(file)) ownCode(file);
      }),
    );
  };
  watchOwn();
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
    for (const watcher of [...watchers, ...ownWatchers]) watcher.close();
    for (const one of [stack, code, ownCode, program]) one.cancel();
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
