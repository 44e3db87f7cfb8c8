import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { circlesOf, type Import, importsOf, readSources } from "./imports.ts";
import { exceptions, faultsOf, offlineFaultsOf } from "./rooms.ts";

const sources = readSources(resolve(import.meta.dirname, "../.."));
const imports = importsOf(sources);

describe(`the imports of all ${sources.size} sources`, () => {
  it("are read, from every room", () => {
    const files = new Set([...sources.keys()].map((path) => path.split("/")[0]));
    for (const room of ["app", "bench", "bin", "cli", "components", "local", "offline", "test"]) {
      expect(files).toContain(room);
    }
    expect(sources.size).toBeGreaterThan(800);
    expect(imports.filter(({ isFile }) => isFile).length).toBeGreaterThan(2000);
  });

  it("go down only, and name packages only where they belong", () => {
    expect(faultsOf(imports)).toEqual([]);
  });

  it("bring no AWS client and no socket into offline/, by whatever way", () => {
    expect(offlineFaultsOf(imports)).toEqual([]);
  });

  it("never lead from a file back to itself", () => {
    expect(circlesOf(imports).map((circle) => circle.join(" → "))).toEqual([]);
  });

  it("need every exception that is made", () => {
    const unused = exceptions.filter(
      ({ from, to }) => !imports.some((one) => one.from === from && one.to === to),
    );
    expect(unused).toEqual([]);
  });
});

describe("the test itself", () => {
  const read = (files: Record<string, string>): Import[] =>
    importsOf(new Map(Object.entries(files)));
  const offlineFile = (text: string) =>
    read({ "offline/a.ts": text, "cli/b.ts": "", "operations/w.ts": "", "offline/w.ts": "" });

  it.each([
    ['import { b } from "../cli/b.ts";', "cli/b.ts"],
    ['import type { B } from "../cli/b.ts";', "cli/b.ts"],
    ['export * from "../cli/b.ts";', "cli/b.ts"],
    ['export const load = () => import("../cli/b.ts");', "cli/b.ts"],
    ['type B = import("../cli/b.ts").B;', "cli/b.ts"],
    ['new Worker(new URL("../operations/w.ts", import.meta.url));', "operations/w.ts"],
    ['createRequire(import.meta.url)("../cli/b.ts");', "cli/b.ts"],
    ['fork(join(import.meta.dirname, "../operations/w.ts"));', "operations/w.ts"],
    ['import { Command } from "commander";', "commander"],
    ['import type { Command } from "commander";', "commander"],
    ['import { S3Client } from "@aws-sdk/client-s3";', "@aws-sdk/client-s3"],
    ['import { connect } from "node:net";', "node:net"],
    ['const { S3Client } = await import("@aws-sdk/client-s3");', "@aws-sdk/client-s3"],
    ['createRequire(import.meta.url)("@aws-sdk/client-s3");', "@aws-sdk/client-s3"],
    ['await fetch("https://aws.amazon.com");', "fetch"],
  ])("finds what climbs out of offline/: %s", (text, to) => {
    const [fault, ...others] = faultsOf(offlineFile(`\n${text}`));
    expect(others).toEqual([]);
    expect(fault).toMatch(/^offline\/a\.ts:2 imports .{20,}/);
    expect(fault).toContain(` imports ${to}: `);
  });

  it("lets through what goes down, and types of AWS's shapes", () => {
    const text = [
      'import type { AttributeValue } from "@aws-sdk/client-dynamodb";',
      'import { type Table, type Index } from "@aws-sdk/client-dynamodb";',
      'import { join } from "node:path";',
      'fork(join(import.meta.dirname, "w.ts"));',
    ].join("\n");
    expect(faultsOf(offlineFile(text))).toEqual([]);
    expect(offlineFaultsOf(offlineFile(text))).toEqual([]);
  });

  it("finds a socket that offline/ opens through another room", () => {
    const found = read({
      "offline/a.ts": 'import "../app/b.ts";',
      "app/b.ts": 'import "./c.ts"; import type { X } from "./d.ts";',
      "app/c.ts": 'import "@aws-sdk/client-s3";',
      "app/d.ts": 'import "node:net";',
    });
    expect(faultsOf(found)).toEqual([]);
    expect(offlineFaultsOf(found)).toEqual([
      "offline/a.ts → app/b.ts → app/c.ts:1 imports @aws-sdk/client-s3: offline/ works without an account",
    ]);
  });

  it("keeps the client free of the app, its types included", () => {
    const text = 'import type { App } from "../app/app.ts";';
    expect(faultsOf(read({ "client/a.ts": text, "app/app.ts": "" }))).toHaveLength(1);
  });

  it("knows no room that nobody named", () => {
    const [fault] = faultsOf(read({ "lib/a.ts": 'import "../app/app.ts";', "app/app.ts": "" }));
    expect(fault).toContain("lib/ has no place in the house");
  });

  it("finds circles, of types and of workers too", () => {
    const found = circlesOf(
      read({
        "app/a.ts": 'import { b } from "./b.ts"; import "./e.ts";',
        "app/b.ts": 'new Worker(new URL("./c.ts", import.meta.url));',
        "app/c.ts": 'import type { A } from "./a.ts";',
        "app/d.ts": 'import { a } from "./a.ts";',
        "app/e.ts": 'const later = () => import("./f.ts");',
        "app/f.ts": 'import { e } from "./e.ts";',
      }),
    );
    expect(found).toHaveLength(2);
    expect(found).toContainEqual(["app/a.ts", "app/b.ts", "app/c.ts", "app/a.ts"]);
    expect(found).toContainEqual(["app/e.ts", "app/f.ts", "app/e.ts"]);
  });
});
