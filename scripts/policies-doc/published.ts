/** The published lists that rules claim ids of: ids alone, with where and when they were read. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, textAt, textsAt } from "../../policies/reading/read.ts";
import type { Framework } from "../../policies/rule.ts";

export interface PublishedList {
  readonly title: string;
  readonly source: string;
  readonly version: string;
  /** Day on which it was read. */
  readonly read: string;
  readonly ids: readonly string[];
}

const folder = join(import.meta.dirname, "published");

function readList(name: string): PublishedList {
  const list: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8"));
  if (!isObject(list)) throw new Error(`${name}.json is not an object`);
  const text = (field: string) => textAt(list, field) ?? "";
  return {
    title: text("title"),
    source: text("source"),
    version: text("version"),
    read: text("read"),
    ids: textsAt(list, "ids"),
  };
}

/** By the names that rules give the frameworks; the lists of the other two are in `anchors.ts`. */
export const published: Readonly<Partial<Record<Framework["name"], PublishedList>>> = {
  "Security Hub": readList("security-hub"),
  CIS: readList("cis"),
  HIPAA: readList("hipaa"),
  "NIST 800-53": readList("nist"),
  "cdk-nag": readList("cdk-nag"),
  checkov: readList("checkov"),
  Prowler: readList("prowler"),
};

/** Controls of Security Hub that are in its standard Foundational Security Best Practices. */
export const fsbp: ReadonlySet<string> = new Set(readList("security-hub-fsbp").ids);

/** Names of the data files, for a test that none is left over. */
export const listFiles = (): readonly string[] => readdirSync(folder);
