import { resource, testRule, unknown } from "../testing.ts";
import { deletionWindow, enabled, kmsRules, lockout, rotation } from "./rules.ts";

const key = (props: object = {}, type = "aws:kms/key:Key") =>
  resource(type, { enableKeyRotation: true, ...props });

testRule(rotation, {
  passes: {
    "a key that rotates yearly": [key()],
    "a key that rotates more often": [key({ rotationPeriodInDays: 90 })],
    "a signing key, which cannot": [
      key({ enableKeyRotation: undefined, customerMasterKeySpec: "RSA_2048" }),
    ],
  },
  objects: {
    "rotation is off": [[key({ enableKeyRotation: false })], "enableKeyRotation"],
    "rotation is absent": [[key({ enableKeyRotation: undefined })], "enableKeyRotation"],
    "the period is too long": [[key({ rotationPeriodInDays: 366 })], "rotationPeriodInDays"],
    "rotation is unknown": [
      [key({ enableKeyRotation: unknown })],
      "cannot tell: enableKeyRotation",
    ],
  },
});

testRule(deletionWindow, {
  passes: {
    "no window, which is 30 days": [key()],
    "the longest window": [key({ deletionWindowInDays: 30 })],
  },
  objects: {
    "the window is shorter": [[key({ deletionWindowInDays: 29 })], "deletionWindowInDays"],
    "a replica's is": [
      [key({ deletionWindowInDays: 7 }, "aws:kms/replicaKey:ReplicaKey")],
      "deletionWindowInDays",
    ],
  },
});

testRule(kmsRules.find(({ id }) => id === "kms-protect")!, {
  passes: {
    "a key with the option": [
      resource("aws:kms/key:Key", {}, { opts: { protect: true, ignoreChanges: [] } }),
    ],
  },
  objects: { "the option is absent": [[key()], "protect"] },
});

const root = {
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::123456789012:root" },
  Action: "kms:*",
  Resource: "*",
};
const policy = (...statements: object[]) =>
  key({ policy: JSON.stringify({ Statement: statements }) });

/** With an ARN, which tells whose key it is. */
const policyOfOwn = (...Statement: object[]) =>
  key({ arn: "arn:aws:kms:eu-west-1:123456789012:key/1", policy: JSON.stringify({ Statement }) });

/** To all but these. */
const deny = (NotPrincipal: object) => ({
  ...root,
  Effect: "Deny",
  Principal: undefined,
  NotPrincipal,
});

testRule(lockout, {
  passes: {
    "no policy, which is KMS's own": [key()],
    "a policy for the account": [policy(root)],
    "the account by its number": [policy({ ...root, Principal: { AWS: "123456789012" } })],
    "the account beside a role": [
      policy({
        ...root,
        Principal: { AWS: ["arn:aws:iam::123456789012:role/admin", root.Principal.AWS] },
      }),
    ],
    "a denial that spares the account": [
      policy(root, deny({ AWS: ["arn:aws:iam::123456789012:role/admin", root.Principal.AWS] })),
    ],
    "everybody of the account through a service": [
      policy(root, {
        ...root,
        Principal: "*",
        Condition: { StringEquals: { "kms:CallerAccount": "123456789012" } },
      }),
    ],
  },
  objects: {
    "all but a role are denied, and with them its account": [
      [policy(root, deny({ AWS: "arn:aws:iam::123456789012:role/admin" }))],
      "policy statement 1 Action",
    ],
    "the check is bypassed": [
      [key({ bypassPolicyLockoutSafetyCheck: true })],
      "bypassPolicyLockoutSafetyCheck",
    ],
    "a split policy bypasses it": [
      [
        key(
          { bypassPolicyLockoutSafetyCheck: true, policy: { Statement: root } },
          "aws:kms/keyPolicy:KeyPolicy",
        ),
      ],
      "bypassPolicyLockoutSafetyCheck",
    ],
    "only a role may administer": [
      [policy({ ...root, Principal: { AWS: "arn:aws:iam::123456789012:role/admin" } })],
      "policy",
    ],
    "the account may only decrypt": [[policy({ ...root, Action: "kms:Decrypt" })], "policy"],
    "the account may under a condition": [
      [policy({ ...root, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } })],
      "policy",
    ],
    "everybody may": [
      [policy(root, { ...root, Sid: "Open", Principal: "*" })],
      "policy statement Open Principal",
    ],
    "the policy is unknown": [
      [
        resource(
          "aws:kms/key:Key",
          { policy: unknown },
          { propertyDependencies: { policy: [key()] } },
        ),
      ],
      "cannot tell: policy",
    ],
    "the root is another account's": [
      [policyOfOwn({ ...root, Principal: { AWS: "arn:aws:iam::999988887777:root" } })],
      "policy",
    ],
    "the account is denied everything": [
      [policy(root, { ...root, Effect: "Deny", Principal: "*" })],
      "policy statement 1 Action",
    ],
    "the root is denied the policy": [
      [policy(root, { ...root, Effect: "Deny", Action: "kms:Put*" })],
      "policy statement 1 Action",
    ],
  },
});

testRule(enabled, {
  passes: { "a key as KMS makes it": [key()], "one that says so": [key({ isEnabled: true })] },
  objects: {
    "it is disabled": [[key({ isEnabled: false })], "isEnabled"],
    "an external key is disabled": [
      [key({ enabled: false }, "aws:kms/externalKey:ExternalKey")],
      "enabled",
    ],
  },
});
