/**
 * `operations/drift/`: what was changed behind Pulumi's back, and what of it endangers data.
 *
 * Which drift endangers data. There is no list of dangerous properties: the policy pack's rules judge
 * the resource as the state has it and as it really is, and what they object to in reality alone is
 * the danger.
 */
import type {
  StepEventMetadata,
  StepEventStateMetadata,
} from "@pulumi/pulumi/automation/events.js";
import { dataResourceTypes } from "../../offline/upgrade/data-resources.ts";
import { judgeResource } from "../../policies/judge.ts";
import { defaultValues } from "../../policies/quotas/account-values.ts";
import type { StackConfig } from "../../policies/reading/stack-config.ts";
import type { Resource } from "../../policies/rule.ts";
import { rules } from "../../policies/rules.ts";

/** One sentence for each danger; none where the difference only is one. */
export function dangersOf(step: StepEventMetadata): string[] {
  if (step.op === "delete") {
    const isDanger = step.type in dataResourceTypes || bucketGuards.includes(step.type);
    return isDanger ? ["it held or protected data, and is gone"] : [];
  }
  const before = new Set(objections(step, step.old));
  return objections(step, step.new).filter((objection) => !before.has(objection));
}

/** Settings of a bucket that are resources of their own. */
const bucketGuards = [
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
];

/** Exemptions and environments decide what a deployment may do; a danger is one either way. */
const anywhere: StackConfig = {
  environment: "production",
  hasTenants: true,
  exemptions: [],
  malformed: [],
  tenants: [],
  quotas: defaultValues,
  today: "",
  preview: false,
};

const graveRules = rules
  .filter((rule) => rule.kind === "resource")
  .filter(({ severity }) => severity === "critical" || severity === "high");

function objections(
  { type, urn }: StepEventMetadata,
  state: StepEventStateMetadata | undefined,
): string[] {
  const resource: Resource = {
    type,
    name: urn.split("::").slice(3).join("::"),
    urn,
    props: state?.inputs ?? {},
    opts: { protect: state?.protect ?? false, ignoreChanges: [] },
  };
  return graveRules.flatMap((rule) => {
    const about = `(${rule.id}, ${rule.severity})`;
    return judgeResource(rule, resource, anywhere)
      .filter(({ verdict, isFault }) => verdict === "violation" || isFault)
      .map(({ property, isFault }) =>
        isFault ? `the rule could not judge it ${about}` : `${property}: ${rule.reason} ${about}`,
      );
  });
}
