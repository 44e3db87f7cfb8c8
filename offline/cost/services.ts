/** Services as people call them, by how ids of prices begin. */
const names: Readonly<Record<string, string>> = {
  "api-gateway": "API Gateway",
  athena: "Athena",
  backup: "Backup",
  bedrock: "Bedrock",
  cloudtrail: "CloudTrail",
  cloudwatch: "CloudWatch",
  cognito: "Cognito",
  "data-transfer": "Data transfer",
  dynamodb: "DynamoDB",
  eventbridge: "EventBridge",
  firehose: "Firehose",
  kms: "KMS",
  lambda: "Lambda",
  "nat-gateway": "VPC",
  "public-address": "VPC",
  route53: "Route 53",
  s3: "S3",
  sqs: "SQS",
  "vpc-endpoint": "VPC",
  waf: "WAF",
  xray: "X-Ray",
};

/** What people call the service that a price belongs to. */
export const serviceOf = (priceId: string): string => {
  const [prefix = priceId] = priceId.split(".");
  return names[prefix] ?? prefix;
};
