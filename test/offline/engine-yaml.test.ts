import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withProjectConfig } from "../../offline/engine-config/project-config.ts";
import { configSize, refuseOversized, sizeWarning } from "../../offline/engine-config/size.ts";
import { configOf } from "../../offline/engine-config/stack-config.ts";
import { ProjectError, readStackFile } from "../../offline/project.ts";
import { readYaml, YamlError } from "../../stacks/yaml/read.ts";

/**
 * Stack files, and what the engine named in the table handed to a program that has them, or its error. The
 * table is the recorded outcome of `pulumi preview` for each: nothing in it is written by hand.
 */
interface Case {
  readonly name: string;
  readonly text: string;
  /** `config:` of Pulumi.yaml. */
  readonly project?: string;
  readonly config?: Readonly<Record<string, string>>;
  /** Of `PULUMI_CONFIG=<JSON>` and its NUL, as the program found it. */
  readonly bytes?: number;
  readonly error?: string;
}

const { cases }: { readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(new URL("engine-yaml.json", import.meta.url), "utf8"),
);

function read({ text, project }: Pick<Case, "text" | "project">) {
  const own = configOf(readYaml(text), "chatstack");
  const declared = project === undefined ? undefined : readYaml(project).value;
  return declared === undefined
    ? own.config
    : withProjectConfig(own, declared, "chatstack", "case").config;
}

describe("a stack file is read as the engine reads it", () => {
  test.each(cases.filter(({ config }) => config !== undefined))("$name: $text", (one) => {
    const config = read(one);
    expect(config).toEqual(one.config);
    expect(configSize({ config })).toBe(one.bytes);
  });

  test.each(
    cases.filter(({ error }) => error !== undefined),
  )("refused, as by the engine: $name: $error", (one) => {
    expect(() => read(one)).toThrow(YamlError);
  });
});

describe("what is refused is named with its line", () => {
  test.each([
    ["config:\n  chatstack:a: {b: 1, b: 2}\n", 2, 'the key "b" is there already'],
    ["config:\n  chatstack:a: 1\n  chatstack:b: *base\n", 3, 'unknown anchor "base"'],
    ["config:\n  chatstack:a:\n    <<: text\n", 3, "a merge (<<) takes a map, or a list of maps"],
    ["config:\n  chatstack:a: !!int many\n", 2, "cannot decode !!str `many` as a !!int"],
    [
      "config:\n  chatstack:a: .inf\n",
      1,
      "config: chatstack:a: Infinity cannot be written as JSON",
    ],
    ["config:\n  chatstack:a: 1\n  a: 2\n", 1, "config: chatstack:a is there twice"],
    [
      `config:\n  chatstack:a: ${"[".repeat(20_000)}${"]".repeat(20_000)}\n`,
      1,
      "nested too deeply",
    ],
  ])("%.60s", (text, line, message) => {
    const attempt = () => read({ text });
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ line }));
  });
});

test("a secret stays sealed wherever it stands, and makes its whole key one", () => {
  const text =
    "config:\n  chatstack:a: {secure: AAAB}\n  chatstack:b: {c: [{secure: AAAB}], d: 1}\n  chatstack:e: {secure: 1}\n";
  expect(configOf(readYaml(text), "chatstack")).toEqual({
    config: {
      "chatstack:a": "[secret]",
      "chatstack:b": '{"c":["[secret]"],"d":1}',
      "chatstack:e": '{"secure":1}',
    },
    secretKeys: ["chatstack:a", "chatstack:b"],
  });
});

describe("config that travels in one environment variable", () => {
  const ofSize = (bytes: number) => {
    const empty = configSize({ config: { "chatstack:tenants": "", "aws:region": "us-east-1" } });
    const tenants = "x".repeat(bytes - empty);
    return { config: { "chatstack:tenants": tenants, "aws:region": "us-east-1" } };
  };

  // Under the CLI 131,072 bytes arrive; with one more it ends with "argument list too long".
  test("is refused above 131,072 bytes, naming size, limit and the largest key", () => {
    expect(refuseOversized(ofSize(131_072))).toBeUndefined();
    expect(refuseOversized(ofSize(131_073))).toMatch(
      /^config: found 131073 bytes, .*; allowed: 131072, .* chatstack:tenants with 130995 bytes.*stack of their own/,
    );
  });

  test("is warned of from 80 percent on", () => {
    expect(sizeWarning(ofSize(104_857))).toBeUndefined();
    expect(sizeWarning(ofSize(104_858))).toContain("104858 bytes of 131072");
    expect(sizeWarning(ofSize(104_858))).toContain("(80 %)");
    expect(sizeWarning(ofSize(131_073))).toBeUndefined();
  });

  test("is refused when its stack file is read, by whichever command", async () => {
    const root = await mkdtemp(join(tmpdir(), "size-"));
    try {
      await writeFile(join(root, "Pulumi.yaml"), "name: chatstack\nruntime: nodejs\n");
      const text = `config:\n  chatstack:tenants: [${"{id: acme, tier: basic}, ".repeat(4_000)}]\n`;
      await writeFile(join(root, "Pulumi.dev.yaml"), text);
      expect(() => readStackFile(root, "chatstack", "dev")).toThrow(ProjectError);
      expect(() => readStackFile(root, "chatstack", "dev")).toThrow(
        /Pulumi\.dev\.yaml: config: found \d{6} bytes/,
      );
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
