import type { Client } from "./client.ts";
import type { components, operations } from "./contract.ts";
import { ApiProblem, result } from "./problem.ts";

type Announced = operations["addDocument"]["requestBody"]["content"]["application/json"];

export interface UploadOptions {
  readonly file: Blob;
  /** Default: the name of a `File`. */
  readonly name?: string;
  /** Default: the file's own type, or what the ending of its name says. */
  readonly type?: Announced["type"];
  readonly signal?: AbortSignal;
  /** Sends the form to S3. Default: the global one. */
  readonly fetch?: typeof fetch;
}

/**
 * Uploads a document and has the API read it: announce, send to S3, complete. S3 refuses any other
 * bytes, because the form carries their SHA-256 (left out on pages without HTTPS, which have no
 * `crypto.subtle`). The answer's `status` is `ready` or `failed`. Throws `ApiProblem` where the API
 * or S3 refuses the file, and `TypeError` where its type is none that the API takes.
 */
export async function upload(
  api: Client,
  { file, signal, fetch = globalThis.fetch, ...options }: UploadOptions,
): Promise<components["schemas"]["Document"]> {
  const name = options.name ?? ("name" in file ? String(file.name) : "document");
  const type = options.type ?? typeOf(file.type, name);
  const sha256 = await sha256Of(file);
  const announced = api.POST("/documents", {
    body: { name, type, size: file.size, ...(sha256 !== undefined && { sha256 }) },
    ...(signal !== undefined && { signal }),
  });
  const { id, upload: grant } = await result(announced);
  const form = new FormData();
  for (const [field, value] of Object.entries(grant.fields)) form.append(field, value);
  form.append("file", file, name);
  const sent = await fetch(grant.url, {
    method: "POST",
    body: form,
    ...(signal !== undefined && { signal }),
  });
  if (!sent.ok) throw new ApiProblem(sent, { detail: `S3 refused the file: ${sent.status}` });
  return result(
    api.POST("/documents/{id}/complete", {
      params: { path: { id } },
      ...(signal !== undefined && { signal }),
    }),
  );
}

const types: readonly { type: Announced["type"]; endings: readonly string[] }[] = [
  { type: "application/pdf", endings: ["pdf"] },
  { type: "text/plain", endings: ["txt", "text"] },
  { type: "text/markdown", endings: ["md", "markdown"] },
  { type: "text/csv", endings: ["csv"] },
  { type: "image/png", endings: ["png"] },
  { type: "image/jpeg", endings: ["jpg", "jpeg"] },
  { type: "image/gif", endings: ["gif"] },
  { type: "image/webp", endings: ["webp"] },
];

/** Browsers leave the type of Markdown files empty. */
function typeOf(mediaType: string, name: string): Announced["type"] {
  const [essence] = mediaType.toLowerCase().split(";");
  const ending = name.toLowerCase().split(".").at(-1);
  const known = types.find(({ type }) => type === essence);
  const type = known ?? types.find(({ endings }) => endings.some((one) => one === ending));
  if (type !== undefined) return type.type;
  const allowed = types.map(({ type }) => type).join(", ");
  throw new TypeError(`${name} is "${mediaType}"; the API takes ${allowed}`);
}

async function sha256Of(file: Blob): Promise<string | undefined> {
  if (globalThis.crypto?.subtle === undefined) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return btoa(String.fromCharCode(...new Uint8Array(digest)));
}
