/** What a function's declaration says that it returns: `@pulumi/aws/ec2/getAmi.d.ts` for `aws:ec2/getAmi:getAmi`. */
import { existsSync, readFileSync } from "node:fs";
import { inPackage } from "./in-package.ts";

export type Fields = ReadonlyMap<string, "value" | "list">;

/** @param from file or folder from which the program finds its packages; empty where there is no declaration. */
export function resultFields(token: string, from: string): Fields {
  const [packageName, module, name = ""] = token.split(":");
  const path = `${module?.replace(/^index\//, "")}.d.ts`;
  const file = inPackage(from, `@pulumi/${packageName}`, path);
  if (file === undefined || !existsSync(file)) return new Map();
  const text = readFileSync(file, "utf8");
  const [, body = ""] =
    new RegExp(`^export interface ${name}Result \\{$([^]*?)^\\}$`, "im").exec(text) ?? [];
  const fields = body.matchAll(/^ {4}readonly (\w+)\??: (.+);$/gm);
  return new Map(
    [...fields].map(([, field = "", type]) => [field, type?.endsWith("[]") ? "list" : "value"]),
  );
}
