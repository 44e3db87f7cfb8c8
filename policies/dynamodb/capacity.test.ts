import type { StackResource } from "../rule.ts";
import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { autoscaled, costCeiling } from "./capacity.ts";

const table = (props: object = {}) =>
  resource("aws:dynamodb/table:Table", { name: "acme", ...props }, { name: "acme" });

const provisioned = table({
  billingMode: "PROVISIONED",
  globalSecondaryIndexes: [{ name: "by-recency" }],
});

const scaling = [
  ["table/acme", "dynamodb:table:ReadCapacityUnits"],
  ["table/acme", "dynamodb:table:WriteCapacityUnits"],
  ["table/acme/index/by-recency", "dynamodb:index:ReadCapacityUnits"],
  ["table/acme/index/by-recency", "dynamodb:index:WriteCapacityUnits"],
].flatMap(([resourceId, scalableDimension]) =>
  ["aws:appautoscaling/target:Target", "aws:appautoscaling/policy:Policy"].map((type) =>
    resource(type, { resourceId, scalableDimension, serviceNamespace: "dynamodb" }),
  ),
);
const without = (type: string, dimension: string): StackResource[] =>
  scaling.filter((one) => one.type !== type || one.props.scalableDimension !== dimension);

testRule(autoscaled, {
  passes: {
    "an on-demand table": [table({ billingMode: "PAY_PER_REQUEST" })],
    "a provisioned table whose dimensions all scale": [provisioned, ...scaling],
  },
  objects: {
    "nothing scales": [
      [provisioned],
      "table/acme ReadCapacityUnits",
      "table/acme WriteCapacityUnits",
      "table/acme/index/by-recency ReadCapacityUnits",
      "table/acme/index/by-recency WriteCapacityUnits",
    ],
    "the billing mode is absent, which is provisioned": [
      [table()],
      "table/acme ReadCapacityUnits",
      "table/acme WriteCapacityUnits",
    ],
    "an index has no target": [
      [
        provisioned,
        ...without("aws:appautoscaling/target:Target", "dynamodb:index:ReadCapacityUnits"),
      ],
      "table/acme/index/by-recency ReadCapacityUnits",
    ],
    "a target's scaling is suspended": [
      [
        provisioned,
        ...scaling.map((one) =>
          one.props.scalableDimension === "dynamodb:table:ReadCapacityUnits"
            ? resource(one.type, {
                ...one.props,
                suspendedState: { dynamicScalingOutSuspended: true },
              })
            : one,
        ),
      ],
      "table/acme ReadCapacityUnits",
    ],
    "a target has no policy": [
      [
        provisioned,
        ...without("aws:appautoscaling/policy:Policy", "dynamodb:table:WriteCapacityUnits"),
      ],
      "table/acme WriteCapacityUnits",
    ],
    "what a target scales is unknown": [
      [
        provisioned,
        settingOf(
          provisioned,
          "aws:appautoscaling/target:Target",
          { scalableDimension: "dynamodb:table:ReadCapacityUnits" },
          "resourceId",
        ),
      ],
      "cannot tell: resourceId",
    ],
  },
});

const onDemand = (onDemandThroughput: unknown) =>
  table({ billingMode: "PAY_PER_REQUEST", onDemandThroughput });

testRule(costCeiling, {
  passes: {
    "an on-demand table with both ceilings": [
      onDemand({ maxReadRequestUnits: 400, maxWriteRequestUnits: 100 }),
    ],
    "the highest ceilings": [
      onDemand({ maxReadRequestUnits: 39_999, maxWriteRequestUnits: 39_999 }),
    ],
    "the lowest ceilings": [onDemand({ maxReadRequestUnits: 1, maxWriteRequestUnits: 1 })],
    "a provisioned table, which is a ceiling": [provisioned],
  },
  objects: {
    "ceilings are absent": [
      [onDemand(undefined)],
      "onDemandThroughput.maxReadRequestUnits",
      "onDemandThroughput.maxWriteRequestUnits",
    ],
    "one is lifted": [
      [onDemand({ maxReadRequestUnits: -1, maxWriteRequestUnits: 100 })],
      "onDemandThroughput.maxReadRequestUnits",
    ],
    "one is as high as AWS lets any table be": [
      [onDemand({ maxReadRequestUnits: 40_000, maxWriteRequestUnits: 100 })],
      "onDemandThroughput.maxReadRequestUnits",
    ],
    "one is zero": [
      [onDemand({ maxReadRequestUnits: 0, maxWriteRequestUnits: 100 })],
      "onDemandThroughput.maxReadRequestUnits",
    ],
    "one is unknown": [
      [onDemand({ maxReadRequestUnits: unknown, maxWriteRequestUnits: 100 })],
      "cannot tell: onDemandThroughput.maxReadRequestUnits",
    ],
  },
});
