// biome-ignore-all lint/suspicious/noTemplateCurlyInString: placeholders look like templates.
import { expect, test } from "vitest";
import { judge, resource, testRule, unknown } from "../testing.ts";
import { envCmk, envSecrets, tenancyShape } from "./environment.ts";

const fn = (props: object) => resource("aws:lambda/function:Function", { ...props });
const withVariables = (variables: object) => fn({ environment: { variables } });

testRule(envSecrets, {
  passes: {
    "no environment": [fn({})],
    "plain settings": [
      withVariables({ TENANT: "acme", TABLE_NAME: "acme-chat", USER_POOL_CLIENT_IDS: "a,b" }),
    ],
    "where a secret is kept": [
      withVariables({
        DB_PASSWORD_ARN: "arn:aws:secretsmanager:eu-west-1:1:secret:db",
        API_KEY_PARAMETER: "/acme/key",
        TOKEN_TTL_SECONDS: "60",
      }),
    ],
    "what is said about a secret": [
      withVariables({
        PASSWORD_MIN_LENGTH: "12",
        TOKEN_ENDPOINT: "https://id.example.org/token",
        API_KEY_HEADER: "x-api-key",
        JWT_PUBLIC_KEY: "MIIB",
        MAX_TOKENS: "4096",
        MAX_API_KEYS: "5",
        RULES:
          '{"minPasswordLength":12,"passwordArn":"arn:aws:secretsmanager:eu-west-1:1:secret:db","secret":""}',
        PROMPT: "{never JSON}",
        PWD: "/var/task",
        ALLOW_EMPTY_PASSWORD: "yes",
        SECRET_NAME: "acme/db",
        BYPASS: "true",
        COMPASS: "north",
        KEYBOARD: "qwerty",
        PARTITION_KEY: "pk",
      }),
    ],
    "a name with no secret in it": [
      withVariables({
        DB_PASSWORD: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
        GITHUB_TOKEN: "{{resolve:secretsmanager:github}}",
        CLIENT_SECRET: "",
        DATABASE_URL: "postgres://app:${DB_PASSWORD}@db.example.org/chat",
      }),
    ],
  },
  objects: {
    ...Object.fromEntries(
      [
        "DB_PASSWORD",
        "PASSWORDS",
        "API_KEYS",
        "BASIC_AUTH",
        "apiKey",
        "GITHUB_TOKEN",
        "SIGNING_KEY",
        "CLIENT_SECRET",
        "AWS_ACCESS_KEY",
        "PGPASSWORD",
        "MYSQL_PWD",
        "DB_PASS",
        "DBPASS",
        "SMTP_PASSWD",
        "CLIENTSECRET",
        "clientSecret",
        "DJANGO_SECRET_KEY",
        "SECRET_KEY_BASE",
        "AUTHTOKEN",
        "db-password",
        "API_KEY_2",
        "DB_PASSWORD_PROD",
        "CONNECTION_STRING",
      ].map((name) => [
        `a variable is called ${name}`,
        [[withVariables({ [name]: "x" })], `environment.variables.${name}`],
      ]),
    ),
    ...Object.fromEntries(
      [
        "AKIAIOSFODNN7EXAMPLE",
        "-----BEGIN RSA PRIVATE KEY-----",
        "postgres://app:hunter2@db.example.org/chat",
        "postgresql+asyncpg://app:hunter2@db.example.org/chat",
        "jdbc:postgresql://db.example.org/chat?user=app&password=hunter2",
        "Server=db;User Id=app;Password=hunter2;",
        "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=aGVsbG8gd29ybGQ=",
        ["https://hooks.slack.com", "services", "T00000000", "B00000000", "x".repeat(24)].join("/"),
        ["glpat", "x".repeat(20)].join("-"),
        ["sk", "proj", "x".repeat(24)].join("-"),
        ["npm", "x".repeat(36)].join("_"),
        ["AIza", "x".repeat(35)].join(""),
        ["Bearer", "x".repeat(24)].join(" "),
        '{"type":"service_account","private_key":"x"}',
        '{"database":{"host":"db.example.org","password":"hunter2"}}',
        "host=db.example.org user=app password=hunter2 dbname=chat",
        "app:hunter2@tcp(db.example.org:3306)/chat",
        Buffer.from("-----BEGIN PRIVATE KEY-----").toString("base64"),
        ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0In0", "c2lnbmF0dXJl"].join("."),
      ].map((value) => [
        `a value looks like ${value.slice(0, 12)}…`,
        [[withVariables({ SETTING: value })], "environment.variables.SETTING"],
      ]),
    ),
    "a secret's value is unknown": [
      [withVariables({ DB_PASSWORD: unknown })],
      "environment.variables.DB_PASSWORD",
    ],
    "a plain setting's value is unknown": [
      [withVariables({ TABLE_NAME: unknown })],
      "cannot tell: environment.variables.TABLE_NAME",
    ],
  },
});

test("fn-env-secrets never shows a secret", () => {
  const findings = judge(envSecrets, [
    withVariables({ DB_PASSWORD: "hunter2", URL: "a://b:hunter2@c" }),
  ]);
  expect(findings).toHaveLength(2);
  expect(JSON.stringify(findings)).not.toContain("hunter2");
});

testRule(envSecrets, {
  config: { allowed: ["PASSWORD"] },
  passes: { "a name that the config allows": [withVariables({ PASSWORD: "policy" })] },
  objects: {},
});

testRule(envCmk, {
  passes: {
    "a key": [
      fn({ environment: { variables: { A: "b" } }, kmsKeyArn: "arn:aws:kms:eu-west-1:1:key/x" }),
    ],
    "no environment": [fn({})],
    "an empty environment": [withVariables({})],
  },
  objects: {
    "the key is absent": [[withVariables({ A: "b" })], "kmsKeyArn"],
    "the key is empty": [
      [fn({ environment: { variables: { A: "b" } }, kmsKeyArn: "" })],
      "kmsKeyArn",
    ],
    "the key is unknown": [
      [fn({ environment: { variables: { A: "b" } }, kmsKeyArn: unknown })],
      "cannot tell: kmsKeyArn",
    ],
  },
});

const invokedBy = (principal: string, name: string) =>
  resource("aws:lambda/permission:Permission", { principal, function: name });
const tenantFn = ({ tag = "acme", ...variables }: Record<string, unknown>, more: object = {}) =>
  fn({
    name: "chat",
    tags: { "chatstack:tenant": tag },
    environment: { variables: { TENANT: "acme", TABLE_NAME: "acme-chat", ...variables } },
    ...more,
  });

testRule(tenancyShape, {
  passes: {
    "one tenant's function": [tenantFn({})],
    "a function that a user pool calls": [
      fn({ name: "trigger", tags: { "chatstack:tenant": "acme" } }),
      invokedBy("cognito-idp.amazonaws.com", "trigger"),
    ],
    "a function that all tenants share": [
      fn({ name: "chat", tags: { "chatstack:tenant": "shared" } }),
      invokedBy("apigateway.amazonaws.com", "chat"),
    ],
    "a function of no tenant": [fn({ environment: { variables: { LEVEL: "info" } } })],
  },
  objects: {
    "it takes itself for another tenant's": [
      [tenantFn({ TENANT: "globex" })],
      "environment.variables.TENANT",
    ],
    "TENANT is absent": [
      [tenantFn({ TENANT: undefined }), invokedBy("apigateway.amazonaws.com", "chat")],
      "environment.variables.TENANT",
    ],
    "there is no environment": [
      [
        fn({ name: "chat", tags: { "chatstack:tenant": "acme" } }),
        invokedBy("apigateway.amazonaws.com", "chat"),
      ],
      "environment.variables.TENANT",
    ],
    "the tag is absent": [[withVariables({ TENANT: "acme" })], "tags.chatstack:tenant"],
    "it lists tenants": [
      [tenantFn({ tag: "acme,globex", TENANT: "acme,globex" })],
      "environment.variables.TENANT",
    ],
    "it lists tables": [
      [tenantFn({ TABLE_NAME: "acme-chat globex-chat" })],
      "environment.variables.TABLE_NAME",
    ],
    "it serves several tenants": [
      [tenantFn({}, { tenancyConfig: { tenantIsolationMode: "PER_TENANT" } })],
      "tenancyConfig.tenantIsolationMode",
    ],
    "the table is unknown": [
      [tenantFn({ TABLE_NAME: unknown })],
      "cannot tell: environment.variables.TABLE_NAME",
    ],
  },
});
