import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { crowdedFolders, firstFiles, folderComment } from "./folders.ts";
import { filesOf, readSources } from "./imports.ts";

const root = resolve(import.meta.dirname, "../..");
const files = filesOf(root);

describe(`the folders of all ${files.length} files`, () => {
  it("show no more than sixteen files, or there is a reason", () => {
    expect(crowdedFolders(files)).toEqual([]);
  });

  it("say in the first file what lives there", () => {
    const sources = readSources(root);
    const first = firstFiles(files);
    expect(first.size).toBeGreaterThan(50);
    const silent = [...first].filter(
      ([folder, file]) => folderComment(folder, file, sources.get(file) ?? "") === undefined,
    );
    expect(silent).toEqual([]);
  });
});

describe("the test itself", () => {
  it("counts the files of each folder, without those below it", () => {
    const names = Array.from({ length: 16 }, (_, index) => `app/a/${index}.ts`);
    expect(crowdedFolders([...names, "app/a/b/c.ts"])).toEqual([]);
    expect(crowdedFolders([...names, "app/a/z.md"])).toEqual(["app/a shows 17 files"]);
  });

  it("looks into the index, then the namesake, then what comes first by name", () => {
    const firstOf = (...names: string[]) =>
      firstFiles(names.map((name) => `app/a/${name}`)).get("app/a");
    expect(firstOf("a.ts", "b.ts", "index.ts")).toBe("app/a/index.ts");
    expect(firstOf("0.ts", "a.ts")).toBe("app/a/a.ts");
    expect(firstOf("c.ts", "b.ts", "a.test.ts", "readme.md")).toBe("app/a/b.ts");
  });

  it("hears a folder's name where the file's own does not say it", () => {
    const comment = (file: string, text: string) => folderComment("app/a", file, text);
    expect(comment("app/a/b.ts", "/** `app/a/`: letters and numbers. */")).toContain("letters");
    expect(comment("app/a/b.ts", "/** The letter b. */")).toBeUndefined();
    expect(comment("app/a/a.ts", "/** Letters and numbers. */")).toContain("Letters");
    expect(comment("app/a/a.ts", 'import "b";\n/** Letters. */')).toBeUndefined();
    expect(comment("app/a/a.ts", "// Letters.")).toBeUndefined();
  });
});
