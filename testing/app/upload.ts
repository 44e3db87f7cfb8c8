import { expect } from "vitest";
import type { Client } from "./api.ts";

export interface Grant {
  readonly id: string;
  readonly upload: { readonly url: string; readonly fields: Record<string, string> };
}

export async function grant(client: Client, bytes: Uint8Array, type: string, name = "a file") {
  const answer = await client.post("/documents", { name, type, size: bytes.length });
  expect(answer.status).toBe(201);
  return answer.body as Grant;
}

/** POSTs a form as a browser would: the fields, then the file. */
export async function submit(
  { url, fields }: Grant["upload"],
  bytes: Uint8Array,
): Promise<Response> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([new Uint8Array(bytes)]), "file");
  return fetch(url, { method: "POST", body: form });
}

/** Uploads and completes a document, and answers it. */
export async function upload(client: Client, bytes: Uint8Array, type: string, name?: string) {
  const granted = await grant(client, bytes, type, name);
  expect((await submit(granted.upload, bytes)).status).toBe(204);
  const answer = await client.post(`/documents/${granted.id}/complete`, undefined);
  expect(answer.status).toBe(200);
  return answer.body;
}
