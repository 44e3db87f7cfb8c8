import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Live } from "../../cli/terminal/live.ts";
import { noChanges } from "../../operations/fleet/engine/engine.ts";
import type { StackResult } from "../../operations/fleet/report.ts";

const resultOf = (stack: string, result: StackResult["result"], causes: string[] = []) => ({
  state: "ended" as const,
  result: {
    stack,
    result,
    causes,
    changes: { ...noChanges, create: 2 },
    mayHoldLock: false,
    tries: 1,
    seconds: 3,
  },
});

function streamOf(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  return { written, stream: { isTTY, columns: 40, rows: 5, write } };
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("in a log, each stack has a line when it starts, waits and ends, and none in between", () => {
  const { written, stream } = streamOf(false);
  const live = new Live(stream, "up", 1);
  live.update("a", { state: "running", progress: { done: 0, begun: 0 } });
  live.update("a", { state: "running", progress: { done: 1, begun: 9 } });
  live.update("a", { state: "backing-off", seconds: 2, cause: "Rate exceeded" });
  live.update("a", { state: "running", progress: { done: 0, begun: 0 } });
  live.update("a", resultOf("a", "succeeded"));
  vi.advanceTimersByTime(1000);
  live.end();

  expect(written).toEqual([
    "a: started\n",
    "a: Rate exceeded; again in 2.0 s\n",
    "a: started\n",
    "a: succeeded: 2 create, 3 s\n",
  ]);
});

test("on a terminal, what runs is redrawn in place, no wider and no higher than fits, and taken away", () => {
  const { written, stream } = streamOf(true);
  const live = new Live(stream, "up", 9);
  live.update("z", resultOf("z", "failed", ["AccessDenied"]));
  for (const stack of ["cell-1", "cell-2", "cell-3", "cell-4", "cell-5"]) {
    live.update(stack, { state: "backing-off", seconds: 2, cause: "Rate exceeded ".repeat(9) });
  }
  vi.advanceTimersByTime(1000);
  live.end();

  const [first = "", ...rest] = written;
  const lines = first.replace("\u001b[0J", "").trimEnd().split("\n");
  expect(lines[0]).toBe("up: 1/9 · 1 failed");
  expect(lines).toHaveLength(4);
  expect(lines.every((line) => line.length < 40)).toBe(true);
  expect(rest.at(-1)).toBe("\u001b[4A\u001b[0J");
});
