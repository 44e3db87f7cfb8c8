/** Whether an edited stack file says what it should, and of everything else what it did. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UsageError } from "../../offline/usage-error.ts";
import { plainValue } from "../../stacks/yaml/plain.ts";
import { readYaml, YamlError } from "../../stacks/yaml/read.ts";

export interface StackText {
  /** Name of the file, for messages. */
  readonly file: string;
  readonly text: string;
  /** Name of the project: the namespace of keys without one. */
  readonly project: string;
  /** Whether the file is that of one tenant, and holds its entry alone. Default false. */
  readonly isTenantFile?: boolean;
}

/**
 * The text, if it says what it should and of everything else what it did: with anchors, tags or the like
 * it may not.
 */
export function verified(
  { file, text, project, isTenantFile }: StackText,
  edited: string,
  expected: (tenants: readonly unknown[]) => readonly unknown[],
): string {
  const before = plainValue(readYaml(text).value);
  const wanted = isTenantFile ? expected([before])[0] : withTenants(before, project, expected);
  if (isDeepStrictEqual(readEdited(edited), wanted)) return edited;
  throw new UsageError(
    `${file}: its tenants are written in a way that cannot be edited here (anchors, merges, tags?): ` +
      "edit it by hand",
  );
}

function readEdited(text: string): unknown {
  try {
    return plainValue(readYaml(text).value);
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}

/** An entry with a setting as `setSetting` sets it. */
export function changed(tenant: unknown, path: string, value: string | undefined): unknown {
  if (typeof tenant !== "object" || tenant === null) return tenant;
  const [name = path, inner] = path.split(".");
  if (inner !== undefined) {
    const settings: unknown = Reflect.get(tenant, name) ?? (value === undefined ? undefined : {});
    return settings === undefined ? tenant : { ...tenant, [name]: changed(settings, inner, value) };
  }
  const others = Object.entries(tenant).filter(([key]) => key !== name);
  return Object.fromEntries(value === undefined ? others : [...others, [name, value]]);
}

const contents = z.looseObject({ config: z.record(z.string(), z.unknown()) });

function withTenants(
  parsed: unknown,
  project: string,
  change: (tenants: readonly unknown[]) => readonly unknown[],
): unknown {
  const { config, ...rest } = contents.parse(parsed);
  const key =
    ["tenants", `${project}:tenants`].find((one) => one in config) ?? `${project}:tenants`;
  return {
    ...rest,
    config: { ...config, [key]: change(z.array(z.unknown()).parse(config[key] ?? [])) },
  };
}
