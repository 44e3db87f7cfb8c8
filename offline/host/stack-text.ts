/** Reads errors and their stacks: what happened, and where in the program. */
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const frame = /^\s*at (?:async )?(?:.* \()?((?:file:\/\/)?\/[^()]*?):(\d+):\d+\)?$/;

const here = resolve(import.meta.dirname, "..");

/** Neither a package's, nor of Node.js, nor of this folder, which runs the program. */
const isProgram = (file: string): boolean =>
  !file.includes("/node_modules/") && !file.startsWith(`${here}/`);

/** `index.ts:12` of the first frame that is the program's own, relative to its folder. */
export function placeIn(
  stack: string,
  root: string,
  isOwn: (file: string) => boolean = isProgram,
): string | undefined {
  for (const line of stack.split("\n")) {
    const [, found = "", row] = frame.exec(line) ?? [];
    if (row === undefined) continue;
    const file = found.startsWith("file:") ? fileURLToPath(found) : found;
    if (isOwn(file)) return `${relative(root, file)}:${row}`;
  }
  return undefined;
}

/** An error as the SDK logs it, stack and all, in one line with its place. */
export function errorText(logged: string, root: string): string {
  const text = withoutColours(logged);
  const place = placeIn(text, root);
  const [said = ""] = text
    .replace(/^Running program '[^']*' failed with an unhandled exception:\s*/, "")
    .replace(/^<ref \*1> /, "")
    .replace(/^TSError: ⨯ Unable to compile TypeScript:\s*/, "")
    .split(/\n(?:\s+at |Require stack:)/, 1)
    .map((one) => one.trim());
  return place === undefined || said.includes(place) ? said : `${place}: ${said}`;
}

/** The resources that wait for what never comes, as the SDK lists them. */
export const neverSettled = (said: string): string[] =>
  [...said.matchAll(/^ +\* ("[^"]*" \[[^\]]+\]) was (waiting .+)$/gm)].map(
    ([, resource, what]) => `${resource} never settles: it is ${what}`,
  );

export const stuckText = (place: string, seconds: number): string =>
  `${place}: the program stands still for ${seconds} s, as in an endless loop`;

/** An escape character begins a colour. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

export const withoutColours = (text: string): string => text.replaceAll(colours, "");
