/** A Python program through the language host that comes with the Pulumi CLI. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { evaluateStack } from "../../offline/project.ts";

/** Why it cannot run here; undefined where it can. */
function missingPython(): string | undefined {
  const needs = [
    ["which", "pulumi-language-python"],
    ["python3", "-c", "import pulumi"],
  ];
  try {
    for (const [command = "", ...args] of needs) execFileSync(command, args, { stdio: "ignore" });
    return undefined;
  } catch {
    return "no pulumi-language-python on the PATH, or no pulumi for python3";
  }
}

const missing = missingPython();

describe.skipIf(missing)(`a Python program${missing ? ` (skipped: ${missing})` : ""}`, () => {
  const root = mkdtempSync(join(tmpdir(), "python-"));
  afterAll(() => rmSync(root, { recursive: true }));

  test("is evaluated, with the line of each resource", async () => {
    writeFileSync(join(root, "Pulumi.yaml"), "name: python\nruntime: python\n");
    writeFileSync(
      join(root, "__main__.py"),
      'import pulumi\n\nclass Bucket(pulumi.CustomResource):\n    arn: pulumi.Output[str]\n    def __init__(self, name):\n        super().__init__("aws:s3/bucket:Bucket", name, {"arn": None})\n\nfiles = Bucket("files")\npulumi.export("arn", files.arn)\n',
    );
    const { records, outputs } = await evaluateStack("dev", { root, preview: true });
    expect(records.slice(1)).toMatchObject([{ type: "aws:s3/bucket:Bucket", name: "files" }]);
    expect(records[1]?.source?.file).toContain("__main__.py");
    expect(outputs.arn).toMatch(/^arn:aws:s3:::files-/);
  });
});
