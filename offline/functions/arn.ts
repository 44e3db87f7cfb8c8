/** `aws.getArn`: an ARN taken apart at its first five colons. */
export function arnParts(arn: unknown): Record<string, string> {
  const [prefix, partition = "", service = "", region = "", account = "", ...resource] =
    String(arn).split(":");
  if (prefix !== "arn" || resource.length === 0) {
    throw new Error(`aws.getArn: found "${arn}"; allowed: an ARN, of six parts`);
  }
  const text = String(arn);
  return { id: text, arn: text, partition, service, region, account, resource: resource.join(":") };
}
