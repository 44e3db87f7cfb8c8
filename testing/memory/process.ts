/**
 * Runs the function's bundle as Lambda does and tells how much memory each event takes at most: a line of JSON in is
 * an event, a line out what came of it. `node process.ts <folder of the bundle>`
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { awslambda, ResponseStream } from "../../local/lambda/response-stream.ts";
import { type Took, tookPrefix } from "./took.ts";

const [folder = ""] = process.argv.slice(2);
Object.assign(globalThis, { awslambda });
const { handler } = await import(pathToFileURL(join(folder, "index.mjs")).href);

for await (const line of createInterface({ input: process.stdin })) {
  // Linux takes the highest mark back: proc_pid_clear_refs(5).
  writeFileSync("/proc/self/clear_refs", "5");
  const watch = watchChildren();
  const head: Buffer[] = [];
  let bytes = 0;
  const stream = new ResponseStream(async (chunk) => {
    if (head.length === 0) head.push(Buffer.from(chunk.subarray(0, 200)));
    bytes += chunk.length;
  });
  const context = { getRemainingTimeInMillis: () => 110_000 };
  let failure: string | undefined;
  try {
    await handler(JSON.parse(line), stream, context);
  } catch (error) {
    failure = String(error);
  }
  const [, status] = /"statusCode":(\d+)/.exec(String(head[0])) ?? [];
  const took: Took = {
    status: status === undefined ? undefined : Number(status),
    failure,
    bytes,
    megabytes: peakOf("self") + watch.stop(),
  };
  process.stdout.write(`${tookPrefix}${JSON.stringify(took)}\n`);
}

/** The most resident memory of a process, in MB. */
function peakOf(pid: string): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** The process that reads a PDF counts too: the function's memory is that of all its processes. */
function watchChildren() {
  let most = 0;
  const look = () => {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim();
    const pids = children === "" ? [] : children.split(" ");
    most = Math.max(
      most,
      pids.reduce((sum, pid) => sum + peakOf(pid), 0),
    );
  };
  const timer = setInterval(look, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return most;
    },
  };
}
