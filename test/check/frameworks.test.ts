import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { policyHolders, principalProperties } from "../../policies/access/holders.ts";
import { rules } from "../../scripts/policies-doc/coverage.ts";
import { excused, named, otherLists } from "../../scripts/policies-doc/others.ts";
import { published } from "../../scripts/policies-doc/published.ts";
import { hubControls } from "../../scripts/policies-doc/security-hub.ts";

const frameworks = rules.flatMap((rule) => rule.frameworks);
const idsOf = (name: string) => [
  ...new Set(frameworks.filter((one) => one.name === name).map(({ id }) => id)),
];

test("the pack tells how much it covers", () => {
  const types = new Set(rules.flatMap((rule) => rule.types));
  const ids = new Set(frameworks.map(({ name, id }) => `${name} ${id}`));
  const names = [...new Set(frameworks.map(({ name }) => name))];
  process.stdout.write(
    `policy pack: ${rules.length} rules for ${types.size} types name ${ids.size} ids: ` +
      names
        .map((name) => `${name} ${idsOf(name).length}`)
        .join(", ")
        .concat("\n"),
  );
  expect(rules.length).toBeGreaterThan(150);
  expect(ids.size).toBeGreaterThan(200);
});

describe.each(Object.entries(published))("every id of %s that a rule names", (name, list) => {
  test("is in the published list", () => {
    expect(list.ids.length).toBeGreaterThan(20);
    expect(idsOf(name).filter((id) => !list.ids.includes(id))).toEqual([]);
  });
});

describe.each(otherLists)("every id of $title", ({ ids, covered, uncovered }) => {
  test("is covered, or says why not", () => {
    const open = [...uncovered].flatMap(([why, all]) => (why === "" ? all : []));
    expect(open).toEqual([]);
    const counted = covered.size + [...uncovered.values()].flat().length;
    expect(counted).toBe(ids.length);
    expect(covered.size).toBeGreaterThan(30);
  });
});

test("what is said to cover an id is a rule, and the id is in its list", () => {
  const known = new Set(rules.map(({ id }) => id));
  expect(
    named.filter(([rule, name, id]) => !known.has(rule) || !published[name]?.ids.includes(id)),
  ).toEqual([]);
});

test("what has a reason of its own is in a list, covered by no rule, and none is left without one", () => {
  const open = otherLists.flatMap(({ uncovered }) => [...uncovered.values()].flat());
  expect(excused.filter((id) => !open.includes(id))).toEqual([]);
  expect(excused.filter((id, at) => excused.indexOf(id) < at)).toEqual([]);
  // Of a service that we use each id says why: no group may hide a gap.
  const general = otherLists.flatMap(({ uncovered }) =>
    [...uncovered].flatMap(([why, ids]) => (/has taken up/.test(why) ? ids : [])),
  );
  expect(general).toEqual([]);
});

test("ids that no list holds are found", () => {
  const { ids = [] } = published["Security Hub"] ?? {};
  expect(ids).toContain("S3.8");
  expect(ids).not.toContain("S3.99");
});

test("every control of Security Hub for our services is covered, or says why not", () => {
  const open = hubControls(rules).filter(({ coveredBy, why }) => coveredBy.length === 0 && !why);
  expect(open.map(({ id }) => id)).toEqual([]);
});

/** Arguments of `@pulumi/aws` that are policies by their names, but not resource policies. */
const others: Readonly<Record<string, readonly string[]>> = {
  "what an identity or a session may do": [
    "aws:eks/podIdentityAssociation:PodIdentityAssociation policy",
    "aws:iam/groupPolicy:GroupPolicy policy",
    "aws:iam/policy:Policy policy",
    "aws:iam/role:Role assumeRolePolicy",
    "aws:iam/rolePolicy:RolePolicy policy",
    "aws:iam/userPolicy:UserPolicy policy",
    "aws:iot/policy:Policy policy",
    "aws:iot/policyAttachment:PolicyAttachment policy",
    "aws:rolesanywhere/profile:Profile sessionPolicy",
    "aws:ssoadmin/permissionSetInlinePolicy:PermissionSetInlinePolicy inlinePolicy",
    "aws:transfer/access:Access policy",
    "aws:transfer/user:User policy",
  ],
  "what passes through an endpoint (`net-endpoint-policy`) or a network": [
    "aws:ec2/vpcEndpoint:VpcEndpoint policy",
    "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy policy",
    "aws:networkmanager/coreNetwork:CoreNetwork basePolicyDocument",
    "aws:networkmanager/coreNetworkPolicyAttachment:CoreNetworkPolicyAttachment policyDocument",
    "aws:odb/network:Network kmsPolicyDocument",
    "aws:odb/network:Network s3PolicyDocument",
    "aws:odb/network:Network stsPolicyDocument",
    "aws:transfer/webApp:WebApp webAppEndpointPolicy",
  ],
  "a language of its own": [
    "aws:opensearch/serverlessAccessPolicy:ServerlessAccessPolicy policy",
    "aws:opensearch/serverlessSecurityPolicy:ServerlessSecurityPolicy policy",
    "aws:verifiedaccess/endpoint:Endpoint policyDocument",
    "aws:verifiedaccess/group:Group policyDocument",
    "aws:workspacesweb/browserSettings:BrowserSettings browserPolicy",
    "aws:cloudformation/stack:Stack policyBody",
  ],
  "one of AWS's own choices, by its name": [
    "aws:alb/listener:Listener alpnPolicy",
    "aws:alb/listener:Listener sslPolicy",
    "aws:alb/loadBalancer:LoadBalancer dnsRecordClientRoutingPolicy",
    "aws:bedrock/agentDataSource:AgentDataSource dataDeletionPolicy",
    "aws:dlm/lifecyclePolicy:LifecyclePolicy defaultPolicy",
    "aws:ec2/fleet:Fleet excessCapacityTerminationPolicy",
    "aws:ec2/spotFleetRequest:SpotFleetRequest excessCapacityTerminationPolicy",
    "aws:eks/capability:Capability deletePropagationPolicy",
    "aws:emr/instanceGroup:InstanceGroup autoscalingPolicy",
    "aws:fsx/lustreFileSystem:LustreFileSystem autoImportPolicy",
    "aws:fsx/ontapVolume:OntapVolume snapshotPolicy",
    "aws:gamelift/fleet:Fleet newGameSessionProtectionPolicy",
    "aws:gamelift/gameServerGroup:GameServerGroup gameServerProtectionPolicy",
    "aws:kendra/index:Index userContextPolicy",
    "aws:lb/listener:Listener alpnPolicy",
    "aws:lb/listener:Listener sslPolicy",
    "aws:lb/loadBalancer:LoadBalancer dnsRecordClientRoutingPolicy",
    "aws:mailmanager/ingressPoint:IngressPoint tlsPolicy",
    "aws:ses/receiptRule:ReceiptRule tlsPolicy",
  ],
  "life cycles, retries, logs and what else is called a policy": [
    "aws:cloudwatch/logAccountPolicy:LogAccountPolicy policyDocument",
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy policyDocument",
    "aws:cloudwatch/logIndexPolicy:LogIndexPolicy policyDocument",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy policy",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate lifecyclePolicy",
    "aws:opensearch/serverlessLifecyclePolicy:ServerlessLifecyclePolicy policy",
    "aws:ses/receiptFilter:ReceiptFilter policy",
    "aws:sns/dataProtectionPolicy:DataProtectionPolicy policy",
    "aws:sns/topic:Topic archivePolicy",
    "aws:sns/topic:Topic deliveryPolicy",
    "aws:sns/topicSubscription:TopicSubscription deliveryPolicy",
    "aws:sns/topicSubscription:TopicSubscription filterPolicy",
    "aws:sns/topicSubscription:TopicSubscription redrivePolicy",
    "aws:sns/topicSubscription:TopicSubscription replayPolicy",
    "aws:sqs/queue:Queue redriveAllowPolicy",
    "aws:sqs/queue:Queue redrivePolicy",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy redriveAllowPolicy",
    "aws:sqs/redrivePolicy:RedrivePolicy redrivePolicy",
    "aws:storagegateway/nfsFileShare:NfsFileShare notificationPolicy",
    "aws:storagegateway/smbFileShare:SmbFileShare notificationPolicy",
  ],
};

test("every type of @pulumi/aws that has a resource policy is judged", () => {
  const known = new Set([
    ...policyHolders,
    ...Object.keys(principalProperties),
    ...Object.values(others).flat(),
  ]);
  const found = policyArguments();
  expect(found.length).toBeGreaterThan(90);
  const unknown = found.filter(
    ({ type, name }) => !known.has(type) && !known.has(`${type} ${name}`),
  );
  expect(unknown.map(({ type, name }) => `${type} ${name}`)).toEqual([]);
});

/** Arguments whose names say policy and whose values are texts or documents, from the package's declarations. */
function policyArguments(): { type: string; name: string }[] {
  const root = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
  const documents =
    /^ {4}(\w*[pP]olic(?:y|ies)(?:Document|Body)?)\??: pulumi\.Input<string(?: \||>)/gm;
  return readdirSync(root, { recursive: true, encoding: "utf8" })
    .filter((path) => /^[a-z\d]+\/[a-z]\w*\.d\.ts$/.test(path) && !path.startsWith("types"))
    .flatMap((path) => {
      const declarations = readFileSync(join(root, path), "utf8");
      const [, args] = /export interface \w+Args \{([\s\S]*?)\n\}/.exec(declarations) ?? [];
      const names = [...(args ?? "").matchAll(documents)].map(([, name = ""]) => name);
      if (names.length === 0) return [];
      const code = readFileSync(join(root, path.replace(/\.d\.ts$/, ".js")), "utf8");
      const [, type = ""] = /__pulumiType = '([^']+)'/.exec(code) ?? [];
      return names.map((name) => ({ type, name }));
    });
}
