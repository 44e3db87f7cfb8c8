import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../testing/processes/start.ts";

const folder = mkdtempSync(join(tmpdir(), "completion-"));
afterAll(() => rmSync(folder, { recursive: true }));

const isThere = (shell: string) => spawnSync(shell, ["--version"]).status === 0;

/** The script of a shell, as a file. */
async function scriptFor(shell: string): Promise<string> {
  const { code, stdout } = await run(["completion", shell]);
  expect(code).toBe(0);
  const path = join(folder, `chatstack.${shell}`);
  writeFileSync(path, stdout);
  return path;
}

describe.skipIf(!isThere("bash"))(
  isThere("bash") ? "in bash" : "in bash, of which there is none",
  () => {
    let script: string;
    beforeAll(async () => {
      script = await scriptFor("bash");
    });

    /** What Tab offers behind these words; the last one is being typed. */
    function offered(...words: string[]): string[] {
      const typed = ["chatstack", ...words];
      const code = [
        `source ${script}`,
        `COMP_WORDS=(${typed.map((word) => `"${word}"`).join(" ")})`,
        `COMP_CWORD=${typed.length - 1}`,
        "_chatstack",
        'printf "%s\\n" "$' + '{COMPREPLY[@]}"',
      ].join("\n");
      const output = execFileSync("bash", ["--norc", "-c", code], {
        cwd: folder,
        encoding: "utf8",
      });
      return output.split("\n").filter((line) => line !== "");
    }

    it("completes commands, their sub-commands and options", () => {
      expect(offered("st")).toEqual(["start"]);
      expect(offered("")).toEqual(expect.arrayContaining(["check", "open", "tenant"]));
      expect(offered("")).not.toContain("add");
      expect(offered("tenant", "a")).toEqual(["add"]);
      expect(offered("tenant", "add", "initech", "--ti")).toEqual(["--tier"]);
      expect(offered("start", "--mod")).toEqual(["--models"]);
      expect(offered("start", "--tier")).toEqual([]);
    });

    it("completes the values that an option allows, and else files", () => {
      expect(offered("completion", "")).toEqual(["bash", "zsh", "fish", "--help"]);
      expect(offered("start", "--data-dir", "chat")).toContain("chatstack.bash");
    });
  },
);

describe.skipIf(!isThere("zsh"))(
  isThere("zsh") ? "in zsh" : "in zsh, of which there is none",
  () => {
    it("completes commands, their sub-commands and options", async () => {
      const script = await scriptFor("zsh");
      // What zsh's own functions would show, printed.
      const shown = `compdef() { :; }
      _describe() { print -l -- "\${(@P)2}"; }
      _arguments() { print -l -- "$@"; }
      source ${script}`;
      const offered = (...typed: string[]) => {
        const words = ["chatstack", ...typed].map((word) => `"${word}"`).join(" ");
        const code = `${shown}\nwords=(${words}); CURRENT=${typed.length + 1}; _chatstack`;
        return execFileSync("zsh", ["-f", "-c", code], { encoding: "utf8" }).split("\n");
      };
      expect(offered("").some((line) => line.startsWith("start:run a stack"))).toBe(true);
      expect(offered("tenant", "").some((line) => line.startsWith("add:"))).toBe(true);
      expect(offered("tenant", "add", "--").some((line) => line.startsWith("--tier["))).toBe(true);
      expect(offered("completion", "")).toContain("1:value:(bash zsh fish)");
    });
  },
);

it("refuses another shell, and names those there are", async () => {
  const { code, stderr } = await run(["completion", "tcsh"]);
  expect(code).toBe(2);
  expect(stderr).toContain("Allowed choices are bash, zsh, fish");
});
