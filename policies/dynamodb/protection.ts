import { awsguard, compliance, hipaa, securityHub } from "../frameworks.ts";
import { isOpen, statementsOf } from "../reading/policy-document.ts";
import { at, listAt, textAt } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";

const tables = ["aws:dynamodb/table:Table"];

export const deletionProtection = resourceRule({
  id: "ddb-deletion-protection",
  service: "DynamoDB",
  description: "Tables must have deletion protection.",
  reason: "Keeping a resource out of Pulumi's reach does not stop DeleteTable.",
  fix: "set deletionProtectionEnabled: true.",
  severity: "critical",
  level: "mandatory-in-production",
  exemptible: "to-remove",
  frameworks: [
    ...securityHub("DynamoDB.6"),
    ...compliance("aws.dynamodb.Table.deleteProtectionEnabled"),
  ],
  types: tables,
  judge({ props }, report) {
    const enabled = at(props, "deletionProtectionEnabled");
    if (enabled !== true) report("deletionProtectionEnabled", enabled, "true");
  },
  remediate(props) {
    props.deletionProtectionEnabled = true;
  },
});

export const sseCmk = resourceRule({
  id: "ddb-sse-cmk",
  service: "DynamoDB",
  description: "Tables must be encrypted with a customer-managed key.",
  reason: "Only a key of one's own can be audited, restricted to a tenant and revoked.",
  fix: "set serverSideEncryption: { enabled: true, kmsKeyArn } with the tenant's key.",
  severity: "high",
  level: "mandatory-in-production",
  frameworks: [...hipaa("164.312(a)(2)(iv)"), ...awsguard("dynamodb-table-encryption-enabled")],
  types: tables,
  judge({ props }, report) {
    const enabled = at(props, "serverSideEncryption.enabled");
    if (enabled !== true) return report("serverSideEncryption.enabled", enabled, "true");
    // Enabled without a key means the AWS-managed one.
    const key = textAt(props, "serverSideEncryption.kmsKeyArn");
    if (!key || key.endsWith("alias/aws/dynamodb"))
      report("serverSideEncryption.kmsKeyArn", key, "the ARN of a customer-managed key");
  },
});

export const replicaParity = resourceRule({
  id: "ddb-replica-parity",
  service: "DynamoDB",
  description: "Replicas must be as well protected as their table.",
  reason:
    "Recovery, deletion protection and keys are set per region: a replica starts without them.",
  fix: "repeat pointInTimeRecovery, deletionProtectionEnabled, kmsKeyArn on the replica, and set propagateTags.",
  severity: "high",
  level: "mandatory",
  frameworks: [],
  types: [...tables, "aws:dynamodb/tableReplica:TableReplica"],
  judge({ type, props }, report) {
    if (!tables.includes(type)) {
      // The table may belong to another stack, so nothing less than everything will do.
      for (const flag of ["pointInTimeRecovery", "deletionProtectionEnabled"])
        if (at(props, flag) !== true) report(flag, at(props, flag), "true");
      return;
    }
    const required = [
      at(props, "pointInTimeRecovery.enabled") === true && "pointInTimeRecovery",
      at(props, "deletionProtectionEnabled") === true && "deletionProtectionEnabled",
      at(props, "tags") !== undefined && "propagateTags",
    ].filter((flag) => flag !== false);
    const ownKey = at(props, "serverSideEncryption.kmsKeyArn") !== undefined;
    for (const [index, replica] of listAt(props, "replicas").entries()) {
      for (const flag of required)
        if (at(replica, flag) !== true)
          report(`replicas.${index}.${flag}`, at(replica, flag), "true");
      if (ownKey && at(replica, "kmsKeyArn") === undefined)
        report(`replicas.${index}.kmsKeyArn`, undefined, "a key in the replica's region");
    }
  },
});

export const resourcePolicy = resourceRule({
  id: "ddb-resource-policy",
  service: "DynamoDB",
  description: "Resource policies must not open a table to everybody nor allow every action.",
  reason: "A resource policy grants access beside every role, from any account it names.",
  fix: "name the principals, and the actions one by one.",
  severity: "critical",
  level: "mandatory",
  frameworks: hipaa("164.312(a)(1)"),
  types: ["aws:dynamodb/resourcePolicy:ResourcePolicy"],
  judge({ props }, report) {
    const statements = statementsOf(at(props, "policy"));
    for (const statement of statements) {
      const { label, effect, actions, notActions } = statement;
      if (isOpen(statement, statements))
        report(`policy ${label} Principal`, "*", "named principals");
      const broad =
        notActions.length > 0
          ? "NotAction"
          : actions.find((name) => /^(\*|dynamodb:\*)$/i.test(name));
      if (effect === "Allow" && broad) report(`policy ${label} Action`, broad, "named actions");
    }
  },
});
