import { expect, test } from "vitest";
import { leastTime, leastTimes, type Step } from "../../offline/quotas/rates.ts";

const steps = (count: number, type: string, change: Step["change"]): Step[] =>
  Array.from({ length: count }, () => ({ type, change }));

test("20 APIs take nine and a half minutes to delete, however many are deleted at once", () => {
  expect(leastTime(steps(20, "aws:apigateway/restApi:RestApi", "delete"))).toEqual({
    operation: "DeleteRestApi",
    calls: 20,
    seconds: 19 * 30,
  });
});

test("different operations do not wait for each other: the slowest counts", () => {
  const both = [
    ...steps(10, "aws:apigateway/deployment:Deployment", "create"),
    ...steps(3, "aws:apigateway/domainName:DomainName", "create"),
  ];
  expect(leastTime(both)).toMatchObject({ operation: "CreateDomainName", seconds: 60 });
});

test("many quick operations are bounded by what API Gateway takes in all", () => {
  expect(leastTime(steps(640, "aws:apigateway/response:Response", "create"))).toEqual({
    operation: "all operations of API Gateway",
    calls: 640,
    seconds: 60,
  });
});

test("a usage plan is updated once more before it is deleted", () => {
  expect(leastTime(steps(4, "aws:apigateway/usagePlan:UsagePlan", "delete"))).toMatchObject({
    operation: "UpdateUsagePlan",
    seconds: 60,
  });
});

test("what has no rate takes no time", () => {
  expect(leastTime(steps(500, "aws:s3/bucket:Bucket", "create"))).toEqual({ seconds: 0 });
  expect(leastTimes([])).toEqual({
    create: { seconds: 0 },
    redeploy: { seconds: 0 },
    destroy: { seconds: 0 },
  });
});
