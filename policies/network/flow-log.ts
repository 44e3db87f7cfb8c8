import { checkov, cis, nag, prowler, securityHub } from "../frameworks.ts";
import { stackRule } from "../rule.ts";

export const flowLog = stackRule({
  id: "net-flow-log",
  service: "Network",
  description: "VPCs should record who talks to whom.",
  reason: "After an intrusion nobody could say where data went.",
  fix: "name the VPC in an aws.ec2.FlowLog.",
  severity: "medium",
  level: "advisory",
  frameworks: [
    ...securityHub("EC2.6"),
    ...cis("3.7"),
    ...nag("AwsSolutions-VPC7", "HIPAA.Security-VPCFlowLogsEnabled"),
    ...checkov("CKV2_AWS_11"),
    ...prowler("vpc_flow_logs_enabled"),
  ],
  types: ["aws:ec2/vpc:Vpc"],
  judge(vpc, report, _config, stack) {
    if (stack.namedBy(vpc, "vpcId", "aws:ec2/flowLog:FlowLog").length === 0)
      report("FlowLog", undefined, "one that names the VPC");
  },
});
