/**
 * A thread that looks after the main one. Once the main thread has stood still for too long, as in an endless
 * loop, it says where, and ends what runs there: the event loop then goes on.
 */
import { writeSync } from "node:fs";
import { type Debugger, Session } from "node:inspector";
import { parentPort, workerData } from "node:worker_threads";
import { type HostMessage, hostChannel } from "./messages.ts";

export interface WatchdogData {
  /** Counts up as long as the main thread's event loop turns. */
  readonly beat: Int32Array;
  readonly seconds: number;
  /** True writes to the host's pipe, for the main thread may end before it reads a message. */
  readonly isHosted: boolean;
}

const { beat, seconds, isHosted }: WatchdogData = workerData;
let last = Atomics.load(beat, 0);
let since = Date.now();

const timer = setInterval(() => {
  const now = Atomics.load(beat, 0);
  if (now !== last) {
    last = now;
    since = Date.now();
  } else if (Date.now() - since > seconds * 1000) {
    clearInterval(timer);
    interrupt();
  }
}, 200);

function interrupt(): void {
  const session = new Session();
  const urls = new Map<string, string>();
  session.connectToMainThread();
  session.on("Debugger.scriptParsed", ({ params }) => urls.set(params.scriptId, params.url));
  session.once("Debugger.paused", ({ params }) => {
    const stack = params.callFrames.map((frame) => frameText(frame, urls)).join("\n");
    const message: HostMessage = { kind: "stuck", stack };
    if (isHosted) writeSync(hostChannel, `${JSON.stringify(message)}\n`);
    parentPort?.postMessage(message);
    session.post("Runtime.terminateExecution");
    session.post("Debugger.resume");
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}

/** As in the stack of an error. */
function frameText(
  { functionName, url, location }: Debugger.CallFrame,
  urls: ReadonlyMap<string, string>,
): string {
  const file = url || urls.get(location.scriptId) || "";
  const column = (location.columnNumber ?? 0) + 1;
  return `    at ${functionName || "<anonymous>"} (${file}:${location.lineNumber + 1}:${column})`;
}

// Without a listener the session alone does not keep this thread.
parentPort?.on("message", () => {});
