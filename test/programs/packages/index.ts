import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import "./command";
import "./dynamic";
import { Bucket, getAccountId } from "./native";

const { accountId } = getAccountId();
const bucket = new Bucket("files", { bucketName: pulumi.interpolate`files-${accountId}` });

new aws.sqs.Queue("jobs", { name: pulumi.interpolate`jobs-${bucket.arn}` });
