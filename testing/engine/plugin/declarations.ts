/** What a resource type of `@pulumi/aws` takes and returns, read from the package's declarations. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export type Kind = "string" | "number" | "boolean" | "array" | "map" | "object";

export interface Declaration {
  /** Inputs, and whether each is required. */
  readonly inputs: ReadonlyMap<string, { readonly isRequired: boolean }>;
  /** Outputs; `isAlways` where the provider fills it in whatever the program says. */
  readonly outputs: ReadonlyMap<string, { readonly kind: Kind; readonly isAlways: boolean }>;
}

const known = new Map<string, Declaration>();
const require = createRequire(import.meta.url);
const packageRoot = dirname(require.resolve("@pulumi/aws/package.json"));

/** @param type e.g. `aws:dynamodb/table:Table`. @throws Error for a type that the package has not. */
export function declarationOf(type: string): Declaration {
  const found = known.get(type) ?? read(type);
  known.set(type, found);
  return found;
}

function read(type: string): Declaration {
  const [, module = "", className = ""] = type.split(":");
  const text = readFileSync(join(packageRoot, `${module.replace(/^index\//, "")}.d.ts`), "utf8");
  const [body = ""] = text.split("export interface ");
  const args = text.split(`export interface ${className}Args {`)[1] ?? "";
  const outputs = [...body.matchAll(/^ {4}readonly (\w+): pulumi\.Output<(.+?)>;$/gms)].map(
    ([, name = "", declared = ""]) =>
      [name, { kind: kindOf(declared), isAlways: !declared.endsWith("| undefined") }] as const,
  );
  const inputs = [...args.matchAll(/^ {4}(\w+)(\??): /gm)].map(
    ([, name = "", optional]) => [name, { isRequired: optional !== "?" }] as const,
  );
  return { inputs: new Map(inputs), outputs: new Map(outputs) };
}

function kindOf(declared: string): Kind {
  const type = declared.replace(/ \| undefined$/, "");
  if (type === "number" || type === "boolean") return type;
  if (type.endsWith("[]")) return "array";
  if (type.startsWith("{")) return "map";
  return type.startsWith("outputs.") ? "object" : "string";
}
