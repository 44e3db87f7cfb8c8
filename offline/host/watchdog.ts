/**
 * A thread that looks after the main one. Once the main thread has stood still for too long, as in an endless
 * loop, it says where, and ends what runs there: the event loop then goes on.
 */
import { writeSync } from "node:fs";
import { type Debugger, Session } from "node:inspector";
import { SourceMap } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import { type HostMessage, hostChannel } from "./messages.ts";

export interface WatchdogData {
  /** Counts up as long as the main thread's event loop turns. */
  readonly beat: Int32Array;
  /** Seconds of standing still that are too long; 0 while nothing is watched. */
  readonly limit: Int32Array;
  /** True writes to the host's pipe, for the main thread may end before it reads a message. */
  readonly isHosted: boolean;
}

const { beat, limit, isHosted }: WatchdogData = workerData;
let last = Atomics.load(beat, 0);
let since = Date.now();

const timer = setInterval(() => {
  const now = Atomics.load(beat, 0);
  const seconds = Atomics.load(limit, 0);
  if (now !== last || seconds === 0) {
    last = now;
    since = Date.now();
  } else if (Date.now() - since > seconds * 1000) {
    clearInterval(timer);
    interrupt();
  }
}, 200);

function interrupt(): void {
  const session = new Session();
  const scripts = new Map<string, Script>();
  session.connectToMainThread();
  session.on("Debugger.scriptParsed", ({ params }) => scripts.set(params.scriptId, params));
  session.once("Debugger.paused", ({ params }) => {
    const stack = params.callFrames.map((frame) => frameText(frame, scripts)).join("\n");
    const message: HostMessage = { kind: "stuck", stack };
    if (isHosted) writeSync(hostChannel, `${JSON.stringify(message)}\n`);
    parentPort?.postMessage(message);
    session.post("Runtime.terminateExecution");
    session.post("Debugger.resume");
  });
  session.post("Debugger.enable");
  session.post("Debugger.pause");
}

type Script = Pick<Debugger.ScriptParsedEventDataType, "url" | "sourceMapURL">;

/** As in the stack of an error. */
function frameText(frame: Debugger.CallFrame, scripts: ReadonlyMap<string, Script>): string {
  const { lineNumber, columnNumber = 0, scriptId } = frame.location;
  const script = scripts.get(scriptId);
  const written = sourceMapOf(script)?.findEntry(lineNumber, columnNumber);
  const file = frame.url || script?.url || "";
  // ts-node compiles file by file: a map of one is about that one.
  const line = written && "originalLine" in written ? written.originalLine : lineNumber;
  return `    at ${frame.functionName || "<anonymous>"} (${file}:${line + 1}:${columnNumber + 1})`;
}

function sourceMapOf(script: Script | undefined): SourceMap | undefined {
  const [, encoded] =
    /^data:application\/json[^,]*;base64,(.+)$/.exec(script?.sourceMapURL ?? "") ?? [];
  if (encoded === undefined) return undefined;
  return new SourceMap(JSON.parse(Buffer.from(encoded, "base64").toString()));
}

// Without a listener the session alone does not keep this thread.
parentPort?.on("message", () => {});
