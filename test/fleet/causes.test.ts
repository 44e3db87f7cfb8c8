import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { diagnosticCause, redacted, writtenCauses } from "../../operations/fleet/engine/causes.ts";
import { backoffSeconds, isTransient } from "../../operations/fleet/engine/transient.ts";

describe("what is a cause", () => {
  const urn = "urn:pulumi:prod::chat::chatstack:TenantStack$aws:s3/bucket:Bucket::acme::documents";

  test("an error names its resource and loses its colours", () => {
    const message = "<{%reset%}>BucketAlreadyExists: taken<{%reset%}>\n";
    expect(diagnosticCause({ severity: "error", message, color: "raw", urn })).toBe(
      "aws:s3/bucket:Bucket acme::documents: BucketAlreadyExists: taken",
    );
  });

  test.each([
    ["error", "update failed"],
    ["error", "preview failed"],
    ["error", "error: update canceled"],
    ["warning", "deprecated"],
    ["info#err", "a line of the program's"],
  ] as const)("%s: %s is none", (severity, message) => {
    expect(diagnosticCause({ severity, message, color: "raw" })).toBeUndefined();
  });

  test("on stderr it is what follows `error:`", () => {
    const said = "Updating (prod)\nerror: update failed\n\u001b[31merror: no passphrase\u001b[0m\n";
    expect(writtenCauses(said)).toEqual(["no passphrase"]);
  });
});

describe("what time heals", () => {
  test.each([
    "operation error DynamoDB: CreateTable, https response error StatusCode: 400, ThrottlingException: Rate exceeded",
    "TooManyRequestsException: slow down",
    "Throttling: Rate exceeded",
    "error creating API Gateway: status code: 429",
    "https response error StatusCode: 503, RequestID: 1, ServiceUnavailable",
    "read tcp 10.0.0.1:443: connection reset by peer",
    "net/http: TLS handshake timeout",
  ])("%s", (cause) => expect(isTransient(cause)).toBe(true));

  test.each([
    "AccessDeniedException: not authorized to perform dynamodb:CreateTable",
    "LimitExceededException: at most 5 trails",
    "ValidationException: 429 is not a valid value",
    "the stack is currently locked by 1 lock(s)",
    "resource acme-throttling-alarm cannot be deleted because it is protected",
  ])("not %s", (cause) => expect(isTransient(cause)).toBe(false));

  test("waits grow twofold, stay below a minute, and are spread over all of it", () => {
    const bounds = [1, 2, 3, 4, 5].map((tried) =>
      backoffSeconds(tried, { tries: 9, baseSeconds: 5 }, 1),
    );
    expect(bounds).toEqual([5, 10, 20, 40, 60]);
    expect(backoffSeconds(3, { tries: 9, baseSeconds: 5 }, 0.5)).toBe(10);
  });
});

describe("secrets", () => {
  beforeEach(() => vi.stubEnv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG"));
  afterEach(() => vi.unstubAllEnvs());

  test.each([
    ["a value of the environment", "key wJalrXUtnFEMI/K7MDENG is wrong", "K7MDENG"],
    ["an AWS key id", "AKIAIOSFODNN7EXAMPLE is unknown", "AKIAIOSFODNN7EXAMPLE"],
    ["a bearer token", "401 for Authorization: Bearer abc.def-ghi", "abc.def-ghi"],
    ["a JWT", "token eyJhbGciOi.eyJzdWIi.c2ln expired", "eyJzdWIi"],
    ["a password in a URL", "postgres://app:s3cr3t@db:5432 refused", "s3cr3t"],
    ["a password by name", 'invalid "password": "hunter2"', "hunter2"],
  ])("%s is not told", (_, text, secret) => {
    expect(redacted(text)).not.toContain(secret);
  });

  test("in whatever text the environment's secret stands, it does not come out", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = redacted(`${before}wJalrXUtnFEMI/K7MDENG${after}`);
        expect(text).not.toContain("wJalrXUtnFEMI/K7MDENG");
      }),
    );
  });
});
