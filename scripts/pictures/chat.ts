/** The chat page with a question about a PDF and its cited answer, as the local environment serves it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pdfOf } from "../../testing/app/pdf.ts";
import type { Browser } from "../../testing/processes/browser.ts";
import { start, temporaryDataDir } from "../../testing/processes/start.ts";

const handbook = pdfOf(
  ["Welcome to the company."],
  ["Employees have thirty days of leave a year.", "Unused leave goes over into March."],
);

/** Leaves the page open in the browser for as long as `use` takes. */
export async function showChat(browser: Browser, use: () => Promise<void>): Promise<void> {
  const dataDir = await temporaryDataDir();
  const environment = await start(dataDir.path);
  const ask = async (question: string) => {
    await browser.until("document.activeElement?.id === 'question'");
    await browser.type(question);
    await browser.press("Enter");
    await browser.until(
      "document.querySelector('.assistant') !== null && document.querySelector('[aria-busy=true]') === null",
    );
  };
  try {
    await browser.open(environment.page);
    await browser.click(".test-users button", "ada");
    await ask("/words 40");
    await browser.click("button", "New conversation");
    const file = join(dataDir.path, "Handbook.pdf");
    writeFileSync(file, handbook);
    await browser.drop(file);
    await browser.until("document.querySelector('.attachments li[aria-busy=false]') !== null");
    await browser.evaluate("document.getElementById('question').focus()");
    await ask("How many days of leave do employees have?");
    await browser.until("document.querySelector('.sources') !== null");
    await browser.click("button", "Pin the conversation");
    await browser.until("document.querySelector('[aria-pressed=true]') !== null");
    // The mouse leaves the button: it would be drawn as one that is pointed at.
    await browser.click("#question");
    await use();
  } finally {
    await environment.stop("SIGTERM");
    await dataDir.remove();
  }
}
