import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import { withCodeHashes } from "../../offline/plan/against/code-hash.ts";

const { asset } = pulumi;
const folder = mkdtempSync(join(tmpdir(), "code-hash-"));
mkdirSync(join(folder, "sub"));
for (const [name, content] of [
  ["a.txt", "a"],
  ["sub/b.txt", "hello\n"],
  ["sub.txt", "x"],
] as const) {
  writeFileSync(join(folder, name), content);
}

afterAll(() => rmSync(folder, { recursive: true }));

async function hashOf(code: pulumi.asset.Archive): Promise<unknown> {
  const { records } = await evaluate(() => {
    new aws.lambda.Function("f", { role: "arn:aws:iam::123456789012:role/f", code });
  });
  return withCodeHashes(records).find(({ name }) => name === "f")?.inputs.code;
}

test("a folder has the hash that Pulumi keeps: sha256 of the tar that Go's archive/tar writes", async () => {
  expect(await hashOf(new asset.FileArchive(folder))).toEqual({
    archive: { hash: "d775158fd0feb60d74e6d5fe82228efd0235320bab73e6f170423f9b830a2fb8" },
  });
});

test("an archive of assets has that of the folder which it amounts to", async () => {
  const code = new asset.AssetArchive({
    "sub.txt": new asset.StringAsset("x"),
    "a.txt": new asset.FileAsset(join(folder, "a.txt")),
    sub: new asset.FileArchive(join(folder, "sub")),
  });
  const other = new asset.AssetArchive({
    "a.txt": new asset.StringAsset("a"),
    "sub/b.txt": new asset.StringAsset("hello\n"),
    "sub.txt": new asset.StringAsset("x"),
  });
  // Names are in the order of their bytes: `sub`, `sub.txt`, but `sub.txt`, `sub/b.txt`.
  expect(await hashOf(code)).toEqual(await hashOf(new asset.FileArchive(folder)));
  expect(await hashOf(other)).not.toEqual(await hashOf(code));
});
