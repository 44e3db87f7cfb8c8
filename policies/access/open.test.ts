import { describe, expect, test } from "vitest";
import { rules } from "../rules.ts";
import { objections, resource, testRule } from "../testing.ts";
import { openByNature, policyHolders, policyPath } from "./holders.ts";
import { policyOpen } from "./open.ts";
import { sharedWithAll } from "./shared.ts";

const policy = (Principal: unknown, Condition: object = {}) =>
  JSON.stringify({
    Statement: { Effect: "Allow", Principal, Action: "x:*", Resource: "*", Condition },
  });

/** `details.policy` is a policy in a block. */
const holding = (type: string, text: string) => {
  const [first = "", second] = policyPath({ type }).split(".");
  return resource(type, { [first]: second === undefined ? text : { [second]: text } });
};

describe.each(policyHolders.filter((type) => !openByNature.includes(type)))("%s", (type) => {
  const opens = (text: string) =>
    rules
      .filter((rule) => rule.types.includes(type) && /open|principal|resource-policy/.test(rule.id))
      .flatMap((rule) => objections(rule, [holding(type, text)]))
      .filter((property) => property.endsWith("Principal"));

  test("must not let everybody in", () => {
    expect(opens(policy("*"))).toEqual([`${policyPath({ type })} statement 0 Principal`]);
    expect(
      opens(policy({ AWS: "*" }, { StringLike: { "aws:PrincipalOrgID": "o-*" } })),
    ).toHaveLength(1);
  });

  test("may let in whom a condition pins", () => {
    const pinned = { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } };
    expect(opens(policy("*", pinned))).toEqual([]);
    expect(opens(policy({ AWS: "123456789012" }))).toEqual([]);
  });
});

const domain = "aws:opensearch/domain:Domain";
testRule(policyOpen, {
  passes: {
    "a domain in a network": [
      resource(domain, { accessPolicies: policy("*"), vpcOptions: { subnetIds: ["subnet-1"] } }),
    ],
    "a file system that is reached inside its network": [
      resource("aws:efs/fileSystemPolicy:FileSystemPolicy", {
        policy: policy("*", { Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" } }),
      }),
    ],
  },
  objects: {
    "a domain is open to the internet": [
      [resource(domain, { accessPolicies: policy("*") })],
      "accessPolicies statement 0 Principal",
    ],
  },
});

const layer = (props: object) => [
  resource("aws:lambda/layerVersionPermission:LayerVersionPermission", { ...props }),
];
testRule(sharedWithAll, {
  passes: {
    "one account": layer({ principal: "123456789012" }),
    "an organisation": layer({ principal: "*", organizationId: "o-a1b2c3d4e5" }),
    "a bus for an organisation": [
      resource("aws:cloudwatch/eventPermission:EventPermission", {
        principal: "*",
        condition: { key: "aws:PrincipalOrgID", type: "StringEquals", value: "o-a1b2c3d4e5" },
      }),
    ],
  },
  objects: {
    "a layer is everybody's": [layer({ principal: "*" }), "principal"],
    "its organisation is none": [layer({ principal: "*", organizationId: "" }), "principal"],
    "a bus is everybody's": [
      [resource("aws:cloudwatch/eventPermission:EventPermission", { principal: "*" })],
      "principal",
    ],
    "an endpoint service is everybody's": [
      [
        resource("aws:ec2/vpcEndpointServiceAllowedPrinciple:VpcEndpointServiceAllowedPrinciple", {
          principalArn: "*",
        }),
      ],
      "principalArn",
    ],
  },
});
