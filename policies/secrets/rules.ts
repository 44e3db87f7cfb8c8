/** Rules about secrets in Secrets Manager and Parameter Store. */
import { checkov, hipaa, nag } from "../frameworks.ts";
import { at, textAt } from "../reading/read.ts";
import { isSecretName, secretKind } from "../reading/secrets.ts";
import type { AnyRule } from "../rule.ts";
import { resourceRule } from "../rule.ts";

export const secretCmk = resourceRule({
  id: "secret-cmk",
  service: "Secrets",
  description: "Secrets must be encrypted with a customer-managed key.",
  reason: "AWS's own key can be neither revoked nor shared with one role only.",
  fix: "set kmsKeyId to the tenant's key.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [
    ...nag("HIPAA.Security-SecretsManagerUsingKMSKey"),
    ...checkov("CKV_AWS_149"),
    ...hipaa("164.312(a)(2)(iv)"),
  ],
  types: ["aws:secretsmanager/secret:Secret"],
  judge({ props }, report) {
    const key = textAt(props, "kmsKeyId");
    if (!key || key.endsWith("alias/aws/secretsmanager"))
      report("kmsKeyId", key, "the ARN of a customer-managed key");
  },
});

export const secretPublic = resourceRule({
  id: "secret-public",
  service: "Secrets",
  description: "Policies of secrets must be checked by AWS for public access.",
  reason: "Secrets Manager refuses a policy that opens the secret, if it is asked to look.",
  fix: "set blockPublicPolicy: true.",
  severity: "medium",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  types: ["aws:secretsmanager/secretPolicy:SecretPolicy"],
  judge({ props }, report) {
    const found = at(props, "blockPublicPolicy");
    if (found !== true) report("blockPublicPolicy", found, "true");
  },
  remediate(props) {
    props.blockPublicPolicy = true;
  },
});

export const parameterSecure = resourceRule({
  id: "parameter-secure",
  service: "Secrets",
  description: "Parameters that hold a secret must be encrypted.",
  reason: "Whoever may read parameters reads a plain one; it stands in histories and consoles.",
  fix: 'set type: "SecureString".',
  severity: "high",
  level: "mandatory",
  frameworks: [...checkov("CKV2_AWS_34"), ...hipaa("164.312(a)(2)(iv)")],
  types: ["aws:ssm/parameter:Parameter"],
  judge({ props }, report) {
    const type = at(props, "type");
    if (type === "SecureString") return;
    const name = textAt(props, "name") ?? "";
    const kind =
      secretKind(textAt(props, "value") ?? textAt(props, "insecureValue") ?? "") ??
      (isSecretName(name.split("/").at(-1) ?? "") ? "a secret by its name" : undefined);
    if (kind !== undefined) report("type", `${type}, for ${kind}`, "SecureString");
  },
});

export const secretRules: readonly AnyRule[] = [secretCmk, secretPublic, parameterSecure];
