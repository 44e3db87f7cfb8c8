/** A thread of a crew: is told once what to do, then one slice after another. */
import "../sdk/load.ts";
import { enableCompileCache } from "node:module";
import { parentPort, workerData } from "node:worker_threads";
import type { CheckTask } from "../check/stack/slice.ts";
import type { Reply, Run } from "./crew.ts";
import type { RecordsTask } from "./records.ts";

if (process.env.NODE_COMPILE_CACHE) enableCompileCache();
const task: CheckTask | RecordsTask = workerData;
const run = started(task);

parentPort?.on("message", async (tenants: readonly string[]) => {
  parentPort?.postMessage(await answer(tenants));
});

async function started(asked: CheckTask | RecordsTask): Promise<Run<unknown>> {
  if (asked.kind === "check") return (await import("../check/stack/slice.ts")).checkRunner(asked);
  return (await import("./records.ts")).recordsRunner(asked);
}

async function answer(tenants: readonly string[]): Promise<Reply<unknown>> {
  try {
    return { result: await (await run)(tenants) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
