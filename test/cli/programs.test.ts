/** What people have, by hand: every command that judges a stack gives an answer for every kind of project. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatstackHere } from "../../testing/processes/in-process.ts";

const repository = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "programs-"));
afterAll(() => rmSync(folder, { recursive: true }));

interface Row {
  readonly program: string;
  readonly stack: string;
  /** Of `check` and `report`: 1 violations, 2 something could not be judged. */
  readonly code: 0 | 1 | 2;
  /** What `plan` and `graph` show. */
  readonly resource: string;
  /** What `cost` says. */
  readonly cost: RegExp;
  /** Whether all of it has a price. */
  readonly isPriced?: true;
}

const rows: Readonly<Record<string, Row>> = {
  "what `pulumi new aws-typescript` makes, in Ireland": {
    program: "template",
    stack: "dev",
    code: 1,
    resource: "my-bucket",
    cost: /bucket my-bucket: what it keeps is not known/,
  },
  "CommonJS with a config folder": {
    program: "commonjs",
    stack: "test",
    code: 0,
    resource: "orders",
    cost: /list prices of us-west-2/,
    isPriced: true,
  },
  "a folder of a monorepo": {
    program: "monorepo/infra",
    stack: "prod",
    code: 1,
    resource: "top-level",
    cost: /bucket top-level: what it keeps is not known/,
  },
  "a component of awsx": {
    program: "awsx",
    stack: "dev",
    code: 1,
    resource: "files",
    cost: /aws:rds\/subnetGroup:SubnetGroup: nobody has decided/,
  },
  "aws-native, command and a dynamic provider": {
    program: "packages",
    stack: "dev",
    code: 2,
    resource: "jobs",
    cost: /aws-native:s3:Bucket: nobody has decided/,
  },
  "a computed policy document": {
    program: "document",
    stack: "dev",
    code: 2,
    resource: "files",
    cost: /aws:ec2\/instance:Instance: nobody has decided/,
  },
};

describe.each(Object.entries(rows))("%s", (_, row) => {
  const { program, stack, code, resource, cost } = row;
  const cwd = join(repository, "test/programs", program);
  const sarif = join(folder, `${program.replace("/", "-")}.sarif`);
  const run = (command: string, ...more: string[]) =>
    chatstackHere([command, "--stack", stack, ...more], { cwd });

  const isSample = ["template", "packages"].includes(program);
  let checked: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    checked = await run("check", "--sarif", sarif);
  });

  test("check judges it", () => {
    expect(checked.code).toBe(code);
    expect(checked.stdout).toMatch(
      /\d+ violations.*\b\d+ resources by\s+\d+ rules|could not judge/s,
    );
  });

  test("check's findings point at the line of `new`", () => {
    const places = placesIn(readFileSync(sarif, "utf8"));
    expect(places.length).toBeGreaterThan(0);
    for (const { uri, line } of places) {
      const [file, text] = [join(repository, uri), readFileSync(join(repository, uri), "utf8")];
      expect(file.startsWith(cwd)).toBe(true);
      expect(text.split("\n")[line - 1]).toMatch(/\bnew [\w.]+\(/);
    }
  });

  // `report` has what both show, of every program; that they take one is shown by these two.
  test.each(isSample ? ["plan", "graph"] : [])("%s shows its resources", async (command) => {
    const { code: ended, stdout } = await run(command);
    expect(ended).toBe(0);
    expect(stdout).toContain(resource);
  });

  test("cost prices it, or says what has no price", async () => {
    const { code: ended, stdout, stderr } = await run("cost");
    expect(stdout + stderr).toMatch(cost);
    expect(ended).toBe(row.isPriced ? 0 : 1);
  });

  test("report is a page of all that", async () => {
    const { code: ended, stdout } = await run("report", "--output", "-");
    expect(ended).toBe(code);
    expect(stdout).toMatch(/^<!doctype html>/);
    expect(stdout).toContain(resource);
    expect(stdout).toMatch(/in all, at list prices|No figures: aws:region/);
  });
});

/** Where the results lie; the schema of the file is `test/check/reports.test.ts`'s. */
function placesIn(sarif: string): { readonly uri: string; readonly line: number }[] {
  const places: { uri: string; line: number }[] = [];
  JSON.parse(sarif, (key, value) => {
    if (key !== "physicalLocation") return value;
    places.push({ uri: value.artifactLocation.uri, line: value.region.startLine });
  });
  return places;
}
