import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import * as actors from "../../bench/load/actors.ts";
import type { Soak } from "../../testing/load/soak.ts";

const seconds = 20;
const folder = mkdtempSync(join(tmpdir(), "chatstack-soak-"));
let soak: Soak;

beforeAll(async () => {
  const json = join(folder, "soak.json");
  const bench = resolve(import.meta.dirname, "../../bench/soak.ts");
  await promisify(execFile)(process.execPath, [
    bench,
    "--seconds",
    String(seconds),
    "--json",
    json,
  ]);
  soak = JSON.parse(readFileSync(json, "utf8"));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true }));

it("loses no acknowledged message, keeps none twice and none by half", () => {
  const { lost, twice, violations, found, foundInTables, acknowledged } = soak.verified;
  expect({ lost, twice, violations }).toEqual({ lost: [], twice: [], violations: [] });
  expect(foundInTables).toBe(found);
  expect(found).toBeGreaterThanOrEqual(acknowledged);
  expect(acknowledged).toBeGreaterThan(50);
});

it("answers everything that everybody asks", () => {
  // Busy is no failure: whoever comes back is served.
  const failed = Object.keys(soak.failures).filter((failure) => !failure.endsWith(": 503"));
  expect(failed).toEqual([]);
  expect(soak.users * Object.keys(actors).length).toBeGreaterThanOrEqual(24);
  for (const { operation, requests } of soak.operations) {
    expect(requests, operation).toBeGreaterThan(0);
  }
});

it("does not grow without bounds", () => {
  expect(soak.heap.samples).toBeGreaterThan(seconds);
  expect(soak.heap.lastQuarter).toBeLessThan(1.5 * soak.heap.secondQuarter + 20);
  expect(soak.memory.samples).toBeGreaterThan(seconds);
  // A start is most of it; what a leak of every answer would add is more than this.
  expect(soak.memory.lastQuarter).toBeLessThan(2 * soak.memory.secondQuarter + 100);
});
