import { plainStack, resource, testRule } from "../testing.ts";
import { due, retainUntil } from "./life-cycle.ts";

/** As it registers itself, on the tests' day: 2026-11-01. */
const tenant = (outputs: Record<string, unknown>) => [
  resource("chatstack:index:TenantStack", { tenant: "globex", retain: "protect", ...outputs }),
];
const { today } = plainStack;

testRule(retainUntil, {
  passes: {
    "a tenant without such a day": tenant({ retain: "destroy" }),
    "data that stays until then": tenant({ retain: "retain", retainUntil: "2027-03-31" }),
    "data that goes once the day is over": tenant({ retain: "destroy", retainUntil: "2026-10-31" }),
  },
  objects: {
    "data would go before the day": [
      tenant({ retain: "destroy", retainUntil: "2027-03-31" }),
      "retain",
    ],
    "data would go on the day itself": [
      tenant({ retain: "destroy", retainUntil: today }),
      "retain",
    ],
  },
});

testRule(due, {
  passes: {
    "a tenant without such a day": tenant({}),
    "a tenant on its last day": tenant({ retainUntil: today }),
  },
  objects: { "the day is over": [tenant({ retainUntil: "2026-10-31" }), "retainUntil"] },
});
