import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { contract } from "../../../app/contract/index.ts";

const root = resolve(import.meta.dirname, "../../..");

interface Demand {
  readonly document: string;
  readonly demand: string;
  readonly routes: readonly string[];
  readonly file: string;
  readonly test: string;
}

const demands = readFileSync(resolve(root, "docs/project/requirements.md"), "utf8")
  .split("\n")
  .filter((line) => /^\| [A-E] \|/.test(line))
  .map((line): Demand => {
    const [document = "", demand = "", routes = "", test = ""] = line
      .slice(2, -2)
      .split(" | ")
      .map((cell) => cell.trim());
    const [, file = "", name = ""] = /^`([^`]+)`: (.+)$/.exec(test) ?? [];
    const named = [...routes.matchAll(/`([^`]+)`/g)].map(([, route = ""]) => route);
    return { document, demand, routes: named, file, test: name };
  });

describe.each(demands)("$document, $demand", ({ routes, file, test }) => {
  it("names a test that exists and cites a document", () => {
    expect(test).toMatch(/^[A-E]: /);
    const source = readFileSync(resolve(root, file), "utf8");
    expect(source).toContain(`("${test}",`);
    expect(source).not.toMatch(/\b(it|test|describe)\.(skip|only|todo)\(/);
  });

  it("names routes of the contract", () => {
    const known = contract.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(known).toEqual(expect.arrayContaining([...routes]));
  });
});

it("covers all documents about the backend", () => {
  const documents = new Set(demands.map(({ document }) => document));
  expect([...documents].toSorted()).toEqual(["A", "B", "C", "D", "E"]);
});
