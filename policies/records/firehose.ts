import { checkov, hipaa, nag, prowler, securityHub } from "../frameworks.ts";
import { at } from "../reading/read.ts";
import { resourceRule } from "../rule.ts";

export const firehoseEncrypted = resourceRule({
  id: "firehose-encrypted",
  service: "Firehose",
  description: "Delivery streams must be encrypted.",
  reason: "Records wait on disks until they are delivered.",
  fix: "set serverSideEncryption: { enabled: true }.",
  severity: "medium",
  level: "mandatory",
  frameworks: [
    ...securityHub("DataFirehose.1"),
    ...nag("AwsSolutions-KDF1"),
    ...checkov("CKV_AWS_240"),
    ...prowler("firehose_stream_encrypted_at_rest"),
    ...hipaa("164.312(a)(2)(iv)"),
  ],
  types: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
  judge({ props }, report) {
    // The stream that it reads from encrypts instead ("Data protection" in the Firehose developer guide).
    const sources = ["kinesisSourceConfiguration", "mskSourceConfiguration"];
    if (sources.some((source) => at(props, source) !== undefined)) return;
    const enabled = at(props, "serverSideEncryption.enabled");
    if (enabled !== true) report("serverSideEncryption.enabled", enabled, "true");
  },
});
