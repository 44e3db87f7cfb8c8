/**
 * A network without internet access for a tenant's function. Gateway endpoints lead to DynamoDB and S3, for
 * resources of this account only. It has no NAT gateway, no internet gateway and no public address, so it
 * costs nothing while idle.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TenantComponent, type TenantComponentArgs, type Transform } from "../component.ts";
import type { Network } from "../network.ts";
import { homeRegion } from "../region.ts";
import { networkFaults } from "./companion-rules.ts";
import { createEndpoints, type Endpoints } from "./network-endpoints.ts";
import { subnetRanges, suffixes } from "./subnets.ts";

/**
 * No monthly fee: a VPC, its subnets and gateway endpoints are free (Amazon VPC pricing). What the
 * function calls beyond DynamoDB and S3, such as Bedrock, needs an interface endpoint: $7.30 a month
 * for each availability zone, which is why there is none unless `interfaceEndpoints` asks for it.
 * An account may have 5 VPCs a region until AWS raises it.
 */
export interface PrivateNetworkArgs extends TenantComponentArgs {
  /** Addresses of the network, `/16` to `/24` of a private range. Default `"10.0.0.0/20"`. */
  cidrBlock?: string;
  /**
   * Availability zones, a subnet each: how many, 2–3, of those that AWS offers the account, or their
   * names, e.g. `["us-west-1a", "us-west-1c"]`. Default 2. Once made, a subnet stays where it is,
   * whatever AWS offers later. Not every zone has every service's interface endpoint: name those that do.
   */
  zones?: number | readonly string[];
  /**
   * Services to reach beside DynamoDB and S3, e.g. `["bedrock-runtime"]`. Default none. A whole name is
   * taken as it is, which China needs: `"cn.com.amazonaws.cn-north-1.sts"`.
   */
  interfaceEndpoints?: readonly string[];
  transform?: {
    vpc?: Transform<aws.ec2.VpcArgs>;
    subnet?: Transform<aws.ec2.SubnetArgs>;
    securityGroup?: Transform<aws.ec2.SecurityGroupArgs>;
    endpoint?: Transform<aws.ec2.VpcEndpointArgs>;
  };
}

export class PrivateNetwork extends TenantComponent {
  readonly vpcId: pulumi.Output<string>;
  /** For the `network` of a `ChatApi`. */
  readonly network: Network;
  readonly nodes: {
    readonly vpc: aws.ec2.Vpc;
    readonly subnets: readonly aws.ec2.Subnet[];
    readonly routeTable: aws.ec2.RouteTable;
    readonly securityGroup: aws.ec2.SecurityGroup;
    /** By service: `dynamodb`, `s3` and those of `interfaceEndpoints`. */
    readonly endpoints: Endpoints;
  };

  constructor(name: string, args: PrivateNetworkArgs, options?: pulumi.ComponentResourceOptions) {
    super("PrivateNetwork", name, args, options);
    const { cidrBlock = "10.0.0.0/20", zones = 2, interfaceEndpoints = [], transform } = args;
    const [fault] = networkFaults(args, homeRegion());
    if (fault) this.refuse(...fault);
    const ranges = subnetRanges(cidrBlock) ?? [];

    const vpc = new aws.ec2.Vpc(
      name,
      ...this.resource(
        { cidrBlock, enableDnsSupport: true, enableDnsHostnames: true, tags: this.tags },
        transform?.vpc,
      ),
    );
    // Without rules: nothing that forgets to name a group can talk to anything.
    new aws.ec2.DefaultSecurityGroup(name, ...this.resource({ vpcId: vpc.id, tags: this.tags }));
    const routeTable = new aws.ec2.RouteTable(
      name,
      ...this.resource({ vpcId: vpc.id, tags: this.tags }),
    );
    const zoneNames = this.#zoneNames(zones);
    const subnets = zoneNames.map((availabilityZone, index) => {
      const suffix = suffixes[index];
      const subnet = new aws.ec2.Subnet(
        `${name}-${suffix}`,
        ...this.resource(
          {
            vpcId: vpc.id,
            cidrBlock: ranges[index],
            availabilityZone,
            mapPublicIpOnLaunch: false,
            tags: this.tags,
          },
          transform?.subnet,
          // A zone that AWS adds or withdraws must not move a subnet that is there.
          typeof zones === "number" ? { ignoreChanges: ["availabilityZone"] } : {},
        ),
      );
      new aws.ec2.RouteTableAssociation(
        `${name}-${suffix}`,
        ...this.resource({ subnetId: subnet.id, routeTableId: routeTable.id }),
      );
      return subnet;
    });
    const securityGroup = new aws.ec2.SecurityGroup(
      name,
      ...this.resource(
        {
          vpcId: vpc.id,
          description: `chatstack: function of tenant ${this.tenant}`,
          tags: this.tags,
        },
        transform?.securityGroup,
      ),
    );
    const subnetIds = subnets.map(({ id }) => id);
    const endpoints = createEndpoints(name, {
      parent: this,
      resource: this.resource,
      tags: this.tags,
      vpcId: vpc.id,
      routeTableIds: [routeTable.id],
      subnetIds,
      securityGroup,
      interfaceEndpoints,
      transform: transform?.endpoint,
    });

    this.vpcId = vpc.id;
    this.network = { subnetIds, securityGroupIds: [securityGroup.id] };
    this.nodes = { vpc, subnets, routeTable, securityGroup, endpoints };
    this.register({ vpcId: vpc.id });
  }

  /** Letters have gaps: in some accounts no `us-west-1b` or `ap-northeast-1b` is offered. */
  #zoneNames(zones: number | readonly string[]): pulumi.Input<string>[] {
    if (typeof zones !== "number") return [...zones];
    const offered = aws.getAvailabilityZonesOutput(
      {
        state: "available",
        // Local and Wavelength Zones are to be opted into, and have few services.
        filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }],
      },
      { parent: this },
    ).names;
    return suffixes
      .slice(0, zones)
      .map((_, index) =>
        offered.apply(
          (names) =>
            [...names].sort()[index] ??
            this.refuse("zones", zones, `at most ${names.length}: ${names.join(", ")}`),
        ),
      );
  }
}
