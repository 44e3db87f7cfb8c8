/** A control plane of tenants: administrators ask for them, pull requests add them, and a bus says what became of them. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AuthPool, ChatApi, ChatTable, DocumentBucket, EventSources } from "chatstack/components";
import type app from "./src/app.ts";

/** Secure string with a token of GitHub that may write contents and pull requests of the repository. */
const tokenParameter = "/control-plane/github-token";

export default function program() {
  const tags = { "chatstack:environment": "development", "chatstack:stack": pulumi.getStack() };
  const common = { tenant: "control", tags };
  const { accountId } = aws.getCallerIdentityOutput();
  const region = aws.getRegionOutput().region;
  // `eventBus` of cells.yaml names it; `fleet` sends what becomes of each tenant.
  const bus = new aws.cloudwatch.EventBus("tenants", { tags });
  const rule = new aws.cloudwatch.EventRule("fleet", {
    eventBusName: bus.name,
    eventPattern: JSON.stringify({ source: ["chatstack.fleet"] }),
    tags,
  });
  const table = new ChatTable("tenants", common);
  const api = new ChatApi("control", {
    ...common,
    table,
    documents: new DocumentBucket("documents", common),
    auth: new AuthPool("administrators", common),
    app: {
      entry: new URL("./src/app.ts", import.meta.url),
      environment: { REPOSITORY: "acme/tenants", TOKEN_PARAMETER: tokenParameter },
      permissions: [
        {
          Effect: "Allow",
          Action: ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
          Resource: [table.tableArn],
        },
        {
          Effect: "Allow",
          Action: ["ssm:GetParameter"],
          Resource: [
            pulumi.interpolate`arn:aws:ssm:${region}:${accountId}:parameter${tokenParameter}`,
          ],
        },
      ],
      events: EventSources.of<typeof app>({ queues: { fleet: {} } }),
    },
    transform: {
      eventQueue: {
        queuePolicy: (args) => {
          args.policy = withSender(args.policy, rule.arn);
        },
      },
    },
  });
  new aws.cloudwatch.EventTarget("fleet", {
    eventBusName: bus.name,
    rule: rule.name,
    arn: pulumi.output(api.nodes.events.queues.fleet?.queueArn ?? ""),
  });
  return { url: api.url, eventBusArn: bus.arn };
}

/** Lets the rule send to the queue (EventBridge User Guide, "Using resource-based policies", Amazon SQS permissions). */
const withSender = (
  policy: aws.sqs.QueuePolicyArgs["policy"],
  ruleArn: pulumi.Input<string>,
): pulumi.Output<string> =>
  pulumi.all([policy, ruleArn]).apply(([text, arn]) => {
    const document = JSON.parse(String(text));
    const [{ Resource }] = document.Statement;
    document.Statement.push({
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource,
      Condition: { ArnEquals: { "aws:SourceArn": arn } },
    });
    return JSON.stringify(document);
  });
