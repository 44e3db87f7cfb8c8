import { checkov, cis, nag, prowler, securityHub } from "../frameworks.ts";
import { areNetworks } from "../reading/networks.ts";
import { at, listAt, numberAt, textAt, textsAt } from "../reading/read.ts";
import type { Resource } from "../rule.ts";
import { resourceRule } from "../rule.ts";

const groups = [
  "aws:ec2/securityGroup:SecurityGroup",
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
];
const rule = "aws:ec2/securityGroupRule:SecurityGroupRule";
const ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

export const openPorts = resourceRule({
  id: "net-open-ports",
  service: "Network",
  description: "Security groups must not open ports to everybody but those of a web server.",
  reason: "The whole internet tries passwords and exploits on every port that answers.",
  fix: "name networks or security groups as sources; administer through Systems Manager or a VPN.",
  severity: "critical",
  level: "mandatory",
  frameworks: [
    ...securityHub("EC2.13", "EC2.14", "EC2.18", "EC2.19"),
    ...cis("5.2", "5.3"),
    ...nag(
      "AwsSolutions-EC23",
      "HIPAA.Security-EC2RestrictedSSH",
      "HIPAA.Security-EC2RestrictedCommonPorts",
    ),
    ...checkov("CKV_AWS_24", "CKV_AWS_25", "CKV_AWS_277"),
    ...prowler(
      "ec2_securitygroup_allow_ingress_from_internet_to_all_ports",
      "ec2_securitygroup_allow_ingress_from_internet_to_any_port",
      "ec2_securitygroup_allow_ingress_from_internet_to_high_risk_tcp_ports",
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
      "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389",
    ),
  ],
  config: {
    ports: {
      type: "array",
      items: { type: "string" },
      default: ["80", "443"],
      description: "Ports that may be open to everybody.",
    },
  },
  types: [...groups, rule, ingressRule],
  judge(resource, report, { ports }) {
    for (const { path, block } of ingressOf(resource)) {
      const source = everybodyAmong(sourcesOf(block));
      if (source === undefined) continue;
      const found = openedBy(block, ports);
      if (found !== undefined) report(path, `${found} for ${source}`, `ports ${ports.join(", ")}`);
    }
  },
});

interface Ingress {
  readonly path: string;
  readonly block: unknown;
}

function ingressOf({ type, props }: Resource): readonly Ingress[] {
  if (type === ingressRule) return [{ path: "cidrIpv4", block: props }];
  if (type === rule)
    return at(props, "type") === "ingress" ? [{ path: "cidrBlocks", block: props }] : [];
  return listAt(props, "ingress").map((block, index) => ({ path: `ingress.${index}`, block }));
}

const sourcesOf = (block: unknown): readonly string[] =>
  ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"].flatMap((path) => textsAt(block, path));

/** A network that is no name, or all that are none together. */
function everybodyAmong(networks: readonly string[]): string | undefined {
  const wide = networks.find((one) => !areNetworks([one]));
  return wide ?? (areNetworks(networks) ? undefined : `${networks.length} networks`);
}

/** What the block opens beside the allowed ports. */
function openedBy(block: unknown, allowed: readonly string[]): string | undefined {
  const protocol = (textAt(block, "protocol") ?? textAt(block, "ipProtocol") ?? "").toLowerCase();
  if (["icmp", "icmpv6", "1", "58"].includes(protocol)) return undefined;
  if (["-1", "all", ""].includes(protocol)) return "every port";
  const from = numberAt(block, "fromPort") ?? 0;
  const to = numberAt(block, "toPort") ?? 65_535;
  const isAllowed = from === to && allowed.includes(`${from}`);
  return isAllowed ? undefined : from === to ? `port ${from}` : `ports ${from} to ${to}`;
}
