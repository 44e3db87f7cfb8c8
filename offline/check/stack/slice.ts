/** A slice of a stack, from its tenants to its findings. */
import { evaluateTenants, readProject, readStackFile } from "../../project.ts";
import type { Run } from "../../slices/crew.ts";
import type { PolicyConfig } from "../pack/policy-config.ts";
import { isAsked } from "../rules.ts";
import type { Digest } from "./digest.ts";
import { directRules } from "./direct.ts";
import { judgedSlice, ownRuleInfos, type Part, surroundingsOf, withoutOwn } from "./part.ts";

export interface CheckTask {
  readonly kind: "check";
  readonly root: string;
  readonly stack: string;
  readonly policyConfig: PolicyConfig;
  /** Patterns of ids; empty means all. */
  readonly rules: readonly string[];
}

export function checkRunner(task: CheckTask): Run<Part & { readonly digest: Digest }> {
  const { root, stack, policyConfig, rules } = task;
  const file = readStackFile(root, readProject(root).name, stack);
  const direct = directRules(file, withoutOwn(policyConfig), (id) => isAsked(rules, id));
  if (!direct) throw new Error("a slice cannot be remediated");
  const infos = [...direct.infos, ...ownRuleInfos(file, policyConfig)];
  const around = surroundingsOf(
    file,
    infos.filter(({ id }) => isAsked(rules, id)),
  );
  return async (tenants) =>
    judgedSlice(
      direct.active,
      await evaluateTenants(file, tenants, { root, preview: true }),
      around,
    );
}
