/** Rules about keys. */
import { accountsOf, administrators } from "../access/trusted.ts";
import { cis, compliance, nag, prowler, securityHub } from "../frameworks.ts";
import { isComputed } from "../reading/computed.ts";
import type { Statement } from "../reading/policy-document.ts";
import { coversAction, isOpen, statementsOf } from "../reading/policy-document.ts";
import { protectRule } from "../reading/protect.ts";
import { at, numberAt, textAt } from "../reading/read.ts";
import type { AnyRule } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";

const keys = ["aws:kms/key:Key"];
const replicaKeys = ["aws:kms/replicaKey:ReplicaKey"];
const externalKeys = [
  "aws:kms/externalKey:ExternalKey",
  "aws:kms/replicaExternalKey:ReplicaExternalKey",
];
const allKeys = [...keys, ...replicaKeys, ...externalKeys];

/** Whatever holds a key's policy. */
export const keyPolicies = [...allKeys, "aws:kms/keyPolicy:KeyPolicy"];

export const rotation = resourceRule({
  id: "kms-rotation",
  service: "KMS",
  description: "Keys must rotate by themselves.",
  reason: "A key that never changes protects everything ever written.",
  fix: "set enableKeyRotation: true.",
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...nag("AwsSolutions-KMS5"),
    ...securityHub("KMS.4"),
    ...cis("3.6"),
    ...compliance("aws.kms.Key.enableKeyRotation"),
  ],
  config: {
    days: {
      type: "integer",
      default: 365,
      minimum: 90,
      maximum: 2560,
      description: "Longest rotation period, in days.",
    },
  },
  types: keys,
  judge({ props }, report, { days }) {
    if (!isSymmetric(props)) return;
    const enabled = at(props, "enableKeyRotation");
    if (enabled !== true) report("enableKeyRotation", enabled, "true");
    // KMS rotates yearly where no period is named.
    const period = numberAt(props, "rotationPeriodInDays") ?? 365;
    if (period > days) report("rotationPeriodInDays", period, `at most ${days}`);
  },
  remediate(props) {
    props.enableKeyRotation = true;
  },
});

/** KMS rotates symmetric keys only, and none whose material lies in a key store outside. */
function isSymmetric(props: unknown): boolean {
  const spec = textAt(props, "customerMasterKeySpec") ?? "SYMMETRIC_DEFAULT";
  return spec === "SYMMETRIC_DEFAULT" && at(props, "customKeyStoreId") === undefined;
}

export const deletionWindow = resourceRule({
  id: "kms-window",
  service: "KMS",
  description: "Keys must wait long before they are deleted.",
  reason: "With its key a tenant's data is gone; the window is the time to notice.",
  fix: "raise deletionWindowInDays, or leave it out for 30.",
  severity: "high",
  level: "mandatory-in-production",
  frameworks: securityHub("KMS.3"),
  config: {
    days: {
      type: "integer",
      default: 30,
      minimum: 7,
      maximum: 30,
      description: "Shortest waiting period, in days.",
    },
  },
  types: allKeys,
  judge({ props }, report, { days }) {
    const found = numberAt(props, "deletionWindowInDays") ?? 30;
    if (found < days) report("deletionWindowInDays", found, `at least ${days}`);
  },
  remediate(props, { days }) {
    props.deletionWindowInDays = days;
  },
});

export const lockout = stackRule({
  id: "kms-lockout",
  service: "KMS",
  description: "Key policies must neither lock the account out nor let everybody in.",
  reason: "A key that nobody may administer cannot be repaired, not even by AWS.",
  fix: "allow kms:* to the account's own root, deny it nothing, name all other principals, and remove bypassPolicyLockoutSafetyCheck.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...securityHub("KMS.5"),
    ...compliance("aws.kms.Key.disallowBypassPolicyLockoutSafetyCheck"),
    ...prowler("kms_key_not_publicly_accessible"),
  ],
  reach: "account",
  types: keyPolicies,
  judge(key, report, _config, stack) {
    const { props } = key;
    const bypass = "bypassPolicyLockoutSafetyCheck";
    if (at(props, bypass) === true) report(bypass, true, "false");
    // Without a policy KMS writes one that allows the account's root.
    if (isComputed(key, "policy")) return;
    const policy = at(props, "policy");
    if (policy === undefined || policy === "") return;
    const statements = statementsOf(policy);
    for (const statement of statements) {
      if (isOpen(statement, statements))
        report(`policy ${statement.label} Principal`, "*", "named principals");
      if (deniesRoot(statement))
        report(`policy ${statement.label} Action`, "kms:PutKeyPolicy denied", "nothing for root");
    }
    const roots = statements.flatMap(administrators);
    const { known } = accountsOf(stack);
    if (roots.length === 0) report("policy", "without the account's root", "kms:* for it");
    else if (known.size > 0 && !roots.some((account) => known.has(account)))
      report("policy", `kms:* for ${roots[0]}`, "kms:* for the root of the key's own account");
  },
});

/**
 * A denial to everybody, or to the root, counts for those who are to repair the key. One to all but a role denies the
 * root as well, and with it the role's account (IAM User Guide, "NotPrincipal").
 */
function deniesRoot(statement: Statement): boolean {
  return (
    statement.effect === "Deny" &&
    statement.conditions.length === 0 &&
    (statement.principals.some((name) => name === "AWS:*" || root.test(name)) ||
      (statement.notPrincipals.length > 0 &&
        !statement.notPrincipals.some((name) => root.test(name)))) &&
    coversAction(statement, "kms:PutKeyPolicy")
  );
}

const root = /^AWS:(arn:[\w-]+:iam::\d+:root|\d{12})$/;

export const enabled = resourceRule({
  id: "kms-enabled",
  service: "KMS",
  description: "Keys must be enabled.",
  reason: "With its key disabled a tenant's data can be neither read nor written.",
  fix: "remove isEnabled: false, or enabled: false of an external key.",
  severity: "high",
  level: "mandatory",
  frameworks: [],
  types: allKeys,
  judge({ props }, report) {
    for (const property of ["isEnabled", "enabled"])
      if (at(props, property) === false) report(property, false, "true");
  },
});

export const kmsRules: readonly AnyRule[] = [
  rotation,
  deletionWindow,
  lockout,
  enabled,
  protectRule("kms-protect", "KMS", "Keys", "kms"),
];
