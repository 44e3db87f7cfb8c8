import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { failed } from "../../operations/fleet/engine/engine.ts";
import { append, endedEntry, mend, readJournal } from "../../operations/fleet/journal.ts";

const folder = mkdtempSync(join(tmpdir(), "journal-"));
const file = join(folder, "run-up.jsonl");
afterAll(() => rmSync(folder, { recursive: true }));

const at = "2026-11-26T09:00:00.000Z";
const begin = (stack: string) => append(file, { event: "started", stack, fingerprint: "f", at });
const end = (stack: string) =>
  append(file, endedEntry(stack, "f", { ...failed("x"), result: "succeeded", causes: [] }, 1));

beforeEach(() => {
  rmSync(file, { force: true });
  const job = { operation: "up", policyPack: "policies", create: false } as const;
  append(file, { event: "planned", version: 1, job, canary: [], stacks: ["a", "b"], at });
});

test("what was begun and has no end is open, however often it had ended before", () => {
  begin("a");
  end("a");
  begin("b");
  end("b");
  begin("b");

  const journal = readJournal(file)!;

  expect(journal.open).toEqual(["b"]);
  expect([...journal.ended.keys()]).toEqual(["a"]);
});

test("what was cut short may hold a lock until it succeeds, failures in between or not", () => {
  begin("a");
  begin("a");
  append(file, endedEntry("a", "f", failed("locked"), 1));
  append(file, endedEntry("b", "f", failed("killed", { mayHoldLock: true }), 1));
  begin("b");
  append(file, endedEntry("b", "f", failed("locked"), 1));
  expect(readJournal(file)?.interrupted).toEqual(["a", "b"]);

  end("a");
  expect(readJournal(file)?.interrupted).toEqual(["b"]);
});

test("a line that a crash cut off is no entry, and does not swallow the next one", () => {
  begin("a");
  appendFileSync(file, '{"event":"ended","stack":"a","finger');
  expect(readJournal(file)?.open).toEqual(["a"]);

  mend(file);
  end("a");

  expect(readJournal(file)?.open).toEqual([]);
});

test("a file of another version is no journal", () => {
  rmSync(file);
  appendFileSync(file, '{"event":"planned","version":2}\n');
  expect(readJournal(file)).toBeUndefined();
});
