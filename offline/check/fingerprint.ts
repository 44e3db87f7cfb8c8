/** What a finding is recognized by from run to run. */
import { createHash } from "node:crypto";
import type { Finding } from "./report.ts";

/** The same as long as rule, resource and property are: neither the value found nor the line counts. */
export function fingerprint({ rule, urn, message }: Finding): string {
  const [property = ""] = message.replace(/^exempt until [^:]*: /, "").split(" is ");
  return createHash("sha256").update([rule, urn, property].join("\n")).digest("hex").slice(0, 16);
}
