/** Where tenants and exemptions stand in a stack file, for reports that point at a line. */
import { readFileSync } from "node:fs";
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { readYaml } from "../../stacks/yaml/read.ts";

export interface Places {
  /** Line of the tenant's entry; of the list where there is no such tenant; 1-based. */
  tenant(id: string | undefined): number;
  /** Line of an entry of `chatstack:exemptions`, by its place in the list. */
  exemption(index: number): number;
}

/** @param path of a stack file that parses as YAML. */
export function locate(path: string): Places {
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
            isScalar(name) && [key, `chatstack:${key}`].includes(String(name.value)),
        )
      : undefined;
    return { line: lineOf(pair?.key) ?? 1, items: isSeq(pair?.value) ? pair.value.items : [] };
  };
  const tenants = list("tenants");
  const exemptions = list("exemptions");
  const tenantLines = new Map(
    tenants.items.map((item) => [isMap(item) ? item.get("id") : undefined, lineOf(item)]),
  );
  return {
    tenant: (id) => tenantLines.get(id) ?? tenants.line,
    exemption: (index) => lineOf(exemptions.items[index]) ?? exemptions.line,
  };
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "range" in value;
