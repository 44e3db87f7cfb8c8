/**
 * The API reference, a page that is built from the OpenAPI document; `page/` is what runs in the
 * browser.
 */
import { openApiJson } from "../openapi/openapi.ts";
import type { PageTemplate } from "./build.ts";

/** Set by the bundle, which builds the page when it is built. */
declare const REFERENCE_PAGE: string | undefined;

export interface ReferencePage {
  readonly html: string;
  /** The `Content-Security-Policy` under which it runs. */
  readonly policy: string;
}

let page: ReferencePage | undefined;

/** The API reference as one HTML page, the OpenAPI document within it. */
export async function referencePage(): Promise<ReferencePage> {
  page ??= fill(JSON.parse(await templateJson()));
  return page;
}

/** The bundle drops what it never runs, but only within a condition that it can judge. */
async function templateJson(): Promise<string> {
  return typeof REFERENCE_PAGE === "string"
    ? REFERENCE_PAGE
    : (await import("./build.ts")).buildReferenceTemplate();
}

function fill({ before, after, policy }: PageTemplate): ReferencePage {
  // A script's text ends at the first "</script", wherever that stands.
  return { html: before + openApiJson().replaceAll("<", "\\u003c") + after, policy };
}
