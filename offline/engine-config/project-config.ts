/** The `config:` of `Pulumi.yaml`: values and defaults that a stack has unless its own file says otherwise. */
import { isList, isValueMap, type Value, type ValueMap } from "./decode.ts";
import { goJson } from "./json.ts";
import { YamlError } from "./read.ts";
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
    const isOwn = key.startsWith(`${project}:`);
    const found = config[key];
    if (found === undefined && value !== undefined && value !== null) {
      config[key] = defaultText(value);
    } else if (found === undefined && isOwn) {
      throw new YamlError(
        `config: ${key}: found nothing in Pulumi.${stackName}.yaml; allowed: ${type ?? "a value"}`,
        1,
      );
    } else if (found !== undefined && type !== undefined && !isOfType(found, type)) {
      throw new YamlError(
        `config: ${key}: found ${stack.secretKeys.includes(key) ? "a secret" : found} in ` +
          `Pulumi.${stackName}.yaml; allowed: ${type}`,
        1,
      );
    }
  }
  return { config, secretKeys: stack.secretKeys };
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
