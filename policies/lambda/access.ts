import { checkov, compliance, nag, prowler, securityHub } from "../frameworks.ts";
import { isUnnamed } from "../reading/arn.ts";
import { judgeOrigin } from "../reading/origin.ts";
import { at, textAt, textsAt } from "../reading/read.ts";
import type { Report } from "../rule.ts";
import { resourceRule } from "../rule.ts";

export const urlAuth = resourceRule({
  id: "fn-url-auth",
  service: "Lambda",
  description: "Function URLs must ask for IAM credentials.",
  reason: "An open URL bypasses the API's authorizer, throttle, firewall and access log.",
  fix: 'set authorizationType: "AWS_IAM", or remove the URL and use the API.',
  severity: "critical",
  level: "mandatory",
  frameworks: [...nag("LambdaFunctionUrlAuth"), ...securityHub("Lambda.1")],
  types: ["aws:lambda/functionUrl:FunctionUrl"],
  judge({ props }, report) {
    const type = at(props, "authorizationType");
    if (type !== "AWS_IAM") report("authorizationType", type, "AWS_IAM");
  },
  remediate(props) {
    props.authorizationType = "AWS_IAM";
  },
});

export const urlCors = resourceRule({
  id: "fn-url-cors",
  service: "Lambda",
  description: "Function URLs must name the origins that browsers may call from.",
  reason:
    "With any origin allowed, every website a user visits may call the function in his browser.",
  fix: "list the web app's https:// origins in cors.allowOrigins.",
  severity: "medium",
  level: "mandatory-in-production",
  frameworks: [...prowler("awslambda_function_url_cors_policy"), ...checkov("CKV2_AWS_75")],
  types: ["aws:lambda/functionUrl:FunctionUrl"],
  judge({ props }, report) {
    for (const origin of textsAt(props, "cors.allowOrigins"))
      judgeOrigin("cors.allowOrigins", origin, report);
  },
});

const invocations = ["lambda:InvokeFunction", "lambda:InvokeFunctionUrl"];

export const permissionSource = resourceRule({
  id: "fn-permission-source",
  service: "Lambda",
  description: "Permissions must say who may invoke, and from where.",
  reason:
    "A service acts for every AWS customer: without a source, anybody's API or bucket may invoke the function as if it were the tenant's own.",
  fix: "name the principal, and for a service the sourceArn of one resource (for S3 the sourceAccount as well).",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...nag("HIPAA.Security-LambdaFunctionPublicAccessProhibited"),
    ...securityHub("Lambda.1"),
    ...compliance(
      "aws.lambda.Permission.configureSourceArn",
      "aws.lambda.Function.disallowUnknownCrossAccountAccess",
    ),
  ],
  types: ["aws:lambda/permission:Permission"],
  judge({ props }, report) {
    const action = textAt(props, "action");
    if (action === undefined || !invocations.includes(action))
      report("action", action, invocations.join(" or "));
    const principal = textAt(props, "principal");
    const isOfOrganization = /^o-[a-z\d]+$/i.test(textAt(props, "principalOrgId") ?? "");
    const hasSource = ["sourceArn", "sourceAccount"].some((name) => at(props, name) !== undefined);
    if (
      principal === undefined ||
      // Whoever it is, Lambda asks for the source that the permission names.
      (principal.includes("*") && !isOfOrganization && !hasSource)
    )
      report("principal", principal, "a service, account or role");
    else if (principal.includes("*") ? !isOfOrganization : isInvokedBySource(principal, props))
      judgeSource(textAt(props, "sourceArn"), at(props, "sourceAccount"), report);
  },
});

const isInvokedBySource = (principal: string, props: unknown): boolean =>
  isService(principal) && at(props, "eventSourceToken") === undefined;

function judgeSource(arn: string | undefined, sourceAccount: unknown, report: Report): void {
  // Unnamed is whatever the account holds, other tenants' resources included.
  if (arn === undefined || isUnnamed(arn)) report("sourceArn", arn, "the ARN of one resource");
  else if (!/^\d{12}$/.test(arn.split(":")[4] ?? "") && !isAccount(sourceAccount))
    report("sourceAccount", undefined, "the account that owns the source");
}

const isAccount = (value: unknown): boolean => typeof value === "string" && /^\d{12}$/.test(value);

/** Among them Alexa's, whose principals end in `amazon.com`. */
function isService(principal: string): boolean {
  return /\.amazon(aws)?\.com(\.cn)?$/.test(principal);
}
