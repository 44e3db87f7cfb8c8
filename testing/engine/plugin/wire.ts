/** Values as the provider protocol has them: structs, with signed objects for what JSON cannot say. */
import struct from "google-protobuf/google/protobuf/struct_pb.js";

export type Properties = Record<string, unknown>;

/** What the engine sends, and expects, for a string whose value is known only after `up`. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Key that marks an object as an asset, an archive or a secret (pulumi/pulumi, `resource/sig`). */
const signature = "4dabf18193072939515e22adb298388d";

/** Where the bridge to Terraform's providers lists the properties that it filled in itself. */
export const defaultsKey = "__defaults";

export const fromStruct = (value: struct.Struct | undefined): Properties =>
  value ? value.toJavaScript() : {};

export const toStruct = (value: Properties): struct.Struct =>
  struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));

export const typeOf = (urn: string): string => urn.split("::")[2]?.split("$").at(-1) ?? "";

export const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

export const isObject = (value: unknown): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isSigned = (value: unknown): boolean => isObject(value) && signature in value;

export const hasUnknown = (value: unknown): boolean =>
  value === unknownValue ||
  (typeof value === "object" && value !== null && Object.values(value).some(hasUnknown));

export const defaultsOf = (inputs: Properties): readonly unknown[] => {
  const defaults = inputs[defaultsKey];
  return Array.isArray(defaults) ? defaults : [];
};

/** Without the notes on what was filled in, at any depth. */
export function withoutDefaults(value: Properties): Properties {
  const clean = (field: unknown): unknown => {
    if (Array.isArray(field)) return field.map(clean);
    return isObject(field) && !isSigned(field) ? withoutDefaults(field) : field;
  };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== defaultsKey)
      .map(([key, field]) => [key, clean(field)]),
  );
}

/** An archive or asset by its content alone: its path is of one machine. */
export function contentOf(value: Properties): Properties {
  return typeof value.hash === "string" ? { hash: value.hash } : value;
}
