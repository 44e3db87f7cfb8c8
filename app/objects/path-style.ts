/**
 * Whether buckets are addressed by path at an endpoint of one's own: their names resolve as host names on
 * AWS itself only, not on an emulator, be it `http://localhost:9000` or `http://moto:5000`.
 *
 * @param endpoint what `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` says; undefined on AWS.
 */
export function needsPathStyle(endpoint: string | undefined): boolean {
  if (endpoint === undefined) return false;
  return !/(^|\.)amazonaws\.com(\.cn)?$/.test(new URL(endpoint).hostname);
}

/** The endpoint of S3 from the environment's variables, as the SDK reads them. */
export const ownEndpoint = ({
  AWS_ENDPOINT_URL_S3,
  AWS_ENDPOINT_URL,
}: Readonly<Record<string, string | undefined>>): string | undefined =>
  AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
