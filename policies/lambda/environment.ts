import { hipaa } from "../frameworks.ts";
import { at, isObject, textAt } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";
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
    const judged = names.filter((name) => !allowed.includes(name));
    for (const name of judged.filter(isSecretName))
      report(`environment.variables.${name}`, "a secret by its name", "the secret's ARN");
    for (const name of judged.filter((other) => !isSecretName(other))) {
      const kind = secretKind(textAt(variables, name) ?? "");
      if (kind) report(`environment.variables.${name}`, kind, "the secret's ARN");
    }
  },
});

/** `DB_PASSWORD`, `apiKey`, `GITHUB_TOKEN`; not `DB_PASSWORD_ARN`, which only says where the secret is. */
function isSecretName(name: string): boolean {
  const words = name.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2").toUpperCase();
  return (
    /(^|_)(PASSWORD|PASSWD|PWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|(API|ACCESS|PRIVATE|SIGNING|ENCRYPTION)_?KEY)($|_)/.test(
      words,
    ) && !/_(ARN|NAME|ID|IDS|PATH|PARAMETER|PREFIX|TABLE|TTL|SECONDS|MINUTES|DAYS|URL)$/.test(words)
  );
}

const secretKinds: readonly (readonly [RegExp, string])[] = [
  [/\b(AKIA|ASIA)[A-Z\d]{16}\b/, "an AWS access key"],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----/, "a private key"],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]+/, "a token"],
  [
    /\b(ghp|gho|ghs|github_pat|glpat|sk_live|rk_live|xox[abp]|sk-ant|sk-proj)[-_]\w{16,}/,
    "a token",
  ],
  [/^\w+:\/\/[^/\s:@]*:[^/\s:@]+@/, "a URL with a password"],
];

function secretKind(value: string): string | undefined {
  return secretKinds.find(([pattern]) => pattern.test(value))?.[1];
}

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

export const tenancyShape = resourceRule({
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
  judge({ props }, report, { single }) {
    const tag = textAt(props, "tags.chatstack:tenant");
    const tenant = textAt(props, "environment.variables.TENANT");
    if (tag === undefined && tenant === undefined) return;
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
