/** The `config:` of `Pulumi.yaml`: values and defaults that a stack has unless its own file says otherwise. */
import { isList, isValueMap, type Value, type ValueMap } from "../../stacks/yaml/decode.ts";
import { readYaml, YamlError } from "../../stacks/yaml/read.ts";
import { goJson } from "./json.ts";
import { configKey, type EngineConfig } from "./stack-config.ts";

/**
 * A stack's config with what its project adds to it.
 *
 * @param file `Pulumi.yaml`, decoded.
 * @throws YamlError where the project demands a key that the stack has not, or has in another type.
 */
export function withProjectConfig(
  stack: EngineConfig,
  file: Value,
  project: string,
  stackName: string,
): EngineConfig {
  const declared = isValueMap(file) ? file.get("config") : undefined;
  if (declared === undefined || !isValueMap(declared)) return stack;
  const config = { ...stack.config };
  for (const [written, entry] of declared) {
    const key = configKey(written, project);
    if (key === undefined) throw new YamlError(`config: "${written}" is no key`, 1);
    const { type, value } = declaration(entry);
    // A name of several parts is a path in the value of its first.
    const [root = key, ...path] = key.split(".");
    const found = path.length === 0 ? config[key] : textAt(config[root], path);
    const refuse = (what: string) => {
      const allowed = type ?? "a value";
      return new YamlError(
        `config: ${key}: found ${what} in Pulumi.${stackName}.yaml; allowed: ${allowed}`,
        1,
      );
    };
    if (found === undefined && value !== undefined && value !== null) {
      config[root] =
        path.length === 0 ? defaultText(value) : withDefault(config[root], path, value);
    } else if (found === undefined && key.startsWith(`${project}:`)) {
      throw refuse("nothing");
    } else if (found !== undefined && type !== undefined && !isOfType(found, type)) {
      throw refuse(stack.secretKeys.includes(key) ? "a secret" : found);
    }
  }
  return { config, secretKeys: stack.secretKeys };
}

/** Structured config is JSON, which is YAML too. */
const structure = (text: string | undefined): Value =>
  text?.startsWith("{") ? readYaml(text).value : new Map();

function textAt(text: string | undefined, path: readonly string[]): string | undefined {
  const found = path.reduce<Value | undefined>(
    (inner, part) => (inner !== undefined && isValueMap(inner) ? inner.get(part) : undefined),
    structure(text),
  );
  return found === undefined ? undefined : defaultText(found);
}

function withDefault(text: string | undefined, path: readonly string[], value: Value): string {
  const set = (into: Value | undefined, [part, ...rest]: readonly string[]): Value =>
    part === undefined
      ? inRfc3339(value)
      : new Map([
          ...(into !== undefined && isValueMap(into) ? into : []),
          [part, set(into !== undefined && isValueMap(into) ? into.get(part) : undefined, rest)],
        ]);
  return goJson(set(structure(text), path));
}

/** Written out (`{type: integer, default: 3}`), or a value alone. */
function declaration(entry: Value): { readonly type?: string; readonly value?: Value } {
  if (!isValueMap(entry)) return { value: entry };
  const type = entry.get("type");
  const value = entry.get("value") ?? entry.get("default");
  return {
    ...(typeof type === "string" && { type }),
    ...(value !== undefined && { value }),
  };
}

/** Not as the engine hands over the stack's own: a time travels in RFC 3339. */
function defaultText(value: Value): string {
  const written = inRfc3339(value);
  return typeof written === "string" ? written : goJson(written);
}

function inRfc3339(value: Value): Value {
  if (isList(value)) return value.map(inRfc3339);
  if (isValueMap(value)) return mapped(value, inRfc3339);
  return typeof value === "object" && value !== null ? value.rfc3339 : value;
}

const mapped = (map: ValueMap, change: (value: Value) => Value): ValueMap =>
  new Map([...map].map(([key, value]) => [key, change(value)]));

function isOfType(text: string, type: string): boolean {
  switch (type) {
    case "integer":
      return /^[-+]?\d+$/.test(text);
    case "boolean":
      return text === "true" || text === "false";
    case "object":
      return text.startsWith("{");
    case "array":
      return text.startsWith("[");
    default:
      return true;
  }
}
