import { describe, expect, test } from "vitest";
import type { StackResource } from "../rule.ts";
import { judge, plainStack, resource, settingOf, testRule, unknown } from "../testing.ts";
import { tenantBudget, tenantRegion, tenantSingle } from "./isolation.ts";

const tenantStack = (tenant: string) =>
  resource(
    "chatstack:index:TenantStack",
    { tenant, tier: "basic", retain: "protect" },
    { name: tenant },
  );
const arnOf = (tenant: string) => `arn:aws:dynamodb:eu-west-1:1:table/${tenant}-chat`;
const tableOf = (tenant: string) =>
  resource(
    "aws:dynamodb/table:Table",
    { name: `${tenant}-chat`, arn: arnOf(tenant), tags: { "chatstack:tenant": tenant } },
    { name: `${tenant}-chat` },
  );
const acme = tenantStack("acme");
const tables = [tableOf("acme"), tableOf("globex")] as const;

/** A role policy inside acme's component, untagged as such policies are. */
const policy = (...resources: string[]) =>
  resource(
    "aws:iam/rolePolicy:RolePolicy",
    { policy: JSON.stringify({ Statement: { Effect: "Allow", Resource: resources } }) },
    { name: "acme-policy", parent: acme },
  );
const inside = (parent: StackResource, child: StackResource): StackResource => ({
  ...child,
  parent,
});

testRule(tenantSingle, {
  passes: {
    "references to one's own": [
      acme,
      ...tables,
      policy(arnOf("acme"), `${arnOf("acme")}/index/*`),
      inside(acme, settingOf(tables[0], "aws:dynamodb/tag:Tag", {}, "resourceArn")),
    ],
    "references to what is shared": [
      resource("aws:wafv2/webAcl:WebAcl", {
        arn: "arn:aws:wafv2:eu-west-1:1:webacl/all",
        tags: { "chatstack:tenant": "shared" },
      }),
      acme,
      resource("a:b:C", { webAcl: "arn:aws:wafv2:eu-west-1:1:webacl/all" }, { parent: acme }),
    ],
    "a dashboard of no tenant over all": [
      ...tables,
      resource("aws:cloudwatch/dashboard:Dashboard", {
        body: tables.map(({ props }) => props.arn).join(),
      }),
    ],
  },
  objects: {
    "an input comes from another tenant's resource": [
      [
        acme,
        ...tables,
        inside(acme, settingOf(tables[1], "aws:dynamodb/tag:Tag", {}, "resourceArn")),
      ],
      "resourceArn",
    ],
    "a policy names another tenant's ARN": [[acme, ...tables, policy(arnOf("globex"))], "policy"],
    "a policy names what lies below it": [
      [acme, ...tables, policy(`${arnOf("globex")}/index/*`)],
      "policy",
    ],
    "a setting names another tenant's table": [
      [
        acme,
        ...tables,
        resource(
          "aws:lambda/function:Function",
          { environment: { variables: { TABLE_NAME: "globex-chat" } } },
          { parent: acme },
        ),
      ],
      "environment",
    ],
    "an input does so by dependency and by name, once": [
      [
        acme,
        ...tables,
        resource(
          "a:b:C",
          { target: arnOf("globex") },
          { parent: acme, propertyDependencies: { target: [tables[1]] } },
        ),
      ],
      "target",
    ],
    "an input names both tenants' tables": [
      [
        acme,
        ...tables,
        resource(
          "a:b:C",
          { target: arnOf("globex") },
          { parent: acme, propertyDependencies: { target: [tables[0], tables[1]] } },
        ),
      ],
      "target",
    ],
    "a tagged resource names it": [
      [
        ...tables,
        resource("a:b:C", { target: arnOf("globex"), tags: { "chatstack:tenant": "acme" } }),
      ],
      "target",
    ],
  },
});

const provider = (region: string) => ({
  provider: { props: { region } },
});
const located = (props: object, home?: string) =>
  resource("aws:dynamodb/table:Table", { ...props }, home ? provider(home) : {});

testRule(tenantRegion, {
  passes: {
    "the provider's region": [
      located({}, "eu-west-1"),
      located({ region: "eu-west-1" }, "eu-west-1"),
    ],
    "no word of a region": [located({})],
  },
  objects: {
    "a resource leaves the provider's": [[located({ region: "us-east-1" }, "eu-west-1")], "region"],
    "a replica does": [
      [
        located(
          { replicas: [{ regionName: "eu-west-1" }, { regionName: "us-east-1" }] },
          "eu-west-1",
        ),
      ],
      "replicas.1.regionName",
    ],
    "a region is named and none is known": [[located({ region: "us-east-1" })], "region"],
    "the region is unknown": [[located({ region: unknown }, "eu-west-1")], "cannot tell: region"],
  },
});

testRule(tenantRegion, {
  config: { regions: ["eu-west-1", "eu-central-1"] },
  passes: {
    "allowed regions": [located({ replicas: [{ regionName: "eu-central-1" }] }, "eu-west-1")],
  },
  objects: { "the provider is elsewhere": [[located({}, "us-east-1")], "provider region"] },
});

const budget = (props: Record<string, unknown>, more: object = {}) =>
  resource("aws:budgets/budget:Budget", props, more);

describe("tenant-region in a stack that says where it is", () => {
  const stack = { ...plainStack, region: "eu-west-1" };
  const found = (one: StackResource) =>
    judge(tenantRegion, [one], { stack }).map(({ property }) => property);

  test("lets no provider lead elsewhere", () => {
    expect(found(located({}, "eu-west-1"))).toEqual([]);
    expect(found(located({}, "us-east-1"))).toEqual(["provider region"]);
    expect(found(located({ region: "us-east-1" }))).toEqual(["region"]);
    expect(found(located({ region: "eu-west-1" }, "us-east-1"))).toEqual(["provider region"]);
  });
});

testRule(tenantBudget, {
  passes: {
    "a budget filtered by tag": [
      acme,
      budget({ costFilters: [{ name: "TagKeyValue", values: ["user:chatstack:tenant$acme"] }] }),
    ],
    "a budget filtered by an expression": [
      acme,
      budget({
        filterExpression: {
          ands: [
            { tags: { key: "chatstack:tenant", values: ["acme"] } },
            { tags: { key: "chatstack:environment", values: ["production"] } },
          ],
        },
      }),
    ],
    "a budget inside the component": [acme, budget({}, { parent: acme })],
  },
  objects: {
    "there is none": [[acme], "Budget"],
    "it is another tenant's": [
      [acme, budget({ costFilters: [{ values: ["user:chatstack:tenant$globex"] }] })],
      "Budget",
    ],
    "its expression asks for another tenant": [
      [
        acme,
        budget({ filterExpression: { tags: { key: "chatstack:tenant", values: ["globex"] } } }),
      ],
      "Budget",
    ],
    "the component names no tenant": [
      [resource("chatstack:index:TenantStack", {}), budget({})],
      "Budget",
    ],
  },
});
