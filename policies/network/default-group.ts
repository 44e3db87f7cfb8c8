import { checkov, cis, nag, prowler, securityHub } from "../frameworks.ts";
import { listAt } from "../reading/read.ts";
import { stackRule } from "../rule.ts";

const defaultGroups = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

export const defaultGroup = stackRule({
  id: "net-default-group",
  service: "Network",
  description: "The default security group of a VPC must let nothing in or out.",
  reason:
    "Whatever is started without a group of its own gets this one, and may talk to all others.",
  fix: "name the VPC in an aws.ec2.DefaultSecurityGroup without ingress and egress.",
  severity: "high",
  level: "mandatory",
  frameworks: [
    ...securityHub("EC2.2"),
    ...cis("5.4"),
    ...nag("HIPAA.Security-VPCDefaultSecurityGroupClosed"),
    ...checkov("CKV2_AWS_12"),
    ...prowler("ec2_securitygroup_default_restrict_traffic"),
  ],
  types: ["aws:ec2/vpc:Vpc"],
  judge(vpc, report, _config, stack) {
    const groups = stack.namedBy(vpc, "vpcId", defaultGroups);
    if (groups.length === 0) report("DefaultSecurityGroup", undefined, "one that names the VPC");
    for (const group of groups)
      for (const direction of ["ingress", "egress"])
        if (listAt(group.props, direction).length > 0) report(direction, "set", "nothing", group);
  },
});
