/**
 * Ids of lists that rules cover without carrying them, and why the rest is covered by none: cdk-nag's packs for NIST
 * 800-53 and PCI DSS, checkov and Prowler. A checkov id says nothing of what it is about; `checkov-types.json` does.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, textAt } from "../../policies/reading/read.ts";
import type { Framework } from "../../policies/rule.ts";
import { cdkNag } from "./cdk-nag.ts";
import { rules } from "./coverage.ts";
import { published } from "./published.ts";

/** Of ids with this reason the document gives the number alone. */
export const elsewhere = "of a service that no component uses";

export interface OtherList {
  readonly title: string;
  readonly name: Framework["name"];
  readonly ids: readonly string[];
  /** Ids by the rules that cover them. */
  readonly covered: ReadonlyMap<string, readonly string[]>;
  /** The rest, by reason. */
  readonly uncovered: ReadonlyMap<string, readonly string[]>;
}

/** `ddb-pitr: ids that it covers`. */
const prowler: Readonly<Record<string, string>> = {
  "alarm-action":
    "cloudwatch_alarm_actions_alarm_state_configured cloudwatch_alarm_actions_enabled",
  "api-access-log": "apigatewayv2_api_access_logging_enabled",
  "api-authorizer": "apigateway_restapi_authorizers_enabled apigatewayv2_api_authorizers_enabled",
  "api-cache-encrypted": "apigateway_restapi_cache_encrypted",
  "api-client-cert": "apigateway_restapi_client_certificate_enabled",
  "api-execution-log": "apigateway_restapi_logging_enabled",
  "api-waf": "apigateway_restapi_waf_acl_attached",
  "api-waf-groups": "wafv2_webacl_managed_rule_groups_enabled",
  "api-waf-log": "wafv2_webacl_logging_enabled",
  "api-waf-metrics": "wafv2_webacl_rule_logging_enabled",
  "api-waf-rules": "wafv2_webacl_with_rules",
  "api-xray": "apigateway_restapi_tracing_enabled",
  "cog-deletion-protection": "cognito_user_pool_deletion_protection_enabled",
  "cog-enumeration": "cognito_user_pool_client_prevent_user_existence_errors",
  "cog-invite-only": "cognito_user_pool_self_registration_disabled",
  "cog-mfa": "cognito_user_pool_mfa_enabled",
  "cog-no-guest": "cognito_identity_pool_guest_access_disabled",
  "cog-password":
    "cognito_user_pool_password_policy_lowercase cognito_user_pool_password_policy_number cognito_user_pool_password_policy_symbol cognito_user_pool_password_policy_uppercase cognito_user_pool_temporary_password_expiration",
  "cog-recovery": "cognito_user_pool_account_recovery_sms_not_preferred",
  "cog-revocation": "cognito_user_pool_client_token_revocation_enabled",
  "cog-risk":
    "cognito_user_pool_blocks_compromised_credentials_sign_in_attempts cognito_user_pool_blocks_potential_malicious_sign_in_attempts",
  "cog-threat": "cognito_user_pool_advanced_security_enabled",
  "ddb-backup-plan": "dynamodb_table_protected_by_backup_plan",
  "ddb-capacity-autoscaled": "dynamodb_table_autoscaling_enabled",
  "ddb-deletion-protection": "dynamodb_table_deletion_protection_enabled",
  "ddb-pitr": "dynamodb_tables_pitr_enabled",
  "ddb-sse-cmk": "dynamodb_tables_kms_cmk_encryption_enabled",
  "fn-async-destination": "awslambda_function_no_dead_letter_queue",
  "fn-env-cmk": "awslambda_function_env_vars_not_encrypted_with_cmk",
  "fn-env-secrets": "awslambda_function_no_secrets_in_variables",
  "fn-permission-source": "awslambda_function_not_publicly_accessible",
  "fn-runtime": "awslambda_function_using_supported_runtimes",
  "fn-url-auth": "awslambda_function_url_public",
  "fn-vpc": "awslambda_function_inside_vpc awslambda_function_vpc_multi_az",
  "iam-no-admin":
    "iam_aws_attached_policy_no_administrative_privileges iam_customer_attached_policy_no_administrative_privileges iam_customer_unattached_policy_no_administrative_privileges iam_inline_policy_no_administrative_privileges iam_role_administratoraccess_policy",
  "iam-managed":
    "bedrock_full_access_policy_attached iam_policy_cloudshell_admin_not_attached iam_role_cross_account_readonlyaccess_policy",
  "iam-star-action":
    "iam_inline_policy_no_full_access_to_cloudtrail iam_inline_policy_no_full_access_to_kms iam_policy_no_full_access_to_cloudtrail iam_policy_no_full_access_to_kms",
  "kms-rotation": "kms_cmk_rotation_enabled",
  "log-cmk": "cloudwatch_log_group_kms_encryption_enabled",
  "log-retention": "cloudwatch_log_group_retention_policy_specific_days_enabled",
  "net-endpoint-policy": "vpc_endpoint_connections_trust_boundaries",
  "policy-foreign": "eventbridge_schema_registry_cross_account_access",
  "policy-open": "secretsmanager_has_restrictive_resource_policy",
  "policy-shared": "vpc_endpoint_services_allowed_principals_trust_boundaries",
  "s3-access-log":
    "cloudtrail_logs_s3_bucket_access_logging_enabled s3_bucket_server_access_logging_enabled",
  "s3-lifecycle": "s3_bucket_lifecycle_enabled",
  "s3-no-acl": "s3_bucket_public_list_acl s3_bucket_public_write_acl",
  "s3-object-lock": "s3_bucket_object_lock",
  "s3-owner-enforced": "s3_bucket_acl_prohibited",
  "s3-policy-principal": "s3_bucket_policy_public_write_access s3_bucket_public_access",
  "s3-public-block":
    "cloudtrail_logs_s3_bucket_is_not_publicly_accessible s3_bucket_level_public_access_block",
  "s3-replication": "s3_bucket_cross_region_replication",
  "s3-sse-kms": "s3_bucket_default_encryption s3_bucket_kms_encryption",
  "s3-tls-only": "s3_bucket_secure_transport_policy",
  "s3-versioning": "s3_bucket_object_versioning",
  "sqs-encrypted": "sqs_queues_server_side_encryption_enabled",
  "sqs-policy-principal": "sqs_queues_not_publicly_accessible",
  "vault-cmk": "backup_recovery_point_encrypted backup_vaults_encrypted",
};

const checkov: Readonly<Record<string, string>> = {
  "alarm-action": "CKV_AWS_319",
  "api-access-log": "CKV_AWS_76",
  "api-authorizer": "CKV2_AWS_70 CKV_AWS_59 CKV_AWS_309",
  "api-cache-encrypted": "CKV_AWS_308",
  "api-client-cert": "CKV2_AWS_51",
  "api-data-trace": "CKV_AWS_276",
  "api-execution-log": "CKV2_AWS_4",
  "api-tls": "CKV_AWS_206",
  "api-validation": "CKV2_AWS_53",
  "api-waf": "CKV2_AWS_29",
  // The group of known bad inputs holds the rule against Log4j's lookups.
  "api-waf-groups": "CKV2_AWS_77 CKV_AWS_192",
  "api-waf-log": "CKV2_AWS_31 CKV_AWS_176",
  "api-waf-rules": "CKV_AWS_175",
  "api-xray": "CKV_AWS_73",
  "cog-no-guest": "CKV_AWS_366",
  "ddb-capacity-autoscaled": "CKV2_AWS_16",
  "ddb-pitr": "CKV_AWS_28",
  "ddb-replica-parity": "CKV_AWS_271",
  "ddb-sse-cmk": "CKV_AWS_119",
  "fn-async-destination": "CKV_AWS_116",
  "fn-code-signing": "CKV_AWS_272",
  "fn-concurrency": "CKV_AWS_115",
  "fn-env-cmk": "CKV_AWS_173",
  "fn-env-secrets": "CKV_AWS_45",
  "fn-permission-source": "CKV_AWS_301 CKV_AWS_364",
  "fn-runtime": "CKV_AWS_363",
  "fn-tracing": "CKV_AWS_50",
  "fn-url-auth": "CKV_AWS_258",
  "fn-vpc": "CKV_AWS_117",
  "iam-managed": "CKV2_AWS_56",
  "iam-no-admin": "CKV_AWS_1 CKV_AWS_62 CKV_AWS_274 CKV_AWS_275",
  "iam-star-action": "CKV2_AWS_40 CKV_AWS_49 CKV_AWS_63",
  "iam-trust": "CKV_AWS_60 CKV_AWS_61 CKV_AWS_358 CKV_AWS_393",
  "iam-users": "CKV_AWS_273",
  "kms-enabled": "CKV_AWS_227",
  "kms-lockout": "CKV_AWS_33",
  "kms-rotation": "CKV_AWS_7",
  "log-cmk": "CKV_AWS_158",
  "log-retention": "CKV_AWS_66 CKV_AWS_338",
  "policy-foreign": "CKV_AWS_385",
  "policy-open": "CKV_AWS_283",
  "s3-access-log": "CKV_AWS_18",
  "s3-access-point-block": "CKV_AWS_392",
  "s3-lifecycle": "CKV2_AWS_61 CKV_AWS_300",
  "s3-no-acl": "CKV2_AWS_43 CKV_AWS_20 CKV_AWS_57 CKV_AWS_375",
  "s3-object-lock": "CKV_AWS_143",
  "s3-owner-enforced": "CKV2_AWS_65",
  "s3-policy-principal": "CKV_AWS_70",
  "s3-public-block": "CKV2_AWS_6",
  "s3-public-block-flags": "CKV_AWS_53 CKV_AWS_54 CKV_AWS_55 CKV_AWS_56",
  "s3-replication": "CKV_AWS_144",
  "s3-sse-kms": "CKV_AWS_19 CKV_AWS_145",
  "s3-tls-only": "CKV_AWS_379",
  "s3-versioning": "CKV_AWS_21",
  "sqs-encrypted": "CKV_AWS_27",
  "sqs-policy-principal": "CKV_AWS_168 CKV_AWS_387",
  "trail-logging": "CKV_AWS_251",
  "vault-cmk": "CKV_AWS_166",
};

const nag: Readonly<Record<string, string>> = {
  "api-waf": "NIST.800.53.R5-APIGWAssociatedWithWAF PCI.DSS.321-APIGWAssociatedWithWAF",
  "kms-rotation":
    "NIST.800.53.R5-KMSBackingKeyRotationEnabled PCI.DSS.321-KMSBackingKeyRotationEnabled",
};

/** Reasons of single ids, where what they begin with would say too little. */
const ownReasons: readonly (readonly [reason: string, ids: string])[] = [
  [
    "a trail of the account, which whoever owns it keeps: ours records one tenant's data, in its region",
    "CKV_AWS_67 awslambda_function_invoke_api_operations_cloudtrail_logging_enabled cloudtrail_bedrock_logging_enabled cloudtrail_multi_region_enabled cloudtrail_multi_region_enabled_logging_management_events cloudtrail_s3_dataevents_read_enabled cloudtrail_s3_dataevents_write_enabled",
  ],
  [
    "only the root user can ask for it, by hand, with its device",
    "cloudtrail_bucket_requires_mfa_delete s3_bucket_no_mfa_delete",
  ],
  ["alarms read the trail's logs (`trail-logs`)", "CKV_AWS_252"],
  [
    "Pulumi makes the new one before the old one goes, unless it is told otherwise",
    "CKV_AWS_217 CKV_AWS_233 CKV_AWS_237",
  ],
  [
    "asks for a cache at the gateway, which would keep users' answers outside the table; `api-cache-encrypted` judges one",
    "CKV_AWS_120 CKV_AWS_225",
  ],
  [
    "the API is for the internet; `api-authorizer` asks who calls, `api-waf` what",
    "apigateway_restapi_public apigateway_restapi_public_with_authorizer",
  ],
  [
    "a key exchange that few clients speak yet; `api-tls` takes AWS's policies with it and without",
    "apigateway_domain_name_pqc_tls_enabled",
  ],
  [
    "gap: a customer-managed key is asked for by the rules on data, logs and backups, not here, where a service passes it on",
    "CKV2_AWS_73 CKV_AWS_241 CKV_AWS_294 CKV_AWS_337",
  ],
  [
    "gap: what the account's own principals may do by a queue's policy is judged where a service is named (`iam-service-actions`)",
    "CKV_AWS_72",
  ],
  [
    "gap: 12 characters are asked for (`cog-password`, `length`)",
    "cognito_user_pool_password_policy_minimum_length_14",
  ],
  [
    "a team's choice: a pool's firewall is `auth.webAclArn`, made elsewhere",
    "cognito_user_pool_waf_acl_attached",
  ],
  [
    "a team's choice: a vendor's layer is of the vendor's account",
    "awslambda_function_using_cross_account_layers",
  ],
  ["a copy of a key in another region is what a table's replicas need", "kms_cmk_not_multi_region"],
  [
    "the state of what is deployed, which no program shows",
    "kms_cmk_not_deleted_unintentionally acm_certificates_expiration_check iam_check_saml_providers_sts s3_bucket_object_public s3_bucket_shadow_resource_vulnerability route53_dangling_ip_subdomain_takeover",
  ],
  [
    "AWS's default, which no component changes",
    "CKV2_AWS_64 CKV_AWS_234 acm_certificates_transparency_logs_enabled acm_certificates_with_secure_key_algorithms",
  ],
  ["a wildcard certificate is a team's choice", "CKV2_AWS_71"],
  [
    "no component makes a secret; who owns one decides when it rotates",
    "CKV2_AWS_57 CKV_AWS_304 secretsmanager_automatic_rotation_enabled secretsmanager_secret_rotated_periodically",
  ],
  ["nobody reads a bucket's events here", "CKV2_AWS_62 s3_bucket_event_notifications_enabled"],
  ["objects that a program uploads; components upload none", "CKV_AWS_181 CKV_AWS_186"],
  ["a text for people", "CKV_AWS_23"],
  [
    "what uses a group, or backs up disks: no component makes those",
    "CKV2_AWS_5 CKV2_AWS_9 CKV2_AWS_18",
  ],
  [
    "a value sent over HTTP by the provider of that name, which no program here uses",
    "CKV2_AWS_36",
  ],
  ["the provider refuses one without", "CKV_AWS_342"],
  ["global tables of the version of 2017, which no component makes", "CKV_AWS_165"],
  [
    "databases in Athena itself: a component's are in Glue, their files in an encrypted bucket",
    "CKV_AWS_77",
  ],
  [
    "NAT gateways stand in the public subnets of a network with a way out, and no machine",
    "CKV_AWS_130 vpc_subnet_no_public_ip_by_default",
  ],
  ["about the default VPC, which no component makes", "CKV_AWS_148"],
  [
    "about endpoint services, which no component offers; `policy-shared` judges whom they are shared with",
    "CKV_AWS_123",
  ],
  [
    "zones and domains, which a team brings along",
    "CKV2_AWS_23 CKV2_AWS_38 CKV2_AWS_39 CKV_AWS_377",
  ],
  ["nothing here calls EC2", "vpc_endpoint_for_ec2_enabled"],
  [
    "gap: how subnets, routes and endpoints lie in zones and networks is judged for functions alone (`fn-vpc`)",
    "vpc_endpoint_multi_az_enabled vpc_subnet_different_az vpc_subnet_separate_private_public",
  ],
  [
    "about peering, VPN and other regions of the account's network, which no component makes",
    "vpc_different_regions vpc_peering_routing_tables_with_least_privilege vpc_vpn_connection_tunnels_up",
  ],
  [
    "what a company may buy is its own list",
    "iam_inline_policy_no_wildcard_marketplace_subscribe iam_policy_no_wildcard_marketplace_subscribe",
  ],
  [
    "the config refuses models in a network without an endpoint or a way out",
    "bedrock_vpc_endpoints_configured",
  ],
  [
    "keys of IAM users, whom `iam-users` refuses",
    "bedrock_api_key_no_administrative_privileges bedrock_api_key_no_long_term_credentials",
  ],
  [
    "logs of all models of an account and region, which hold conversations: whoever owns the account decides",
    "bedrock_model_invocation_logging_enabled bedrock_model_invocation_logging_text_data_enabled bedrock_model_invocation_logs_encryption_enabled",
  ],
  [
    "a setting of the account, which whoever owns it makes once",
    "cloudwatch_cross_account_sharing_disabled s3_account_level_public_access_blocks CKV_AWS_94",
  ],
];

/** Reasons, by what an id, or the type that it is about, begins with. The first that fits counts. */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /^iam_(root|no_root|avoid_root|password|securityaudit|support|no_expired)|^aws_iam_account|^account_|^organizations_/,
    "a setting of the account, which whoever owns it makes once",
  ],
  [
    /^iam_(user|group|administrator|rotate|policy_attached|customer)|^aws_iam_(user|group|access_key)/,
    "about IAM users and groups, whom `iam-users` refuses",
  ],
  [
    /_unused$|_are_used$|unattached|stale|_exist$|_without_findings|access_not_stale/,
    "about use, which no program shows",
  ],
  [
    /^cloudwatch_(log_metric|changes)/,
    "asks for an alarm on a metric filter of the account's trail",
  ],
  [
    /secrets_in_(code|logs|layer|content)|no_secrets_in/,
    "reads what was uploaded or written, which no program shows",
  ],
  [/^cloudtrail_threat/, "reads the events of a trail, which no program shows"],
  [
    /^(accessanalyzer|config|guardduty|inspector2|macie|securityhub|shield|trustedadvisor|fms|wellarchitected|resourceexplorer2|ssmincidents|drs|directconnect)_|^aws_(guardduty|securityhub|config|inspector|macie)/,
    "a service that watches the account; whoever owns it turns it on once",
  ],
  [
    /^bedrock_|agentcore/,
    "Bedrock's agents, guardrails, prompts and models of one's own: components ask AWS's models alone",
  ],
  [/^kms_key_enclave/, "about Nitro Enclaves, which no component uses"],
  [/^waf_/, "AWS WAF Classic, which AWS has ended"],
  [/^dynamodb_accelerator/, "clusters of DAX, which no component makes"],
  [/^eventbridge_global/, "event buses across regions, which no component makes"],
  [
    /^glue_|^aws_glue/,
    "Glue's jobs, connections and catalog as a whole: components make one database and its tables",
  ],
  [/^ssm_|^aws_ssm/, "documents and patches of Systems Manager, which no component makes"],
  [/^route53_/, "zones and domains, which a team brings along"],
  [
    /^(apigateway|apigatewayv2|athena|awslambda|backup|bedrock|cloudtrail|cloudwatch|cognito|dynamodb|eventbridge|firehose|glue|iam|kms|s3|secretsmanager|sns|sqs|ssm|vpc|waf|wafv2|route53|acm)_|^aws_(api_gateway|apigatewayv2|athena|lambda|backup|cloudtrail|cloudwatch|cognito|dynamodb|kinesis_firehose|glue|iam|kms|s3|secretsmanager|sns|sqs|ssm|vpc|wafv2|waf|default|security_group|subnet|flow|acm|route53)/,
    "of a service that we use, and of a setting that no component makes or no rule has taken up",
  ],
  [/^$/, "about several types, or about the file it is written in"],
  [/./, elsewhere],
];

const ownReason = (id: string): string | undefined =>
  ownReasons.find(([, ids]) => ids.split(" ").includes(id))?.[0];

const whyNot = (subject: string): string =>
  reasons.find(([pattern]) => pattern.test(subject))?.[1] ?? "";

function listOf(
  title: string,
  name: Framework["name"],
  belongs: (id: string) => boolean,
  byRule: Readonly<Record<string, string>>,
  subjectOf: (id: string) => string,
  namesake: (id: string) => readonly string[] = () => [],
): OtherList {
  const ids = (published[name]?.ids ?? []).filter(belongs);
  const carried = (id: string) =>
    rules
      .filter(({ frameworks }) => frameworks.some((one) => one.name === name && one.id === id))
      .map((rule) => rule.id);
  const named = (id: string) =>
    Object.keys(byRule).filter((rule) => byRule[rule]?.split(" ").includes(id));
  const all = ids.map(
    (id) => [id, [...new Set([...carried(id), ...named(id), ...namesake(id)])]] as const,
  );
  const open = all.filter(([, by]) => by.length === 0).map(([id]) => id);
  return {
    title,
    name,
    ids,
    covered: new Map(all.filter(([, by]) => by.length > 0)),
    uncovered: Map.groupBy(
      open,
      (id) => whyOfNamesake(id) ?? ownReason(id) ?? whyNot(subjectOf(id)),
    ),
  };
}

/** A rule of one pack asks what its namesake of the pack for HIPAA asks. */
const hipaaName = (id: string): string =>
  id.replace(/^(NIST\.800\.53\.R5|PCI\.DSS\.321)-/, "HIPAA.Security-");

const controlOf = (id: string) =>
  hipaaName(id) === id ? undefined : cdkNag.find((control) => control.id === hipaaName(id));

const whyOfNamesake = (id: string): string | undefined => controlOf(id)?.why;

const namesakes = (id: string): readonly string[] => [
  ...rules
    .filter(({ frameworks }) =>
      frameworks.some((one) => one.name === "cdk-nag" && one.id === hipaaName(id)),
    )
    .map((rule) => rule.id),
  ...(controlOf(id)?.by ?? []),
];

const types: unknown = JSON.parse(
  readFileSync(join(import.meta.dirname, "published/checkov-types.json"), "utf8"),
);
const typesById = isObject(types) && isObject(types.types) ? types.types : {};

const pack = (title: string, prefix: string): OtherList =>
  listOf(
    title,
    "cdk-nag",
    (id) => id.startsWith(prefix),
    nag,
    (id) => id,
    namesakes,
  );

export const otherLists: readonly OtherList[] = [
  pack("cdk-nag's pack for NIST 800-53 revision 5", "NIST.800.53.R5-"),
  pack("cdk-nag's pack for PCI DSS 3.2.1", "PCI.DSS.321-"),
  listOf(
    "checkov",
    "checkov",
    () => true,
    checkov,
    (id) => textAt(typesById, [id]) ?? "",
  ),
  listOf(
    "Prowler",
    "Prowler",
    () => true,
    prowler,
    (id) => id,
  ),
];

/** Ids that have a reason of their own, for a test that each is in a list and covered by no rule. */
export const excused: readonly string[] = ownReasons.flatMap(([, ids]) => ids.split(" "));

/** Rules and ids that the tables above name, for a test that there are such. */
export const named: readonly (readonly [rule: string, name: Framework["name"], id: string])[] = (
  [
    ["cdk-nag", nag],
    ["checkov", checkov],
    ["Prowler", prowler],
  ] as const
).flatMap(([name, table]) =>
  Object.entries(table).flatMap(([rule, ids]) =>
    ids.split(" ").map((id) => [rule, name, id] as const),
  ),
);
