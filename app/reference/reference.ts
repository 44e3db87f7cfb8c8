/**
 * The API reference, a page that is built from the OpenAPI document; `page/` is what runs in the
 * browser.
 */
import type { PageTemplate } from "./build.ts";

/** Set by the bundle, which builds the page when it is built. */
declare const REFERENCE_BEFORE: string | undefined;
declare const REFERENCE_AFTER: string;
declare const REFERENCE_POLICY: string;

export interface ReferencePage {
  readonly html: string;
  /** The `Content-Security-Policy` under which it runs. */
  readonly policy: string;
}

/** The API reference as one HTML page, the OpenAPI document, as JSON, within it. */
export async function referencePage(document: string): Promise<ReferencePage> {
  return fill(await template(), document);
}

/** The bundle drops what it never runs, but only within a condition that it can judge. */
async function template(): Promise<PageTemplate> {
  return typeof REFERENCE_BEFORE === "string"
    ? { before: REFERENCE_BEFORE, after: REFERENCE_AFTER, policy: REFERENCE_POLICY }
    : (await import("./build.ts")).buildReferenceTemplate();
}

function fill({ before, after, policy }: PageTemplate, document: string): ReferencePage {
  // A script's text ends at the first "</script", wherever that stands.
  return { html: before + document.replaceAll("<", "\\u003c") + after, policy };
}
