import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Pack } from "../../../offline/check/pack/pack.ts";
import { reconcile } from "../../../offline/check/pack/policy-config.ts";
import { configureRequest, policiesOf } from "../../../offline/check/pack/wire-config.ts";

const repository = resolve(import.meta.dirname, "../../..");
const source = join(repository, "policies");
const manifest = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
const scratch = mkdtempSync(join(tmpdir(), "pack-"));

afterAll(() => rmSync(scratch, { recursive: true }));

test("the pack starts from a folder of its own, with no packages but those it names, and is configured", async () => {
  const folder = join(scratch, "copied");
  cpSync(source, folder, { recursive: true });
  for (const name of Object.keys(manifest.dependencies)) {
    const target = join(folder, "node_modules", name);
    mkdirSync(join(target, ".."), { recursive: true });
    symlinkSync(join(repository, "node_modules", name), target);
  }
  const pack = await Pack.start(folder, {
    project: "shop",
    stack: "dev",
    config: {},
    secretKeys: [],
  });
  try {
    const info = await pack.info();
    expect(info.getPoliciesList().length).toBeGreaterThan(100);
    const config = { "ddb-pitr-days": { enforcementLevel: "advisory" as const, days: 7 } };
    const settings = reconcile(policiesOf(info), config);
    expect(settings.get("ddb-pitr-days")).toMatchObject({
      level: "advisory",
      properties: { days: 7 },
    });
    await pack.configure(configureRequest(settings));
  } finally {
    await pack.stop();
  }
});

test("it can be published: its own files are inside of it, and its version is the package's", () => {
  const outside = globSync("**/*.ts", { cwd: source })
    .filter((file) => !/\.test\.ts$|^testing\.ts$/.test(file))
    .flatMap((file) => {
      const depth = file.split("/").length - 1;
      const text = readFileSync(join(source, file), "utf8");
      return [...text.matchAll(/from "((?:\.\.\/)+)/g)]
        .filter(([, up = ""]) => up.length / 3 > depth)
        .map(() => file);
    });
  expect(outside).toEqual([]);
  expect(manifest.private).toBeUndefined();
  const { version, dependencies } = JSON.parse(
    readFileSync(join(repository, "package.json"), "utf8"),
  );
  expect(manifest.version).toBe(version);
  expect(manifest.dependencies["@pulumi/policy"]).toBe(dependencies["@pulumi/policy"]);
});
