import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { evaluateStack, listStacks, readStackFile } from "../../offline/project.ts";

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "project-"));
  await writeFile(join(root, "Pulumi.yaml"), "name: shop\nmain: main.mjs\nruntime: nodejs\n");
  await writeFile(join(root, "main.mjs"), "export default () => ({ done: true });\n");
  await writeFile(
    join(root, "Pulumi.dev.yaml"),
    "config:\n  aws:region: eu-west-1\n  size: 3\n  shop:list: [a, b]\n  shop:key:\n    secure: AAAB\n",
  );
  await writeFile(join(root, "Pulumi.broken.yaml"), "config:\n  a: [\n");
});
afterAll(() => rm(root, { recursive: true }));

test("stack files are found by name", () => {
  expect(listStacks(root)).toEqual(["broken", "dev"]);
});

test("config is namespaced, structured values are JSON, encrypted ones stay secret", () => {
  expect(readStackFile(root, "shop", "dev")).toMatchObject({
    stack: "dev",
    config: {
      "aws:region": "eu-west-1",
      "shop:size": "3",
      "shop:list": '["a","b"]',
      "shop:key": "[secret]",
    },
    secretKeys: ["shop:key"],
  });
});

test("a missing stack file is named together with the stacks that exist", async () => {
  await expect(evaluateStack("live", { root })).rejects.toThrow(
    `Pulumi.live.yaml: no such stack file in ${root}; stacks: broken, dev`,
  );
});

test("malformed YAML is reported with file and line", async () => {
  await expect(evaluateStack("broken", { root })).rejects.toThrow(
    /Pulumi\.broken\.yaml:\d: not valid YAML/,
  );
});

test("a program is evaluated with its stack's config", async () => {
  const evaluation = await evaluateStack("dev", { root });
  expect(evaluation).toMatchObject({ project: "shop", stack: "dev", outputs: { done: true } });
});

test("`main` may leave its extension out, and one that is not there is named", async () => {
  const project = (main: string) =>
    writeFile(join(root, "Pulumi.yaml"), `name: shop\nmain: ${main}\nruntime: nodejs\n`);
  await project("main");
  expect(await evaluateStack("dev", { root })).toMatchObject({ outputs: { done: true } });
  await project("src/index.ts");
  await expect(evaluateStack("dev", { root })).rejects.toThrow(
    `${join(root, "src/index.ts")}: no such file or folder, which Pulumi.yaml has as \`main\``,
  );
  await writeFile(join(root, "Pulumi.yaml"), "");
  await expect(evaluateStack("dev", { root })).rejects.toThrow(/Pulumi\.yaml: Invalid input/);
});
