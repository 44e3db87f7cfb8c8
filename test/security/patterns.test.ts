import { readFileSync } from "node:fs";
import { join } from "node:path";
import { analyse } from "scslre";
import { describe, expect, it } from "vitest";
import { contract } from "../../app/contract/index.ts";
import { routesAt } from "../../app/contract/match.ts";
import { productFolders } from "../house/folders.ts";
import { document } from "./support/operations.ts";
import { patternsIn, root } from "./support/patterns.ts";
import { tried } from "./support/tried.ts";

const patterns = patternsIn(productFolders);

/** How the time that a pattern takes grows faster than the text it is given; empty if it does not. */
function superLinear(pattern: { source: string; flags: string }): string[] {
  return analyse(pattern).reports.map(({ type, exponential }) =>
    exponential ? `${type}, exponentially` : type,
  );
}

/** Quadratic, and why that does no harm: none of them ever sees what a client sends. */
const bounded: readonly [file: string, text: string, reason: string][] = [
  ["components/chat-table/backup-restore.ts", "/\\/.*$/", "the ARN of a table"],
  [
    "offline/doctor/machine.ts",
    "/v?(\\d+)\\.",
    "what a program on this machine says of its version",
  ],
  ["stacks/yaml/scalar.ts", "/0+$/", "a fraction of a second in the operator's own file"],
  [
    "local/lambda/own-code.ts",
    "/(?:✘ \\[ERROR\\]",
    "what the bundler says of the developer's own code",
  ],
  ["local/lambda/own-code.ts", "/\\s*\\n\\s*/g", "a part of the same"],
  ["offline/cells/placement.ts", "/\\d+$/", "a stack's name in the operator's own file"],
  ["offline/check/reports/sarif.ts", "/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g", "the id of a rule"],
  ["offline/host/stack-text.ts", "/\\n(?:\\s+at |Require stack:)/", "the trace of an error"],
  ["local/provider/clients.ts", "/\\/+$/", "the operator's own AWS_ENDPOINT_URL"],
  [
    "policies/reading/secrets.ts",
    "/(_?(\\d|V\\d|PROD",
    "the name of a setting in the operator's own program",
  ],
  ["offline/cost/quantity.ts", "/\\B(?=(\\d{3})+$)/g", "a number that was just printed"],
  [
    "offline/report/sections/cost.ts",
    "/\\B(?=(\\d{3})+(?!\\d))/g",
    "a number that was just printed",
  ],
  [
    "operations/fleet/engine/causes.ts",
    "/(?<=\\b(?:password|passphrase|secret|token)",
    "one line of a failure",
  ],
];

/** Put together when the program runs, and what from. */
const composed: readonly [file: string, text: string, reason: string][] = [
  ["app/contract/match.ts", "new RegExp(`^$", "paths of the contract, tested below"],
  ["app/documents/ranking.ts", "new RegExp(`^[$", "one class of characters"],
  ["app/documents/ranking.ts", "new RegExp(`[$", "two classes that share no character"],
  ["app/openapi/sample.ts", "new RegExp(pattern)", "patterns of the document, tested below"],
  ["components/arn.ts", "new RegExp(`^arn:aws[", "patterns of the same file"],
  ["offline/functions/result-fields.ts", "new RegExp(`^export interface", "the name of a function"],
  ["offline/host/stack-text.ts", "new RegExp(`$", "one character"],
  ["local/s3/cors.ts", "new RegExp(`<$", "names of S3's own elements"],
  ["stacks/yaml/scalar.ts", "new RegExp(`^$", "three patterns of the same file"],
  ["offline/plan/show/alike.ts", "new RegExp(`(?<![A-Za-z0-9])$", "a tenant's id, escaped"],
  ["app/sql/changes.ts", "new RegExp(`^$", "a folder's name of the app"],
  ["operations/aws/table-names.ts", "new RegExp(`^$", "the program's own name of a table"],
  [
    "policies/reading/conditions.ts",
    "new RegExp(`^\\\\$\\\\{aws:$",
    "one of two words of the same file",
  ],
  ["policies/reading/secrets.ts", "new RegExp(\n  [", "nouns of the same file"],
];

describe("every regular expression of the sources", () => {
  const plain = patterns.filter(({ pattern }) => pattern !== undefined);

  it("takes time that grows no faster than the text, or never sees a client's", (context) => {
    tried(context, plain.length);
    const found = plain.flatMap(({ place, file, text, pattern }) => {
      const isKnown = bounded.some(([at, known]) => at === file && text.startsWith(known));
      return isKnown || pattern === undefined
        ? []
        : superLinear(pattern).map((how) => `${place} ${text}: ${how}`);
    });
    expect(found).toEqual([]);
  });

  it("is put together from what is known, where it is", (context) => {
    const dynamic = patterns.filter(({ pattern }) => pattern === undefined);
    tried(context, dynamic.length);
    const unknown = dynamic.filter(
      ({ file, text }) => !composed.some(([at, known]) => at === file && text.startsWith(known)),
    );
    expect(unknown.map(({ place, text }) => `${place} ${text}`)).toEqual([]);
  });

  it.each([...bounded, ...composed])("is still in %s: %s, for %s", (file, text) => {
    expect(patterns.some((pattern) => pattern.file === file && pattern.text.startsWith(text))).toBe(
      true,
    );
    expect(readFileSync(join(root, file), "utf8")).toContain(text);
  });
});

it("takes linear time to find a route", (context) => {
  tried(context, contract.length);
  for (const { path } of contract) {
    expect(routesAt(path.replaceAll(/\{\w+\}/g, "x")).map((route) => route.path)).toContain(path);
    const source = `^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`;
    expect([path, superLinear({ source, flags: "" })]).toEqual([path, []]);
  }
});

it("publishes no pattern that would slow its clients, those of the validation library included", (context) => {
  const published = new Set(JSON.stringify(document).match(/(?<="pattern":)"(?:[^"\\]|\\.)*"/g));
  tried(context, published.size);
  for (const text of published) {
    const source: string = JSON.parse(text);
    expect([source, superLinear({ source, flags: "u" })]).toEqual([source, []]);
  }
});

it("would find a pattern that takes exponential or quadratic time", () => {
  expect(superLinear({ source: "^(a+)+$", flags: "" })).toContain("Self, exponentially");
  expect(superLinear({ source: "\\s+$", flags: "" })).toEqual(["Move"]);
  expect(patterns.length).toBeGreaterThan(100);
});
