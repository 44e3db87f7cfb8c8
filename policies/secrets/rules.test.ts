import { resource, testRule } from "../testing.ts";
import { parameterSecure, secretCmk, secretPublic } from "./rules.ts";

const secret = (props: object) => [resource("aws:secretsmanager/secret:Secret", { ...props })];
testRule(secretCmk, {
  passes: { "a key": secret({ kmsKeyId: "alias/acme" }) },
  objects: {
    "AWS's own key": [secret({ kmsKeyId: "alias/aws/secretsmanager" }), "kmsKeyId"],
    "the key is absent": [secret({}), "kmsKeyId"],
  },
});

const policy = (props: object) => [
  resource("aws:secretsmanager/secretPolicy:SecretPolicy", { ...props }),
];
testRule(secretPublic, {
  passes: { "a policy that AWS checks": policy({ blockPublicPolicy: true }) },
  objects: {
    "the check is off": [policy({ blockPublicPolicy: false }), "blockPublicPolicy"],
    "the check is absent": [policy({}), "blockPublicPolicy"],
  },
});

const parameter = (props: object) => [resource("aws:ssm/parameter:Parameter", { ...props })];
testRule(parameterSecure, {
  passes: {
    "a secret, encrypted": parameter({
      type: "SecureString",
      name: "/acme/db-password",
      value: "x",
    }),
    "a plain setting": parameter({ type: "String", name: "/acme/level", value: "info" }),
  },
  objects: {
    "a secret by its name is plain": [
      parameter({ type: "String", name: "/acme/db-password", value: "x" }),
      "type",
    ],
    "a secret by its value is plain": [
      parameter({ type: "String", name: "/acme/db", value: "postgres://a:hunter2@db" }),
      "type",
    ],
  },
});
