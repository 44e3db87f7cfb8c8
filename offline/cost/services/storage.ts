/** Buckets: documents, histories, the archive, access logs and audit events, by what is around them. */
import type { ResourceRecord } from "../../record.ts";
import { Decimal } from "../decimal.ts";
import {
  at,
  byUse,
  type LineDraft,
  list,
  number,
  type Pricer,
  type PricingContext,
} from "../line.ts";
import { product, scaled, total } from "../quantity.ts";
import { gigabytesAKilobyte } from "../workload.ts";

export const bucket: Pricer = (record, context) => {
  const around = context.componentsAround(record).map((type) => type.split(":").at(-1));
  if (around.includes("AccessLogBucket")) return { lines: accessLogs(record, context) };
  if (around.includes("AuditTrail")) return { lines: auditEvents(record, context) };
  if (around.includes("ChatArchive")) return { lines: archive(record, context) };
  if (around.includes("DocumentBucket")) return { lines: documents(context) };
  return {
    unpriced: [
      { what: `bucket ${record.name}`, because: "what it keeps is not known", isUnknown: true },
    ],
  };
};

function documents({ usage, workload }: PricingContext): LineDraft[] {
  const inHistory = !workload.historyWrites.value.isZero;
  const stored = Decimal.of(usage.documentsGB).plus(Decimal.of(inHistory ? usage.storedGB : 0));
  const versions = Decimal.of(usage.noncurrentPercent).over(100).plus(Decimal.of(1));
  const writes = total(workload.historyWrites, product([usage.documentUploads, "uploads"]));
  const reads = total(workload.historyReads, product([usage.documentReads, "reads"]));
  return [
    byUse(
      inHistory ? "documents and histories stored" : "documents stored",
      product([stored, "GB"], [versions, "with old versions"]),
      "s3.storage",
    ),
    byUse("requests that write", writes, "s3.writes"),
    byUse("requests that read", reads, "s3.reads"),
    byUse(
      "documents sent",
      product(
        [usage.documentReads, "reads"],
        [usage.documentKB, "KB"],
        [gigabytesAKilobyte, "GB/KB"],
      ),
      "data-transfer.out",
    ),
  ];
}

/** S3 charges nothing for writing them. */
const accessLogs = (record: ResourceRecord, context: PricingContext): LineDraft[] => [
  byUse(
    "access logs stored",
    product(
      [context.usage.documentUploads + context.usage.documentReads, "requests"],
      ["0.5", "KB"],
      [monthsKept(record, context), "months"],
      [gigabytesAKilobyte, "GB/KB"],
    ),
    "s3.storage",
  ),
];

const auditEvents = (record: ResourceRecord, context: PricingContext): LineDraft[] => [
  byUse(
    "events stored",
    scaled(
      context.workload.requests,
      "requests",
      [2, "events"],
      ["0.5", "KB"],
      [monthsKept(record, context), "months"],
      [gigabytesAKilobyte, "GB/KB"],
    ),
    "s3.storage",
  ),
];

const archive = (record: ResourceRecord, context: PricingContext): LineDraft[] => [
  byUse(
    "archive stored",
    scaled(
      context.workload.messages,
      "messages",
      ["0.5", "KB"],
      [monthsKept(record, context), "months"],
      [gigabytesAKilobyte, "GB/KB"],
    ),
    "s3.storage",
  ),
];

/** As the bucket's life cycle says; a year where it is silent. */
function monthsKept(record: ResourceRecord, { siblings }: PricingContext): string {
  const rules = siblings("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    .filter(({ inputs }) => inputs.bucket === record.outputs.bucket)
    .flatMap(({ inputs }) => list(inputs.rules));
  const days = Math.max(...rules.map((rule) => number(at(rule, "expiration", "days"))), 0);
  return ((days || 365) / 30).toFixed(2);
}

export const replication: Pricer = (_, { usage }) => ({
  lines: [
    byUse(
      "copies to another region",
      product(
        [usage.documentUploads, "uploads"],
        [usage.documentKB, "KB"],
        [gigabytesAKilobyte, "GB/KB"],
      ),
      "data-transfer.to-region",
    ),
  ],
  unpriced: [
    {
      what: "the copies' storage",
      because: "is the destination bucket's, which is not in the stack",
      isUnknown: false,
    },
  ],
});
