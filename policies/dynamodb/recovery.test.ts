import { resource, settingOf, testRule, unknown } from "../testing.ts";
import { backupPlan, pitr, pitrDays } from "./recovery.ts";

const table = (props: object = {}) =>
  resource(
    "aws:dynamodb/table:Table",
    {
      name: "acme",
      arn: "arn:aws:dynamodb:eu-west-1:1:table/acme",
      tags: { "chatstack:tenant": "acme" },
      pointInTimeRecovery: { enabled: true },
      ...props,
    },
    { name: "acme" },
  );
const recovery = (recoveryPeriodInDays: unknown) =>
  table({ pointInTimeRecovery: { enabled: true, recoveryPeriodInDays } });

testRule(pitr, {
  passes: {
    "a table with point-in-time recovery": [table()],
    "resources of other types": [resource("aws:s3/bucket:Bucket", {})],
  },
  objects: {
    "recovery is off": [
      [table({ pointInTimeRecovery: { enabled: false } })],
      "pointInTimeRecovery.enabled",
    ],
    "the block is empty": [[table({ pointInTimeRecovery: {} })], "pointInTimeRecovery.enabled"],
    "the block is absent": [
      [table({ pointInTimeRecovery: undefined })],
      "pointInTimeRecovery.enabled",
    ],
    "the flag is unknown": [
      [table({ pointInTimeRecovery: { enabled: unknown } })],
      "cannot tell: pointInTimeRecovery.enabled",
    ],
  },
});

testRule(pitrDays, {
  passes: {
    "the shortest window allowed": [recovery(7)],
    "a window written as text": [recovery("35")],
    "no window, which is 35 days": [table()],
  },
  objects: {
    "the window is shorter": [[recovery(6)], "pointInTimeRecovery.recoveryPeriodInDays"],
    "recovery is absent": [
      [table({ pointInTimeRecovery: undefined })],
      "pointInTimeRecovery.recoveryPeriodInDays",
    ],
  },
});

testRule(pitrDays, {
  config: { days: 35 },
  passes: { "the configured window": [recovery(35)] },
  objects: {
    "the window is shorter than configured": [
      [recovery(34)],
      "pointInTimeRecovery.recoveryPeriodInDays",
    ],
  },
});

const selection = "aws:backup/selection:Selection";
const acme = table();

testRule(backupPlan, {
  passes: {
    "a table that a selection refers to": [acme, settingOf(acme, selection, {}, "resources")],
    "a table selected by ARN": [
      acme,
      resource(selection, { resources: ["arn:aws:dynamodb:eu-west-1:1:table/acme"] }),
    ],
    "a table selected by wildcard": [
      acme,
      resource(selection, { resources: ["arn:aws:dynamodb:*:*:table/ac*"] }),
    ],
    "a table selected by tag": [
      acme,
      resource(selection, { selectionTags: [{ key: "chatstack:tenant", value: "acme" }] }),
    ],
  },
  objects: {
    "there is no selection": [[acme], "Selection"],
    "selections name other tables": [
      [
        acme,
        resource(selection, { resources: ["arn:aws:dynamodb:eu-west-1:1:table/globex", unknown] }),
        resource(selection, { resources: ["arn:aws:s3:::*"] }),
        resource(selection, { selectionTags: [{ key: "chatstack:tenant", value: "globex" }, {}] }),
      ],
      "Selection",
    ],
    "a selection leaves it out": [
      [
        acme,
        resource(selection, {
          resources: ["*"],
          notResources: ["arn:aws:dynamodb:eu-west-1:1:table/acme"],
        }),
      ],
      "notResources",
    ],
    "the ARN that a wildcard might match is unknown": [
      [table({ arn: unknown }), resource(selection, { resources: ["arn:aws:dynamodb:*"] })],
      "cannot tell: arn",
    ],
  },
});
