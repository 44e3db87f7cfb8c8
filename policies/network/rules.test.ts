import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { defaultGroup } from "./default-group.ts";
import { endpointPolicy } from "./endpoint-policy.ts";
import { flowLog } from "./flow-log.ts";
import { openPorts } from "./open-ports.ts";

const group = (block: object, type = "aws:ec2/securityGroup:SecurityGroup") =>
  resource(type, { ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, ...block }] });
const anywhere = { cidrBlocks: ["0.0.0.0/0"] };
const rule = (props: object) =>
  resource("aws:ec2/securityGroupRule:SecurityGroupRule", {
    type: "ingress",
    protocol: "tcp",
    ...anywhere,
    ...props,
  });
const ingressRule = (props: object) =>
  resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
    ipProtocol: "tcp",
    cidrIpv4: "0.0.0.0/0",
    ...props,
  });

testRule(openPorts, {
  passes: {
    "a web server for everybody": [
      group(anywhere),
      rule({ fromPort: 80, toPort: 80 }),
      ingressRule({ fromPort: 443, toPort: 443 }),
    ],
    "any port for a network": [
      group({ fromPort: 22, toPort: 22, cidrBlocks: ["10.0.0.0/8", "203.0.113.0/24"] }),
      ingressRule({ fromPort: 22, toPort: 22, cidrIpv4: "192.168.0.0/16" }),
    ],
    "any port for another group": [group({ fromPort: 0, toPort: 65535, securityGroups: ["sg-1"] })],
    "what goes out": [rule({ type: "egress", protocol: "-1", fromPort: 0, toPort: 0 })],
    ping: [group({ ...anywhere, protocol: "icmp", fromPort: 8, toPort: 0 })],
  },
  objects: {
    "SSH is open": [[group({ ...anywhere, fromPort: 22, toPort: 22 })], "ingress.0"],
    "SSH is open by a network that only begins as a private one": [
      [group({ cidrBlocks: ["10.0.0.0/1"], fromPort: 22, toPort: 22 })],
      "ingress.0",
    ],
    "SSH is open in parts": [
      [
        group({
          cidrBlocks: [...Array(256).keys()].map((part) => `${part}.0.0.0/8`),
          fromPort: 22,
          toPort: 22,
        }),
      ],
      "ingress.0",
    ],
    "SSH is open in a rule": [[rule({ fromPort: 22, toPort: 22 })], "cidrBlocks"],
    "SSH is open in a rule of the newer kind": [
      [ingressRule({ fromPort: 22, toPort: 22 })],
      "cidrIpv4",
    ],
    "a range holds a web port and others": [
      [group({ ...anywhere, fromPort: 0, toPort: 1024 })],
      "ingress.0",
    ],
    "every port is open": [
      [group({ ...anywhere, protocol: "-1", fromPort: 0, toPort: 0 })],
      "ingress.0",
    ],
    "every port is open in a rule of the newer kind": [
      [ingressRule({ ipProtocol: "-1" })],
      "cidrIpv4",
    ],
    "a database is open over IPv6": [
      [group({ ipv6CidrBlocks: ["::/0"], fromPort: 5432, toPort: 5432 })],
      "ingress.0",
    ],
    "half of the internet is let in": [
      [group({ cidrBlocks: ["128.0.0.0/1"], fromPort: 3389, toPort: 3389 })],
      "ingress.0",
    ],
    "the default group is open": [
      [group({ ...anywhere, protocol: "-1" }, "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup")],
      "ingress.0",
    ],
    "the network is unknown": [
      [ingressRule({ fromPort: 22, toPort: 22, cidrIpv4: unknown })],
      "cannot tell: cidrIpv4",
    ],
  },
});

const vpc = resource("aws:ec2/vpc:Vpc", { id: "vpc-1" }, { name: "vpc" });
const shut = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";

testRule(defaultGroup, {
  passes: { "a VPC whose default group is empty": [vpc, settingOf(vpc, shut, {}, "vpcId")] },
  objects: {
    "the group is left as AWS makes it": [[vpc], "DefaultSecurityGroup"],
    "it lets traffic through": [
      [vpc, settingOf(vpc, shut, { ingress: [{}], egress: [{}] }, "vpcId")],
      "ingress",
      "egress",
    ],
  },
});

testRule(flowLog, {
  passes: {
    "a VPC with a flow log": [vpc, settingOf(vpc, "aws:ec2/flowLog:FlowLog", {}, "vpcId")],
  },
  objects: { "there is none": [[vpc], "FlowLog"] },
});

const endpoint = (statement?: object, more: object = {}) =>
  resource("aws:ec2/vpcEndpoint:VpcEndpoint", {
    id: "vpce-1",
    ...(statement && { policy: JSON.stringify({ Statement: statement }) }),
    ...more,
  });
const all = { Effect: "Allow", Principal: "*", Action: "*", Resource: "*" };
const ofAccount = { Condition: { StringEquals: { "aws:ResourceAccount": "123456789012" } } };

testRule(endpointPolicy, {
  passes: {
    "resources of one account": [endpoint({ ...all, ...ofAccount })],
    "a bucket by name": [endpoint({ ...all, Resource: "arn:aws:s3:::acme-documents/*" })],
    "an interface endpoint as AWS makes it": [
      endpoint(undefined, { vpcEndpointType: "Interface" }),
    ],
    "a policy of its own": [
      endpoint(),
      resource("aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy", {
        vpcEndpointId: "vpce-1",
        policy: { Statement: { ...all, ...ofAccount } },
      }),
    ],
  },
  objects: {
    "there is no policy": [[endpoint()], "policy"],
    "everything passes": [[endpoint(all)], "policy statement 0"],
    "an interface lets everything pass": [
      [endpoint(all, { vpcEndpointType: "Interface" })],
      "policy statement 0",
    ],
    "a service's every action passes": [
      [endpoint({ ...all, Action: "s3:*", Resource: "arn:aws:s3:::*" })],
      "policy statement 0",
    ],
  },
});
