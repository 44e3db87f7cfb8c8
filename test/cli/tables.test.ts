/** Tables fit the terminal, 40 columns included, and say what they leave out. */
import { resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { table } from "../../offline/text.ts";
import { driftText } from "../../operations/drift/text.ts";
import { chatstackHere } from "../../testing/processes/in-process.ts";

const linesOf = (text: string) => stripVTControlCharacters(text).split("\n");
/** Of the tables alone: sentences are wrapped by the terminal. */
const widest = (text: string) =>
  Math.max(...linesOf(text).map((line) => (/^[┌├│└]/.test(line) ? line.length : 0)));

describe.each([40, 80, 200])("on a terminal of %d columns", (width) => {
  const { columns } = process.stdout;
  beforeEach(() => {
    process.stdout.columns = width;
  });
  afterEach(() => {
    process.stdout.columns = columns;
  });

  test.each([
    ["tenant list", ["acme", "globex", "active"]],
    ["tenant show acme", ["table"]],
    ["cost", ["acme", "globex", "a month"]],
    ["cost --tiers", ["enterprise"]],
    ["check --list", ["ddb-pitr"]],
    ["quotas --all", ["asked", "used"]],
    ["doctor", ["missing", "Node.js"]],
  ])("`%s` fits", async (command, words) => {
    const { stdout, stderr } = await chatstackHere(command.split(" "), {
      cwd: resolve(import.meta.dirname, "../.."),
    });
    expect(stderr).not.toContain("chatstack:");
    expect(widest(stdout)).toBeGreaterThan(20);
    expect(widest(stdout)).toBeLessThanOrEqual(width);
    for (const word of words) expect(stdout).toContain(word);
  });

  test("text of wide characters is wrapped where it ends for the eye, and an indent goes on", () => {
    const text = "日本語".repeat(20);
    const drawn = table(["name", "what"], [[text, `list\n  ${"word ".repeat(30).trim()}`]], {
      width,
    });
    const lines = linesOf(drawn);
    expect(new Set(lines.map((line) => stringWidth(line))).size).toBe(1);
    expect(stringWidth(lines[0] ?? "")).toBeLessThanOrEqual(width);
    const cells = lines.map((line) => line.split("│"));
    expect(cells.map((cell) => cell[1]?.trim() ?? "").join("")).toContain(text);
    const indented = cells.map((cell) => cell[2] ?? "").filter((cell) => cell.includes("word"));
    expect(indented.every((cell) => cell.startsWith("   word"))).toBe(true);
  });

  test("`drift` fits, URNs and colours included", () => {
    const urn = "arn:aws:dynamodb:eu-central-1:123456789012:table/acme-chat-production-0123456789";
    const text = driftText(
      {
        version: 1,
        outcome: "drift",
        summary: { stacks: 1, differences: 1, dangerous: 1, unknown: 0 },
        stacks: [
          {
            stack: "prod",
            outcome: "drift",
            causes: [],
            seconds: 1,
            differences: [
              {
                urn,
                kind: "changed",
                type: "aws:dynamodb/table:Table",
                resource: "acme-chat",
                tenant: "acme",
                dangers: [`${urn} has no protection`],
                properties: [{ path: "arn", kind: "changed", state: urn }],
              },
            ],
          },
        ],
      },
      { width, paint: (_, words) => `\u001b[31m${words}\u001b[39m` },
    );
    expect(widest(text)).toBeLessThanOrEqual(width);
    // Nothing of a long word is cut off.
    const letters = linesOf(text)
      .join("")
      .replaceAll(/[│─┌┐└┘├┤┬┴┼\s]/g, "");
    if (width === 200)
      expect(letters).toContain("123456789012:table/acme-chat-production-0123456789");
    expect(letters).toContain("0123456789");
    expect(letters).not.toContain("…");
  });
});

test("columns that have no room are left out in the order given, and named", () => {
  const head = ["tenant", "tier", "state", "much to say"];
  const rows = [
    ["a-long-tenant", "enterprise", "off-boarding", "all of these words wrap as need be"],
  ];
  const narrow = table(head, rows, { width: 30 }, ["tier", "state"]);
  expect(narrow).toContain("Not shown in 30 columns: tier, state.");
  expect(narrow).not.toContain("enterprise");
  expect(linesOf(narrow).join("")).toContain("words");
  const wide = table(head, rows, { width: 90 }, ["tier", "state"]);
  expect(wide).not.toContain("Not shown");
  expect(wide).toContain("all of these words wrap as need be");
});

test("a table is no wider than what it holds", () => {
  expect(widest(table(["a", "b"], [["1", "2"]], { width: 200 }))).toBe(9);
});
