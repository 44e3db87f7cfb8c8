import * as aws from "@pulumi/aws";

const ami = aws.ec2.getAmiOutput({ mostRecent: true, owners: ["amazon"] });
const key = aws.kms.getAliasOutput({ name: "alias/shared" });

const bucket = new aws.s3.Bucket("files");

const open = aws.iam.getPolicyDocumentOutput({
  statements: [
    {
      sid: "Everybody",
      principals: [{ type: "*", identifiers: ["*"] }],
      actions: ["s3:GetObject"],
      resources: [bucket.arn.apply((arn) => `${arn}/*`)],
    },
  ],
});

new aws.s3.BucketPolicy("files", { bucket: bucket.id, policy: open.json });

new aws.ec2.Instance("host", {
  ami: ami.id,
  instanceType: "t3.micro",
  userData: `#!/bin/sh\necho started`,
});

new aws.sqs.Queue("jobs", { kmsMasterKeyId: key.targetKeyArn });
