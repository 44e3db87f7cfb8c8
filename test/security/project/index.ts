import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Puts a secret wherever a policy could trip over it, and breaks a rule with each resource. */
export default function program(): void {
  const password = new pulumi.Config("secretive").requireSecret("password");
  const text = pulumi.interpolate`before ${password} after`;
  new aws.dynamodb.Table("chat", {
    billingMode: "PAY_PER_REQUEST",
    hashKey: "pk",
    attributes: [{ name: "pk", type: "S" }],
    tags: { "chatstack:tenant": "acme", password },
  });
  const role = new aws.iam.Role("role", {
    assumeRolePolicy: pulumi.jsonStringify({
      Statement: [{ Sid: text, Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" }],
    }),
    inlinePolicies: [
      {
        name: "everything",
        policy: pulumi.jsonStringify({
          Statement: [{ Sid: text, Effect: "Allow", Action: "*", Resource: password }],
        }),
      },
    ],
  });
  new aws.lambda.Function("fn", {
    role: role.arn,
    runtime: "nodejs18.x",
    handler: "index.handler",
    code: new pulumi.asset.AssetArchive({ "index.js": new pulumi.asset.StringAsset("x") }),
    environment: { variables: { PASSWORD: password, DATABASE_URL: text } },
  });
  new aws.s3.Bucket("bucket", { bucket: password });
  new aws.sqs.Queue("queue", {
    policy: pulumi.jsonStringify({
      Statement: [{ Sid: text, Effect: "Allow", Principal: "*", Action: "sqs:*", Resource: text }],
    }),
  });
  new aws.cognito.UserPoolClient("client", { userPoolId: "pool", callbackUrls: [text] });
}
