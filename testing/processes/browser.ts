/**
 * `testing/processes/`: processes that tests start: the command, the local environment, PostgreSQL, a
 * browser.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** Debian: `apt-get install chromium`. Undefined where there is none. */
export const chromium = names.find(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0,
);

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--window-size=1280,900",
  "--remote-debugging-port=0",
];

type Params = Readonly<Record<string, unknown>>;

/** A headless Chromium with one page, driven over the Chrome DevTools Protocol. */
export class Browser {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (answer: { result?: never; error?: Error }) => void>();
  #sent = 0;
  #session: string | undefined;
  /** How often `click` has clicked. */
  clicks = 0;
  /** URLs of every request that the page made, and what its console complained of. */
  readonly requests: string[] = [];
  readonly complaints: string[] = [];

  static async start(program: string): Promise<Browser> {
    const profile = await mkdtemp(join(tmpdir(), "chatstack-chromium-"));
    const child = spawn(program, [...flags, `--user-data-dir=${profile}`, "about:blank"], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    for await (const line of createInterface(child.stderr)) {
      said += `${line}\n`;
      const [, url] = /DevTools listening on (ws:\S+)/.exec(line) ?? [];
      if (url === undefined) continue;
      child.stderr.resume();
      const socket = new WebSocket(url);
      await once(socket, "open");
      const browser = new Browser(child, profile, socket);
      await browser.#attach();
      return browser;
    }
    throw new Error(`${program} ended before it listened: ${said}`);
  }

  constructor(child: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = child;
    this.#profile = profile;
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#receive(JSON.parse(String(data))));
  }

  async #attach(): Promise<void> {
    const { targetInfos } = await this.send("Target.getTargets");
    const { targetId } = targetInfos.find(({ type }: { type: string }) => type === "page");
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    this.#session = sessionId;
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await this.send(`${domain}.enable`);
  }

  /** Calls a method of the protocol. */
  async send(method: string, params: Params = {}) {
    const id = ++this.#sent;
    const { promise, resolve } = Promise.withResolvers<{ result?: never; error?: Error }>();
    this.#waiting.set(id, resolve);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId: this.#session }));
    const { result, error } = await promise;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return JSON.parse(JSON.stringify(result));
  }

  async open(url: string): Promise<void> {
    await this.send("Page.navigate", { url });
    await this.until('document.readyState === "complete" && location.href !== "about:blank"');
  }

  /** The value, or what the promise comes to, of an expression of the page's own JavaScript. */
  async evaluate(expression: string) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails)
      throw new Error(`${expression}: ${exceptionDetails.exception.description}`);
    return result.value;
  }

  /** Loads the page again, and comes back in the new one. */
  async reload(): Promise<void> {
    await this.evaluate("globalThis.isOfBefore = true");
    await this.send("Page.reload");
    await this.until("globalThis.isOfBefore === undefined && document.readyState === 'complete'");
  }

  /** Waits, half a minute at most, until an expression is true in the page. */
  async until(expression: string): Promise<void> {
    const end = Date.now() + 30_000;
    do {
      // A page that is being left has no more JavaScript to ask.
      const isLeft = (error: Error) => /context|navigated/i.test(error.message);
      const found = await this.evaluate(expression).catch((error) => {
        if (!isLeft(error)) throw error;
        return false;
      });
      if (found) return;
      await sleep(50);
    } while (Date.now() < end);
    const shown = await this.evaluate("document.body.innerText");
    throw new Error(`never came true in the page: ${expression}\n${shown}`);
  }

  async text(selector: string): Promise<string> {
    return this.evaluate(`document.querySelector(${JSON.stringify(selector)}).textContent`);
  }

  /** Puts a value into the field of an id. */
  async fill(id: string, value: string): Promise<void> {
    await this.evaluate(`document.getElementById("${id}").value = ${JSON.stringify(value)}`);
  }

  /** Chooses an option of the list of an id. */
  async choose(id: string, value: string): Promise<void> {
    // In one step: a page that draws itself between two would take the value back.
    await this.evaluate(`(() => {
      const field = document.getElementById(${JSON.stringify(id)});
      field.value = ${JSON.stringify(value)};
      field.dispatchEvent(new Event("change", { bubbles: true }));
    })()`);
  }

  /**
   * Clicks the first visible element of the selector whose text or label contains `text`, where it stands
   * still for a frame.
   */
  async click(selector: string, text = ""): Promise<void> {
    const found = `[...document.querySelectorAll(${JSON.stringify(selector)})].find(
      (one) => one.checkVisibility({ visibilityProperty: true }) &&
        \`\${one.textContent} \${one.ariaLabel}\`.includes(${JSON.stringify(text)}))`;
    await this.until(`${found} !== undefined`);
    const { x, y } = await this.evaluate(`(async () => {
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      for (let before; ; await frame()) {
        const element = ${found};
        element.scrollIntoView({ block: "nearest" });
        const { x, y, width, height } = element.getBoundingClientRect();
        const middle = { x: x + width / 2, y: y + height / 2 };
        if (before?.x === middle.x && before.y === middle.y) return middle;
        before = middle;
      }
    })()`);
    this.clicks++;
    for (const type of ["mousePressed", "mouseReleased"]) {
      await this.send("Input.dispatchMouseEvent", { type, x, y, button: "left", clickCount: 1 });
    }
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
  }

  /** Presses a key, as a keyboard names it. */
  async press(key: "Enter" | "Escape" | "Tab"): Promise<void> {
    const codes = { Enter: 13, Escape: 27, Tab: 9 };
    const pressed = { key, code: key, windowsVirtualKeyCode: codes[key] };
    const text = key === "Enter" ? { text: "\r" } : {};
    await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...pressed, ...text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...pressed });
  }

  /** Drops files of this machine onto the middle of the page. */
  async drop(...files: readonly string[]): Promise<void> {
    const { x, y } = await this.evaluate("({ x: innerWidth / 2, y: innerHeight / 2 })");
    const data = { items: [], files, dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) {
      await this.send("Input.dispatchDragEvent", { type, x, y, data });
    }
  }

  /** Shows the page as wide as this, in light or dark. */
  async show(width: number, scheme: "light" | "dark", height = 900): Promise<void> {
    const metrics = { width, height, deviceScaleFactor: 1, mobile: false };
    await this.send("Emulation.setDeviceMetricsOverride", metrics);
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.send("Emulation.setEmulatedMedia", { features });
  }

  /** PNG of what is to be seen. */
  async screenshot(): Promise<Buffer> {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    return Buffer.from(data, "base64");
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "exit");
    this.#socket.close();
    this.#process.kill();
    await ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  #receive(message: { id?: number; method?: string; params?: never; result?: never }): void {
    if (message.id !== undefined) {
      this.#waiting.get(message.id)?.(message);
      this.#waiting.delete(message.id);
      return;
    }
    const params = JSON.parse(JSON.stringify(message.params ?? {}));
    if (message.method === "Network.requestWillBeSent") this.requests.push(params.request.url);
    if (message.method === "Runtime.exceptionThrown") {
      this.complaints.push(params.exceptionDetails.exception?.description ?? "exception");
    }
    if (message.method === "Runtime.consoleAPICalled") {
      const [said] = params.args;
      this.complaints.push(`console.${params.type}: ${said?.value ?? said?.description ?? ""}`);
    }
    if (message.method === "Log.entryAdded") {
      this.complaints.push(`${params.entry.level}: ${params.entry.text}`);
    }
  }
}
