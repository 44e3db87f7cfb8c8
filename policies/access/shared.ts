import { hipaa, prowler } from "../frameworks.ts";
import { textAt } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";

/** Permissions to everybody that are a property, not a policy. */
export const sharedWithAll = resourceRule({
  id: "policy-shared",
  service: "Resource policies",
  description: "Layers, event buses and endpoint services must not be shared with everybody.",
  reason: "Whoever has an AWS account could read the code, send events or connect.",
  fix: "name an account as principal, or everybody in an organisation (organizationId, condition).",
  severity: "critical",
  level: "mandatory",
  frameworks: [...prowler("eventbridge_bus_exposed"), ...hipaa("164.312(a)(1)")],
  types: [
    "aws:lambda/layerVersionPermission:LayerVersionPermission",
    "aws:cloudwatch/eventPermission:EventPermission",
    "aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple",
  ],
  judge({ props }, report) {
    const organization = textAt(props, "organizationId") ?? textAt(props, "condition.value");
    for (const property of ["principal", "principalArn"])
      if (textAt(props, property) === "*" && !/^o-[a-z\d]+$/i.test(organization ?? ""))
        report(property, "*", "an account, or an organisation");
  },
});
