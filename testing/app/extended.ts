import { resolve } from "node:path";
import { buildOwnBundle } from "../../components/chat-api/function/own-bundle.ts";

const entry = resolve(import.meta.dirname, "../..", "examples/extended-app/src/app.ts");
let folder: string | undefined;

/** Folder of the bundle of the example that extends the app. */
export function extendedBundle(): string {
  folder ??= buildOwnBundle(entry, "chat-app");
  return folder;
}
