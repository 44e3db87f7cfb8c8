/** Buckets: documents, histories, the archive, access logs and audit events, by what is around them. */
import type { ResourceRecord } from "../../record.ts";
import { decimal, over } from "../decimal.ts";
import {
  at,
  byUse,
  type LineDraft,
  list,
  number,
  type Pricer,
  type PricingContext,
} from "../line.ts";
import { gigabytes, product, scaled, total } from "../quantity.ts";
import type { Usage } from "../usage.ts";

export const bucket: Pricer = (record, context) => {
  const around = context.componentsAround(record).map((type) => type.split(":").at(-1));
  if (around.includes("AccessLogBucket")) return { lines: accessLogs(record, context) };
  if (around.includes("AuditTrail")) return { lines: auditEvents(record, context) };
  if (around.includes("ChatArchive")) return { lines: archive(record, context) };
  if (around.includes("DocumentBucket")) return { lines: documents(record, context) };
  return {
    unpriced: [
      { what: `bucket ${record.name}`, because: "what it keeps is not known", isUnknown: true },
    ],
  };
};

function documents(record: ResourceRecord, context: PricingContext): LineDraft[] {
  const { usage, workload } = context;
  const versions = over(decimal(usage.noncurrentPercent), 100).plus(1);
  return [
    byUse(
      "documents stored",
      product([usage.documentsGB, "GB"], [versions, "with old versions"]),
      "s3.storage",
    ),
    ...(workload.history === "s3"
      ? [
          byUse("conversations stored", product([usage.storedGB, "GB"]), "s3.storage"),
          byUse(
            "conversations' old versions",
            oldVersions(usage, noncurrentMonths(record, context)),
            "s3.storage",
          ),
        ]
      : []),
    byUse(
      "requests that write",
      total(workload.historyWrites, product([usage.documentUploads, "uploads"])),
      "s3.writes",
    ),
    byUse(
      "requests that read",
      total(workload.historyReads, product([usage.documentReads, "reads"])),
      "s3.reads",
    ),
    byUse(
      "documents sent",
      gigabytes(product([usage.documentReads, "reads"], [usage.documentKB, "KB"])),
      "data-transfer.out",
    ),
  ];
}

/** Each append to a conversation leaves the one before it as an old version. */
export const oldVersions = ({ chats, messages, conversationKB }: Usage, months: string) =>
  gigabytes(product([chats + messages, "appends"], [conversationKB, "KB"], [months, "months"]));

/** S3 charges nothing for writing them. */
const accessLogs = (record: ResourceRecord, context: PricingContext): LineDraft[] => [
  byUse(
    "access logs stored",
    gigabytes(
      product(
        [context.usage.documentUploads + context.usage.documentReads, "requests"],
        ["0.5", "KB"],
        [monthsKept(record, context), "months"],
      ),
    ),
    "s3.storage",
  ),
];

const auditEvents = (record: ResourceRecord, context: PricingContext): LineDraft[] => [
  byUse(
    "events stored",
    gigabytes(
      scaled(
        context.workload.requests,
        "requests",
        [2, "events"],
        ["0.5", "KB"],
        [monthsKept(record, context), "months"],
      ),
    ),
    "s3.storage",
  ),
];

const archive = (record: ResourceRecord, context: PricingContext): LineDraft[] => [
  byUse(
    "archive stored",
    gigabytes(
      scaled(
        context.workload.messages,
        "messages",
        ["0.5", "KB"],
        [monthsKept(record, context), "months"],
      ),
    ),
    "s3.storage",
  ),
];

/** As the bucket's life cycle says; a year where it is silent. */
const monthsKept = (record: ResourceRecord, context: PricingContext) =>
  months(record, context, ["expiration", "days"]);

export const noncurrentMonths = (record: ResourceRecord, context: Siblings) =>
  months(record, context, ["noncurrentVersionExpiration", "noncurrentDays"]);

type Siblings = Pick<PricingContext, "siblings">;

function months(record: ResourceRecord, { siblings }: Siblings, path: readonly string[]): string {
  const rules = siblings("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration")
    .filter(({ inputs }) => inputs.bucket === record.outputs.bucket)
    .flatMap(({ inputs }) => list(inputs.rules));
  const days = Math.max(...rules.map((rule) => number(at(rule, ...path))), 0);
  return ((days || 365) / 30).toFixed(2);
}

export const replication: Pricer = (_, { usage }) => ({
  lines: [
    byUse(
      "copies to another region",
      gigabytes(product([usage.documentUploads, "uploads"], [usage.documentKB, "KB"])),
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
