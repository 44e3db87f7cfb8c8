import { hipaa } from "../frameworks.ts";
import { at, isObject, knownAt, textAt } from "../reading/read.ts";
import { isHarmless, isSecretName, secretKind } from "../reading/secrets.ts";
import type { Stack, StackResource } from "../rule.ts";
import { resourceRule, stackRule } from "../rule.ts";
import { shared } from "../tenancy/tenant.ts";
import { functions } from "./operations.ts";

export const envSecrets = resourceRule({
  id: "fn-env-secrets",
  service: "Lambda",
  description: "Environments must hold no secret.",
  reason:
    "Whoever may list functions reads their environment, and so do consoles and crash reports.",
  fix: "keep the value in Secrets Manager or Parameter Store, and pass its name or ARN.",
  severity: "critical",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  config: {
    allowed: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Variables whose names look secret but are not.",
    },
  },
  types: functions,
  judge({ props }, report, { allowed }) {
    const variables = at(props, "environment.variables");
    const names = isObject(variables) ? Object.keys(variables) : [];
    for (const name of names.filter((one) => !allowed.includes(one))) {
      const kind = isSecretName(name)
        ? // Unknown or not, what has such a name is a secret until its value says otherwise.
          !isHarmless(knownAt(variables, [name])) && "a secret by its name"
        : secretKind(textAt(variables, [name]) ?? "");
      if (kind) report(`environment.variables.${name}`, kind, "the secret's ARN");
    }
  },
});

export const envCmk = resourceRule({
  id: "fn-env-cmk",
  service: "Lambda",
  description: "Environments must be encrypted with a customer-managed key.",
  reason: "AWS's own key can be neither revoked nor seen in use.",
  fix: "set kmsKeyArn to the tenant's key.",
  severity: "low",
  level: "mandatory-in-production",
  frameworks: hipaa("164.312(a)(2)(iv)"),
  types: functions,
  judge({ props }, report) {
    const variables = at(props, "environment.variables");
    if (!isObject(variables) || Object.keys(variables).length === 0) return;
    const key = at(props, "kmsKeyArn");
    if (key === undefined || key === "") report("kmsKeyArn", undefined, "a key's ARN");
  },
});

/** What a function must be to serve a tenant's API: told its tenant, or invoked by API Gateway. */
function servesApi(fn: StackResource, stack: Stack): boolean {
  const permissions = stack.namedBy(fn, "function", "aws:lambda/permission:Permission");
  return (
    at(fn.props, "environment.variables.TENANT") !== undefined ||
    permissions.some(({ props }) => at(props, "principal") === "apigateway.amazonaws.com")
  );
}

export const tenancyShape = stackRule({
  id: "fn-tenancy-shape",
  service: "Lambda",
  description: "A tenant's function must serve that tenant only.",
  reason: "A function that takes itself for another tenant's, or for several, mixes their data.",
  fix: "set environment TENANT and tag chatstack:tenant to the same tenant, name one table, bucket and pool, and leave tenancyConfig out.",
  severity: "critical",
  level: "mandatory",
  frameworks: [],
  config: {
    single: {
      type: "array",
      items: { type: "string" },
      default: ["TENANT", "TABLE_NAME", "BUCKET_NAME", "USER_POOL_ID"],
      description: "Variables that must hold one value, not a list.",
    },
  },
  types: functions,
  judge(fn, report, { single }, stack) {
    const { props } = fn;
    const tag = textAt(props, "tags.chatstack:tenant");
    const tenant = textAt(props, "environment.variables.TENANT");
    if (tag === shared || (tag === undefined && tenant === undefined)) return;
    if (!servesApi(fn, stack)) return;
    if (tag === undefined) report("tags.chatstack:tenant", tag, `${tenant}`);
    else if (tenant !== tag) report("environment.variables.TENANT", tenant, tag);
    // Lambda then wants a tenant id with each invocation, which a REST API of one tenant does not send.
    const isolation = at(props, "tenancyConfig.tenantIsolationMode");
    if (isolation !== undefined) report("tenancyConfig.tenantIsolationMode", isolation, "nothing");
    for (const name of single) {
      const path = `environment.variables.${name}`;
      if (/[,;\s]|^\[/.test(textAt(props, path) ?? "")) report(path, "a list", "one value");
    }
  },
});
