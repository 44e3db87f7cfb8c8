/** `--set table.recoveryDays=14`: settings of a new tenant from the command line. */

import { UsageError } from "../../offline/usage-error.ts";
import { plainValue } from "../../stacks/yaml/plain.ts";
import { readYaml } from "../../stacks/yaml/read.ts";

type Section = Record<string, unknown>;

/**
 * @param flags each `<path>=<value>`, the value as YAML: `14`, `off`, `[a, b]`.
 * @throws UsageError for what is no path or value; the schema judges the rest.
 */
export function parseSettings(flags: readonly string[]): Section {
  const settings: Section = {};
  for (const flag of flags) {
    const [, path = "", text = ""] = /^([^=]+)=(.*)$/s.exec(flag) ?? [];
    const names = path.split(".");
    const refuse = (allowed: string): never => {
      throw new UsageError(`--set: found ${JSON.stringify(flag)}; allowed: ${allowed}`);
    };
    if (!names.every((name) => /^[a-z]\w*$/i.test(name))) {
      refuse("<path>=<value>, e.g. table.recoveryDays=14");
    }
    if (["id", "tier"].includes(path)) refuse(`${path} as the command's own argument or option`);
    if (!setAt(settings, names, yamlValue(text, refuse)))
      refuse("each path once, and none below another");
  }
  return settings;
}

function yamlValue(text: string, refuse: (allowed: string) => never): unknown {
  try {
    return plainValue(readYaml(text).value);
  } catch {
    return refuse("a value in YAML");
  }
}

/** False where something else stands at the path, or on the way to it. */
function setAt(settings: Section, [name = "", ...rest]: string[], value: unknown): boolean {
  const found = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (rest.length === 0) {
    if (found !== undefined) return false;
    Object.defineProperty(settings, name, { value, enumerable: true });
    return true;
  }
  if (found !== undefined && !isSection(found)) return false;
  const section = found ?? {};
  Object.defineProperty(settings, name, { value: section, enumerable: true, configurable: true });
  return setAt(section, rest, value);
}

const isSection = (value: unknown): value is Section =>
  typeof value === "object" && value !== null && !Array.isArray(value);
