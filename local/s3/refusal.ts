/** A request that reached the embedded S3. */
export interface S3Request {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Why S3 would not do what it was asked. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export function errorDocument({ code, message }: Refusal): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}
