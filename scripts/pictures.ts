/**
 * Makes `docs/pictures/`: `npm run pictures`. Drawings are SVG; `--screenshots` takes those of the report and of the chat page
 * too, which needs Chromium.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser, chromium } from "../testing/processes/browser.ts";
import { showChat } from "./pictures/chat.ts";
import { plan, report, tenant } from "./pictures/commands.ts";
import { flow, life } from "./pictures/drawings.ts";
import { inputHashes } from "./pictures/inputs.ts";

const folder = resolve(import.meta.dirname, "../docs/pictures");

function write(name: string, content: string | Buffer): void {
  writeFileSync(join(folder, name), content);
  console.log(name);
}

for (const [name, make] of Object.entries({ flow, life, plan, tenant }))
  write(`${name}.svg`, await make());

/** In both schemes. */
async function take(browser: Browser, name: string, width: number): Promise<void> {
  for (const scheme of ["light", "dark"] as const) {
    await browser.show(width, scheme, 760);
    write(`${name}-${scheme}.png`, await browser.screenshot());
  }
}

if (process.argv.includes("--screenshots")) {
  if (chromium === undefined) throw new Error("no chromium is on the PATH");
  const home = mkdtempSync(join(tmpdir(), "pictures-"));
  const browser = await Browser.start(chromium);
  try {
    const page = join(home, "report.html");
    writeFileSync(page, await report());
    await browser.open(pathToFileURL(page).href);
    await take(browser, "report", 1100);
    await showChat(browser, () => take(browser, "chat", 1024));
  } finally {
    await browser.stop();
    rmSync(home, { recursive: true });
  }
  write("inputs.json", `${JSON.stringify(inputHashes(), undefined, 2)}\n`);
}
