/** Limits of AWS Lambda that this machine does not have by itself (Lambda quotas, 2026-11). */

/** Bytes of a synchronous event, as JSON: "Request must be smaller than 6291456 bytes". */
export const eventBytes = 6_291_456;

/** Bytes of an answer in one piece: a hundred more than of a request. */
export const answerBytes = 6_291_556;

/** Bytes of a streamed answer. Beyond the first 6 MB AWS slows it to 2 MB/s, which is not emulated. */
export const streamBytes = 200 * 1024 * 1024;
