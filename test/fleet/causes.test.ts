import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { diagnosticCause, redacted, writtenCauses } from "../../operations/fleet/engine/causes.ts";
import { Tally } from "../../operations/fleet/engine/tally.ts";
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

describe("what the engine adds once something has failed", () => {
  const urnOf = (name: string) =>
    `urn:pulumi:prod::chat::aws:cloudwatch/logGroup:LogGroup::${name}`;
  const throttled =
    "1 error occurred:\n\t* creating: StatusCode: 400, ThrottlingException: Rate exceeded";
  const failedBy = (...messages: string[]) => {
    const tally = new Tally();
    for (const [index, message] of messages.entries()) {
      const event = { urn: urnOf(`n${index}`), message, color: "raw", severity: "error" } as const;
      tally.add({ sequence: index, timestamp: 0, diagnosticEvent: event });
    }
    return tally.failed("", "");
  };

  const accompanying = [
    "failed to run remediation: context canceled",
    "failed to run policy: context canceled",
    "failed to run stack policy: rpc error: code = Canceled desc = context canceled",
    "failed to get analyzer info: rpc error: code = Canceled desc = context canceled",
    "could not load provider for resource urn:pulumi:p::c::t::n: context canceled",
    "resource urn:pulumi:prod::chat::aws:sqs/queue:Queue::q canceled",
    "update canceled",
    "update failed",
    "canceled",
    "step executor errored: step application failed",
    "step generator errored",
    "rpc error: code = Unavailable desc = error reading from server: EOF",
    "rpc error: code = Unavailable desc = transport is closing",
    "resource monitor shut down while waiting on step's done channel",
    "EvalSourceIterator aborted",
    "BAIL: update canceled",
  ];

  test.each(accompanying)("%s: the throttling beside it is retried, and told alone", (message) => {
    const { transient, causes } = failedBy(message, throttled);
    expect(transient).toBe(true);
    expect(causes).toEqual([`aws:cloudwatch/logGroup:LogGroup n1: ${throttled}`]);
  });

  test.each(accompanying)("%s: of its own it is told, and is no reason to try again", (message) => {
    const { transient, causes } = failedBy(message);
    expect(transient).toBe(false);
    expect(causes).toHaveLength(1);
  });

  test.each([
    "AccessDeniedException: not authorized to perform logs:CreateLogGroup",
    "LimitExceededException: at most 5 trails",
    "TransactionCanceledException: conditional check failed",
    "failed to run policy: the pack has a fault",
  ])("%s: a cause of its own stands in the way of another try", (message) => {
    const { transient, causes } = failedBy(
      throttled,
      "failed to run policy: context canceled",
      message,
    );
    expect(transient).toBe(false);
    expect(causes).toHaveLength(2);
  });
});

test.each([
  [
    'Preview failed: resource "urn:x" cannot be deleted\nbecause it is protected. To unprotect the resource, either …',
    "is protected, and would be deleted",
  ],
  [
    'unable to replace resource "urn:x"\nas it is currently marked for protection. To unprotect the resource, …',
    "is protected, and would be replaced",
  ],
])("what `protect` guards is told in a line", (message, told) => {
  const urn = "urn:pulumi:prod::chat::aws:s3/bucket:Bucket::acme";
  expect(diagnosticCause({ severity: "error", message, color: "raw", urn })).toBe(
    `aws:s3/bucket:Bucket acme: ${told}`,
  );
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
    // Joined, so that no scanner takes these for tokens.
    ...[
      ["ghp_", "16C7e42F292c6912E7710c838347Ae178B4a"],
      ["ghs_", "16C7e42F292c6912E7710c838347Ae178B4a"],
      ["github_pat_", "11ABCDEFG0123456789_abcdefghijklmnopqrstuvwxyz"],
      ["glpat-", "abcdefghij0123456789"],
      ["pul-", "0123456789abcdef0123456789abcdef01234567"],
      ["npm_", "abcdefghijklmnopqrstuvwxyz0123456789"],
      ["xoxb-", "123456789012-abcdefghijkl"],
      ["sk_live_", "abcdefghijklmnop"],
      ["sk-ant-", "api03-abcdefghijklmnopqrstuvwx"],
      ["AIza", "SyA0123456789abcdefghijklmnopqrstuv"],
      ["hvs.", "CAESIabcdefghijklmnopqrstuv"],
    ].map(([prefix, rest]): [string, string, string] => [
      `a token that begins with ${prefix}`,
      `401 of https://example.com for ${prefix}${rest}: bad credentials`,
      rest ?? "",
    ]),
    [
      "a private key",
      "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY----- is no key",
      "MIIEow",
    ],
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
