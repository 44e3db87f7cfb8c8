import { expect, test } from "vitest";
import { isUnnamed } from "./arn.ts";

test.each([
  "*",
  "",
  "arn:*",
  "arn:aws:dynamodb:*",
  "arn:aws:dynamodb:*:*:*",
  "arn:aws:dynamodb:eu-west-1:1:table/*",
  "arn:aws:dynamodb:eu-west-1:1:table/*/index/by-recency",
  "arn:aws:dynamodb:eu-west-1:1:table/*-chat",
  "arn:aws:logs:eu-west-1:1:log-group:*",
  "arn:aws:apigateway:eu-west-1::/restapis/*",
  "arn:aws:s3:::*",
  "arn:aws:s3:::*/documents/*",
  "arn:aws:execute-api:eu-west-1:1:*/v1/*",
  "arn:aws:iam::1:role/?dmin",
])("%j names no resource", (pattern) => {
  expect(isUnnamed(pattern)).toBe(true);
});

test.each([
  "arn:aws:dynamodb:eu-west-1:1:table/acme",
  "arn:aws:dynamodb:*:*:table/acme",
  "arn:aws:dynamodb:eu-west-1:1:table/acme/index/*",
  "arn:aws:dynamodb:eu-west-1:1:table/acme-*",
  "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/acme:*",
  "arn:aws:s3:::acme/*",
  "arn:aws:execute-api:eu-west-1:1:abcdef/*",
])("%j names a resource", (pattern) => {
  expect(isUnnamed(pattern)).toBe(false);
});
