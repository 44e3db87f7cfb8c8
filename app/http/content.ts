import { contentBytes } from "../contract/messages.ts";
import { Problem } from "./problem.ts";

/** The problem `too-large` for a content, or parts with theirs, beyond what a message may have. */
export function limitContent({ content = "", parts }: { content?: string; parts?: unknown }): void {
  if (Buffer.byteLength(content) > contentBytes) {
    throw new Problem("too-large", { detail: "A message's content may have 960 KiB of UTF-8." });
  }
  if (parts !== undefined && Buffer.byteLength(JSON.stringify(parts)) > contentBytes) {
    throw new Problem("too-large", { detail: "A message's parts may have 960 KiB of JSON." });
  }
}
