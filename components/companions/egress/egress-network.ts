/**
 * A network with outgoing traffic, for an app of your own or models outside AWS. The function is in private
 * subnets, and reaches the internet through NAT gateways, only on the ports and addresses that are named.
 * DynamoDB and S3 are reached by gateway endpoints, as in a `PrivateNetwork`. Flow logs record the
 * connections.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../../component.ts";
import type { LogGroupSettings } from "../../log-retention.ts";
import type { Network } from "../../network.ts";
import { homeRegion } from "../../region.ts";
import { networkFaults } from "../companion-rules.ts";
import { allowOut, createEndpoints, type Endpoints } from "../network-endpoints.ts";
import { loadAwsx } from "./awsx.ts";
import { createFlowLog, type FlowLog } from "./flow-log.ts";

/** Addresses that the function may call, by TCP. */
export interface Outbound {
  /** IPv4, e.g. `"203.0.113.0/24"`; `"0.0.0.0/0"` is the internet. */
  readonly cidr: string;
  /** One port. Default 443. */
  readonly port?: number;
}

/**
 * A NAT gateway costs $0.045 an hour, which is $33 a month, and $0.045 for each GB that passes it, and its public
 * address $0.005 an hour, $3.65 a month (us-east-1, Amazon VPC pricing, 2026-11-26). Flow logs cost as CloudWatch's
 * vended logs do, $0.50 a GB. `"single"` is half as much as a gateway in each of two zones; when its zone fails,
 * the others have no way out either.
 */
export interface EgressNetworkArgs extends TenantComponentArgs, LogGroupSettings {
  /** Addresses of the network, `/16` to `/24` of a private range. Default `"10.0.0.0/20"`. */
  cidrBlock?: string;
  /**
   * Availability zones, a private and a public subnet each: how many, 2–3, of those that AWS offers the account, in
   * AWS's order, or their names. Default 2. Name them where the account has opted into Local Zones.
   * Another number later divides the addresses anew, and AWS refuses the new subnets beside the old ones
   * (`InvalidSubnet.Conflict`, pulumi-awsx issue 910), as `plan` says: change `cidrBlock` with it, which makes another VPC.
   */
  zones?: number | readonly string[];
  /** One for all zones, or one in each. Default `"one-per-zone"`. */
  natGateways?: "single" | "one-per-zone";
  /**
   * Addresses and ports that the function may call, besides AWS's endpoints. Default: HTTPS everywhere.
   */
  outbound?: readonly Outbound[];
  /** Services to reach by an endpoint instead of the NAT, e.g. `["bedrock-runtime"]`. Default none. */
  interfaceEndpoints?: readonly string[];
  transform?: {
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    endpoint?: Transform<aws.ec2.VpcEndpointArgs>;
  };
}

export class EgressNetwork extends TenantComponent {
  readonly vpcId: pulumi.Output<string>;
  /** For the `network` of a `ChatApi`. */
  readonly network: Network;
  readonly nodes: FlowLog & {
    /** The `awsx.ec2.Vpc`, whose children are subnets, routes and gateways. */
    readonly vpc: pulumi.ComponentResource;
    readonly securityGroup: aws.ec2.SecurityGroup;
    readonly endpoints: Endpoints;
  };

  constructor(name: string, args: EgressNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("EgressNetwork", name, args, options);
    const { cidrBlock = "10.0.0.0/20", zones = 2, interfaceEndpoints = [], transform } = args;
    const { natGateways = "one-per-zone", outbound = [{ cidr: "0.0.0.0/0" }] } = args;
    const [fault] = networkFaults({ ...args, egress: "nat" }, homeRegion());
    if (fault) this.refuse(...fault);
    const awsx = loadAwsx();
    if (!awsx) this.refuse("egress", "nat", "with @pulumi/awsx: npm install @pulumi/awsx@^3.9");

    const vpc = new awsx.ec2.Vpc(
      name,
      {
        cidrBlock,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        ...(typeof zones === "number"
          ? { numberOfAvailabilityZones: zones }
          : { availabilityZoneNames: [...zones] }),
        natGateways: { strategy: natGateways === "single" ? "Single" : "OnePerAz" },
        subnetStrategy: "Auto",
        // NAT gateways are all that is public: the smallest subnet that AWS makes.
        subnetSpecs: [{ type: "Private" }, { type: "Public", cidrMask: 28 }],
        tags: this.tags,
      },
      { parent: this },
    );
    // As resources rather than ids: what is made of them says so, to the policies as well.
    const vpcId = vpc.vpc.apply(({ id }) => id);
    const subnetIds = vpc.privateSubnets.apply((all) => pulumi.all(all.map(({ id }) => id)));
    const routeTableIds = vpc.routeTables.apply((all) => pulumi.all(all.map(({ id }) => id)));
    // Without rules: nothing that forgets to name a group can talk to anything.
    new aws.ec2.DefaultSecurityGroup(name, ...this.resource({ vpcId, tags: this.tags }));
    const securityGroup = new aws.ec2.SecurityGroup(
      name,
      ...this.resource(
        { vpcId, description: `chatstack: function of tenant ${this.tenant}`, tags: this.tags },
        transform?.securityGroup,
      ),
    );
    const shared = { resource: this.resource, tags: this.tags, securityGroup };
    for (const [index, { cidr, port }] of outbound.entries())
      allowOut(`${name}-outbound-${index + 1}`, shared, { cidrIpv4: cidr }, port);
    const endpoints = createEndpoints(name, {
      ...shared,
      parent: this,
      vpcId,
      routeTableIds,
      subnetIds,
      interfaceEndpoints,
      transform: transform?.endpoint,
    });
    const flowLog = createFlowLog(`${name}-flows`, {
      ...args,
      resource: this.resource,
      tags: this.tags,
      vpcId,
      roleArgs: this.roleArgs("vpc-flow-logs.amazonaws.com"),
    });

    this.vpcId = vpcId;
    this.network = { subnetIds, securityGroupIds: [securityGroup.id] };
    this.nodes = { vpc, securityGroup, endpoints, ...flowLog };
    this.register({ vpcId });
  }
}
