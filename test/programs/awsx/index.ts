import * as aws from "@pulumi/aws";
import { Vpc } from "./awsx";

const vpc = new Vpc("main", { numberOfAvailabilityZones: 2 });

const group = new aws.ec2.SecurityGroup("db", { vpcId: vpc.vpcId });

new aws.rds.SubnetGroup("db", { subnetIds: vpc.privateSubnetIds });

new aws.s3.Bucket("files", { tags: { network: vpc.vpcId } });

export const groupId = group.id;
