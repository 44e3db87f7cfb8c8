/**
 * The one assertion that no policy can make: the engine shows `protect` to policies, but not
 * `retainOnDelete` (`AnalyzerResourceOptions` has no such field). Recordings have both.
 */

import { textAt } from "../../policies/reading/read.ts";
import {
  isOneOf,
  perStack,
  type StackResource,
  type StackRule,
  stackRule,
} from "../../policies/rule.ts";
import { dataTypes } from "../../policies/tenancy/isolation.ts";
import type { ResourceRecord } from "../record.ts";

/**
 * What must outlive the stack where `retain` says so: what holds data, and what guards it. A retained
 * bucket whose policy or public-access block went with the stack would be worse than none. What these refer
 * to must stay as well: a table whose key is deleted is lost, and backups stop without their role.
 */
const retained = [
  ...dataTypes,
  "aws:backup/plan:Plan",
  "aws:backup/selection:Selection",
  "aws:backup/vault*",
  "aws:cognito/riskConfiguration:RiskConfiguration",
  "aws:cognito/userGroup:UserGroup",
  "aws:cognito/userPoolClient:UserPoolClient",
  "aws:kms/alias:Alias",
  "aws:kms/key:Key",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLogging:BucketLogging",
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
];

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

/** URNs of what must outlive the stack: the types above, what they refer to, and what a role may do. */
const mustStay = perStack((stack) => {
  const urns = new Set<string>();
  const add = (resource: StackResource) => {
    if (urns.has(resource.urn)) return;
    urns.add(resource.urn);
    for (const source of Object.values(resource.propertyDependencies).flat()) add(source);
  };
  stack
    .ofType(...retained)
    .filter((one) => (retainOf(one) ?? "destroy") !== "destroy")
    .forEach(add);
  for (const permission of stack.ofType("aws:iam/rolePolicy*")) {
    const roles = permission.propertyDependencies.role ?? [];
    if (roles.some(({ urn }) => urns.has(urn))) add(permission);
  }
  return urns;
});

/** What the nearest component around the resource registered; `own-retain` judges where none did. */
function retainOf(resource: StackResource): string | undefined {
  for (let here = resource.parent; here; here = here.parent) {
    if (isOneOf(here.type, ["chatstack:*"])) return textAt(here.props, "retain");
  }
  return undefined;
}
