/**
 * `components/chat-api/function/`: what the function is made of.
 *
 * Texts of a function that grow with its settings, and that AWS takes up to a size: its environment
 * and its role's policy. Both are measured as they are sent, names and ARNs included.
 */
import * as pulumi from "@pulumi/pulumi";
import { atMost, awsLimits } from "../../aws-limits.ts";
import type { Fault } from "../../fault.ts";

/** Characters that IAM counts: white space is free. */
export const policyCharacters = (document: string): number => document.replaceAll(/\s/g, "").length;

/** Size of the variables' names and values together, in bytes. */
export const environmentBytes = (variables: Readonly<Record<string, string>>): number =>
  Object.entries(variables).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );

/** The document, once it is known to be short enough. */
export const checkedPolicy = (
  document: pulumi.Output<string>,
  refuse: (...fault: Fault) => never,
): pulumi.Output<string> =>
  document.apply((text) => {
    const found = policyCharacters(text);
    if (found <= awsLimits.policy.most) return text;
    const allowed = `${atMost(awsLimits.policy, "characters")}: name fewer models`;
    return refuse("permissions", `a policy of ${found} characters`, allowed);
  });

/** The variables, once they are known to be short enough. */
export const checkedEnvironment = (
  variables: Readonly<Record<string, pulumi.Input<string>>>,
  refuse: (...fault: Fault) => never,
): pulumi.Output<Record<string, string>> =>
  pulumi.all({ ...variables }).apply((all) => {
    const found = environmentBytes(all);
    if (found <= awsLimits.environmentBytes.most) return all;
    const allowed = `${atMost(awsLimits.environmentBytes, "bytes")}: name fewer of the longest`;
    return refuse("environment", `${found} bytes, the longest of them ${longest(all)}`, allowed);
  });

const longest = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .slice(0, 2)
    .map(([name, value]) => `${name} with ${Buffer.byteLength(value)}`)
    .join(" and ");
