/** A stack's config as the engine hands it to the program: namespaced keys, and text as values. */
import { isMap } from "yaml";
import {
  hasTextKeys,
  isList,
  isValueMap,
  type Value,
  type ValueMap,
} from "../../stacks/yaml/decode.ts";
import { type ParsedYaml, YamlError } from "../../stacks/yaml/read.ts";
import { goJson, JsonError } from "./json.ts";

export interface EngineConfig {
  readonly config: Readonly<Record<string, string>>;
  readonly secretKeys: readonly string[];
}

/** What an encrypted config value reads as offline. */
export const secretPlaceholder = "[secret]";

/**
 * The `config:` of a stack's file.
 *
 * @param project its name is the namespace of keys without one.
 * @throws YamlError naming the key.
 */
export function configOf({ value, document, lineOf }: ParsedYaml, project: string): EngineConfig {
  const offset = document.contents?.range?.[0] ?? 0;
  const refuse = (message: string): never => {
    throw new YamlError(message, lineOf(offset));
  };
  if (value === null) return { config: {}, secretKeys: [] };
  if (!isValueMap(value)) return refuse("the file is not a map of keys");
  if (isMap(document.contents) && !hasTextKeys(document.contents)) {
    return refuse("a key of the file is not text");
  }
  const config = value.get("config") ?? null;
  if (config === null) return { config: {}, secretKeys: [] };
  if (!isValueMap(config)) return refuse("config: is not a map of keys");
  const node = isMap(document.contents) ? document.contents.get("config", true) : undefined;
  // Go names keys that are no text in a map of another type, in which the engine adds no namespaces.
  const namespace = isMap(node) && !hasTextKeys(node) ? undefined : project;
  const entries = new Map<string, string>();
  const secretKeys: string[] = [];
  for (const [written, one] of config) {
    const key =
      configKey(written, namespace) ?? refuse(`config: "${written}" is no key: ${keyForm}`);
    if (entries.has(key)) refuse(`config: ${key} is there twice, with and without its namespace`);
    const handed = handedOver(key, one, refuse);
    entries.set(key, handed.text);
    if (handed.isSecret) secretKeys.push(key);
  }
  return { config: Object.fromEntries(entries), secretKeys };
}

const keyForm = "<namespace>:<name>, or a name alone for the project's own";

/**
 * `<namespace>:<name>`, of which `<namespace>:config:<name>` is an older form.
 *
 * @param project the namespace of a key without one; without it there is no such key.
 */
export function configKey(written: string, project: string | undefined): string | undefined {
  const parts = written.split(":");
  const [namespace = "", middle, name] = parts;
  switch (parts.length) {
    case 1:
      return project === undefined ? undefined : `${project}:${written}`;
    case 2:
      return written;
    case 3:
      return middle === "config" ? `${namespace}:${name}` : undefined;
    default:
      return undefined;
  }
}

function handedOver(key: string, value: Value, refuse: (message: string) => never) {
  const isSecret = holdsSecret(value);
  try {
    return { text: textOf(withoutSecrets(value)), isSecret };
  } catch (error) {
    if (error instanceof JsonError) return refuse(`config: ${key}: ${error.message}`);
    throw error;
  }
}

/** Plain values travel as their text, all others as JSON. */
function textOf(value: Value): string {
  if (value === null) return "";
  if (typeof value === "string") return value;
  // Alone, an unsigned integer never passes through a float.
  if (typeof value === "bigint") return String(value);
  return typeof value === "object" && "time" in value ? value.time : goJson(value);
}

/** The engine decrypts `{secure: <ciphertext>}` wherever it stands, and the whole key is a secret. */
const isSecure = (value: ValueMap): boolean =>
  value.size === 1 && typeof value.get("secure") === "string";

const holdsSecret = (value: Value): boolean =>
  isList(value)
    ? value.some(holdsSecret)
    : isValueMap(value) && (isSecure(value) || [...value.values()].some(holdsSecret));

/** Decrypting needs the stack's own key; offline the value's shape is all that matters. */
function withoutSecrets(value: Value): Value {
  if (isList(value)) return value.map(withoutSecrets);
  if (!isValueMap(value)) return value;
  if (isSecure(value)) return secretPlaceholder;
  return new Map([...value].map(([key, one]) => [key, withoutSecrets(one)]));
}
