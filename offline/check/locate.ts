/** Where tenants and exemptions stand in a stack's files, for reports that point at a line. */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { fileKey } from "../../stacks/registry/folder.ts";
import { readYaml } from "../../stacks/yaml/read.ts";
import { jsonIn } from "../fields.ts";
import { readProject, type StackFile } from "../project.ts";

export interface Place {
  /** Relative to the project's folder. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
}

export interface Places {
  /** The stack file, relative to the project's folder. */
  readonly file: string;
  /** Folder of the project. */
  readonly root: string;
  /** The tenant's entry, in the stack's file or in one of its own, if there is one. */
  entry(id: string | undefined): Place | undefined;
  /** The list of tenants in the stack's file. */
  readonly tenants: Place;
  /** Line of an entry of `chatstack:exemptions`, by its place in the list. */
  exemption(index: number): number;
}

/** @param stackFile parses as YAML. */
export function locate({ path, root, config }: StackFile): Places {
  const { document, lineOf: lineAt } = readYaml(readFileSync(path, "utf8"));
  const lineOf = (node: unknown): number | undefined => {
    const offset = isNode(node) ? node.range?.[0] : undefined;
    return offset === undefined ? undefined : lineAt(offset);
  };
  const list = (key: string) => {
    const config = document.get("config");
    const pair = isMap(config)
      ? config.items.find(
          ({ key: name }) =>
            isScalar(name) &&
            [key, `${project}:${key}`, `chatstack:${key}`].includes(String(name.value)),
        )
      : undefined;
    return { line: lineOf(pair?.key) ?? 1, items: isSeq(pair?.value) ? pair.value.items : [] };
  };
  const file = relative(root, path);
  const { name: project } = readProject(root);
  const tenants = list("tenants");
  const exemptions = list("exemptions");
  const tenantLines = new Map(
    tenants.items.map((item) => [isMap(item) ? item.get("id") : undefined, lineOf(item)]),
  );
  const tenantFiles = filesOf(config[`${project}:tenants`]);
  return {
    file,
    root,
    entry(id) {
      const own = id === undefined ? undefined : tenantFiles.get(id);
      if (own !== undefined) return { file: own, line: firstLine(join(root, own)) };
      const line = id === undefined ? undefined : tenantLines.get(id);
      return line === undefined ? undefined : { file, line };
    },
    tenants: { file, line: tenants.line },
    exemption: (index) => lineOf(exemptions.items[index]) ?? exemptions.line,
  };
}

/** Of tenants with a file each: the files, by their ids. What is no list is for the program to refuse. */
function filesOf(tenants = "[]"): ReadonlyMap<string, string> {
  const listed: unknown = jsonIn(tenants);
  const entries: readonly unknown[] = Array.isArray(listed) ? listed : [];
  return new Map(
    entries.flatMap((entry) => {
      const { id, [fileKey]: file }: Record<string, unknown> = Object(entry);
      return typeof id === "string" && typeof file === "string" ? [[id, file]] : [];
    }),
  );
}

/** Comments may stand above a tenant's settings. */
function firstLine(path: string): number {
  const { document, lineOf } = readYaml(readFileSync(path, "utf8"));
  return lineOf(document.contents?.range?.[0] ?? 0);
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "range" in value;
