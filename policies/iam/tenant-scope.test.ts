import fc from "fast-check";
import { expect, test } from "vitest";
import { like } from "../reading/policy-document.ts";
import { objections, resource, testRule, unknown } from "../testing.ts";
import { tenantScope } from "./tenant-scope.ts";

const tags = (tenant?: string) => tenant && { tags: { "chatstack:tenant": tenant } };
const tableArn = (name: string) => `arn:aws:dynamodb:eu-west-1:1:table/${name}`;
const table = (name: string, tenant?: string) =>
  resource("aws:dynamodb/table:Table", { arn: tableArn(name), ...tags(tenant) }, { name });
const bucket = (name: string, tenant: string) =>
  resource("aws:s3/bucket:Bucket", { arn: `arn:aws:s3:::${name}`, ...tags(tenant) }, { name });
const acme = table("acme-chat", "acme");
const globex = table("globex-chat", "globex");
const acmeCorp = table("acme-corp-chat", "acme-corp");
const platform = table("platform");
const documents = bucket("globex-documents", "globex");
const others = [acme, globex, acmeCorp, platform, documents];

const query = { Effect: "Allow", Action: "dynamodb:Query", Resource: acme.props.arn };
const text = (statement: object) => JSON.stringify({ Statement: statement });
const policy = (change: object, tenant?: string) =>
  resource("aws:iam/policy:Policy", {
    arn: "arn:aws:iam::1:policy/api",
    policy: text({ ...query, ...change }),
    ...tags(tenant),
  });
const allowing = (change: object) => [policy(change, "acme"), ...others];
const role = (tenant: string, props: object = {}) =>
  resource("aws:iam/role:Role", { name: `${tenant}-api`, ...tags(tenant), ...props });
const rolePolicy = (tenant: string, change: object) => {
  const owner = role(tenant);
  return resource(
    "aws:iam/rolePolicy:RolePolicy",
    { role: unknown, policy: text({ ...query, ...change }) },
    { propertyDependencies: { role: [owner] } },
  );
};
const attached = (statement: object, tenant: string) => {
  const untagged = policy(statement);
  const owner = role(tenant);
  return [
    untagged,
    resource(
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: unknown, policyArn: unknown },
      { propertyDependencies: { role: [owner], policyArn: [untagged] } },
    ),
    ...others,
  ];
};
const property = "policy statement 0 Resource";

testRule(tenantScope, {
  passes: {
    "a tenant's own table and index": allowing({
      Resource: [tableArn("acme-chat"), `${tableArn("acme-chat")}/index/*`],
    }),
    "what the tenants share": allowing({ Resource: tableArn("platform") }),
    "any resource of a service that has none of them": allowing({
      Action: "xray:PutTraceSegments",
      Resource: "*",
    }),
    "a denial of another's": allowing({ Effect: "Deny", Resource: tableArn("globex-chat") }),
    "a document made from another's that does not name it": [
      resource(
        "aws:iam/policy:Policy",
        { policy: text(query), ...tags("acme") },
        { propertyDependencies: { policy: [acme, globex] } },
      ),
      ...others,
    ],
    "a policy of no tenant": [policy({ Resource: "*" }), ...others],
    "a table named like the beginning of another": allowing({ Resource: tableArn("globex") }),
    "a role that may use its own table": [
      role("acme", { inlinePolicies: [{ policy: text(query) }] }),
      ...others,
    ],
  },
  objects: {
    "another's table is named": [allowing({ Resource: tableArn("globex-chat") }), property],
    "one of two resources is another's": [
      allowing({ Resource: [tableArn("acme-chat"), tableArn("globex-chat")] }),
      property,
    ],
    "another's index is named": [
      allowing({ Resource: `${tableArn("globex-chat")}/index/by-recency` }),
      property,
    ],
    "a folder of another's bucket is": [
      allowing({ Action: "s3:GetObject", Resource: "arn:aws:s3:::globex-documents/documents/*" }),
      property,
    ],
    "a pattern covers another whose name begins alike": [
      allowing({ Resource: tableArn("acme-*") }),
      property,
    ],
    "a pattern covers all tables": [allowing({ Resource: tableArn("*") }), property],
    "a pattern covers all tables' indexes": [
      allowing({ Resource: tableArn("*/index/*") }),
      property,
    ],
    "a pattern leaves region and account open": [
      allowing({ Resource: "arn:aws:dynamodb:*:*:table/globex-chat" }),
      property,
    ],
    "everything is covered": [allowing({ Action: "*", Resource: "*" }), property],
    "one of the actions is any": [
      allowing({ Action: ["xray:PutTraceSegments", "*"], Resource: "*" }),
      property,
    ],
    "everything but the own is covered": [
      allowing({ Resource: undefined, NotResource: tableArn("acme-chat") }),
      "policy statement 0 NotResource",
    ],
    "an untagged policy is attached to another's role": [attached({}, "globex"), property],
    "a role policy names another's": [[rolePolicy("globex", {}), ...others], property],
    "a role policy names its role literally": [
      [
        resource("aws:iam/rolePolicy:RolePolicy", { role: "globex-api", policy: text(query) }),
        role("globex"),
        ...others,
      ],
      property,
    ],
    "a role's inline policy names another's": [
      [role("globex", { inlinePolicies: [{ policy: text(query) }] }), ...others],
      "inlinePolicies.0.policy statement 0 Resource",
    ],
    "the document is unknown, and made from what is its own or shared": [
      [
        resource(
          "aws:iam/policy:Policy",
          { policy: unknown, ...tags("acme") },
          { propertyDependencies: { policy: [acme, platform] } },
        ),
      ],
      "cannot tell: policy",
    ],
    "the document is unknown but made from another's": [
      [
        resource(
          "aws:iam/policy:Policy",
          { policy: unknown, ...tags("acme") },
          { propertyDependencies: { policy: [acme, globex] } },
        ),
      ],
      "policy",
      "cannot tell: policy",
    ],
  },
});

test("iam-tenant-scope finds what a pattern covers, whatever the pattern", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "-"), minLength: 1, maxLength: 4 });
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "-", "*", "?"), maxLength: 4 });
  fc.assert(
    fc.property(fc.uniqueArray(name, { maxLength: 6 }), pattern, (names, glob) => {
      const stack = [
        policy({ Resource: tableArn(glob) }, "acme"),
        ...names.map((one) => table(one, "globex")),
      ];
      const isCovered = names.some((one) => like(glob, one));
      expect(objections(tenantScope, stack)).toEqual(isCovered ? [property] : []);
    }),
  );
});
