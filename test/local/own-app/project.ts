import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Environment, startEnvironment } from "../../../local/environment.ts";

const repository = resolve(import.meta.dirname, "../../..");

/** A copy of an example, in the repository, where it finds its packages; `chatstack` is these sources. */
export function copyOf(example: string): string {
  mkdirSync(join(repository, "dist"), { recursive: true });
  const root = mkdtempSync(join(repository, `dist/${example}-`));
  cpSync(join(repository, "examples", example), root, { recursive: true });
  const library = join(root, "node_modules/chatstack");
  mkdirSync(library, { recursive: true });
  const entries = { ".": "index.ts", "./components": "components/index.ts" };
  const exported = Object.entries(entries).map(([path, source], index) => {
    const text = `export * from ${JSON.stringify(join(repository, source))};\n`;
    writeFileSync(join(library, `${index}.js`), text);
    return [path, `./${index}.js`];
  });
  const manifest = { type: "module", exports: Object.fromEntries(exported) };
  writeFileSync(join(library, "package.json"), JSON.stringify(manifest));
  return root;
}

/** Runs an example for as long as `use` takes. */
export async function running(
  root: string,
  use: (environment: Environment, dataDir: string) => Promise<void>,
  onChange?: (line: string, outcome: "applied" | "failed") => void,
): Promise<void> {
  const dataDir = join(root, "data");
  const environment = await startEnvironment({
    ...{ stack: "dev", root, dataDir, port: 0, onChange },
    onCrash: (error: Error) => {
      throw error;
    },
  });
  try {
    await use(environment, dataDir);
  } finally {
    await environment.stop();
  }
}
