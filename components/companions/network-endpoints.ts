/** How AWS's services are reached from a network without leaving AWS: endpoints, and the rules that lead to them. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { DescribeResource, Transform } from "../component.ts";
import { policyDocument } from "../iam.ts";

export interface EndpointsArgs {
  /** Component that they belong to. */
  readonly parent: pulumi.ComponentResource;
  readonly resource: DescribeResource;
  readonly tags: Record<string, pulumi.Input<string>>;
  readonly vpcId: pulumi.Input<string>;
  readonly routeTableIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly securityGroup: aws.ec2.SecurityGroup;
  /** Services beside DynamoDB and S3. */
  readonly interfaceEndpoints: readonly string[];
  readonly transform: Transform<aws.ec2.VpcEndpointArgs> | undefined;
}

/** By service: `dynamodb`, `s3` and those of `interfaceEndpoints`. */
export type Endpoints = Readonly<Record<string, aws.ec2.VpcEndpoint>>;

export const createEndpoints = (name: string, args: EndpointsArgs): Endpoints => ({
  ...gatewayEndpoints(name, args),
  ...interfaceEndpointsOf(name, args),
});

function gatewayEndpoints(name: string, args: EndpointsArgs): Endpoints {
  const { parent, resource, vpcId, routeTableIds, tags, transform } = args;
  const { accountId } = aws.getCallerIdentityOutput({}, { parent });
  const { region } = aws.getRegionOutput({}, { parent });
  const endpoints: Record<string, aws.ec2.VpcEndpoint> = {};
  for (const service of ["dynamodb", "s3"] as const) {
    const endpoint = new aws.ec2.VpcEndpoint(
      `${name}-${service}`,
      ...resource(
        {
          vpcId,
          serviceName: pulumi.interpolate`com.amazonaws.${region}.${service}`,
          vpcEndpointType: "Gateway",
          routeTableIds,
          // The role says what is allowed; this keeps data from leaving for another account.
          policy: policyDocument([
            {
              Sid: "ResourcesOfThisAccount",
              Effect: "Allow",
              Principal: "*",
              Action: `${service}:*`,
              Resource: "*",
              Condition: { StringEquals: { "aws:ResourceAccount": accountId } },
            },
          ]),
          tags,
        },
        transform,
      ),
    );
    allowOut(`${name}-${service}`, args, { prefixListId: endpoint.prefixListId });
    endpoints[service] = endpoint;
  }
  return endpoints;
}

function interfaceEndpointsOf(name: string, args: EndpointsArgs): Endpoints {
  const { parent, resource, vpcId, subnetIds, securityGroup, tags, transform } = args;
  const { interfaceEndpoints: services } = args;
  if (services.length === 0) return {};
  const { region } = aws.getRegionOutput({}, { parent });
  const self = { referencedSecurityGroupId: securityGroup.id };
  allowOut(`${name}-endpoints`, args, self);
  new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints`,
    ...resource({ securityGroupId: securityGroup.id, ...tcp(443), ...self, tags }),
  );
  return Object.fromEntries(
    services.map((service) => [
      service,
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        ...resource(
          {
            vpcId,
            serviceName: service.includes("amazonaws")
              ? service
              : pulumi.interpolate`com.amazonaws.${region}.${service}`,
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds,
            securityGroupIds: [securityGroup.id],
            tags,
          },
          transform,
        ),
      ),
    ]),
  );
}

type Target = Pick<
  aws.vpc.SecurityGroupEgressRuleArgs,
  "prefixListId" | "referencedSecurityGroupId" | "cidrIpv4"
>;

/** Lets what has the group talk to one target. @param port default: HTTPS's. */
export function allowOut(
  name: string,
  { resource, securityGroup, tags }: Pick<EndpointsArgs, "resource" | "securityGroup" | "tags">,
  to: Target,
  port = 443,
): void {
  new aws.vpc.SecurityGroupEgressRule(
    name,
    ...resource({ securityGroupId: securityGroup.id, ...tcp(port), ...to, tags }),
  );
}

const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port });
