/**
 * An assertion that no policy can make: the engine shows `protect` to policies, but not
 * `retainOnDelete` (`AnalyzerResourceOptions` has no such field). Recordings have both.
 */

import { textAt } from "../../policies/reading/read.ts";
import { perStack, type StackResource, type StackRule, stackRule } from "../../policies/rule.ts";
import { kindOf, typesOf } from "../../policies/tenancy/holdings.ts";
import type { ResourceRecord } from "../record.ts";

/** @param records what the judged resources were recorded as. */
export function retainOnDelete(records: readonly ResourceRecord[]): StackRule {
  const options = new Map(records.map((record) => [record.urn, record.options]));
  return stackRule({
    id: "own-retain-on-delete",
    service: "Ownership",
    description: "Data resources must have the options that their component's retain promises.",
    reason: "Without retainOnDelete, `pulumi destroy` or a removed tenant deletes the data.",
    fix: "make it through the component, or keep its transform from unsetting retainOnDelete and protect.",
    severity: "critical",
    level: "mandatory-in-production",
    // The pack, which judges exemptions, does not know this rule.
    exemptible: "never",
    frameworks: [],
    reach: "tenant",
    types: ["aws:*"],
    judge(resource, report, _config, stack) {
      const retain = retainOf(resource);
      const found = options.get(resource.urn);
      if (retain === undefined || retain === "destroy" || !found) return;
      if (!mustStay(stack).has(resource.urn)) return;
      if (!found.retainOnDelete) report("retainOnDelete", false, `true, for retain is ${retain}`);
      if (retain === "protect" && !found.protect) {
        report("protect", false, "true, for retain is protect");
      }
    },
  });
}

/**
 * URNs of what must outlive the stack: what holds or guards data, and what these refer to. A retained bucket
 * whose policy went with the stack would be worse than none; a table whose key is deleted is lost.
 */
const mustStay = perStack((stack) => {
  const urns = new Set<string>();
  const add = (resource: StackResource) => {
    if (urns.has(resource.urn) || kindOf(resource.type) === "configuration") return;
    urns.add(resource.urn);
    for (const source of Object.values(resource.propertyDependencies).flat()) add(source);
  };
  stack
    .ofType(...typesOf(["data", "guard"]))
    .filter((one) => (retainOf(one) ?? "destroy") !== "destroy")
    .forEach(add);
  return urns;
});

/** What the nearest component around the resource registered; `own-retain` judges where none did. */
function retainOf(resource: StackResource): string | undefined {
  for (let here = resource.parent; here; here = here.parent) {
    if (here.type.startsWith("chatstack:")) return textAt(here.props, "retain");
  }
  return undefined;
}
