import { PolicyPack } from "@pulumi/policy";

new PolicyPack("throws", {
  policies: [
    {
      name: "table-thrower",
      description: "Has a fault.",
      enforcementLevel: "advisory",
      validateResource({ type }) {
        if (type === "aws:dynamodb/table:Table") throw new Error("this rule has a fault");
      },
    },
  ],
});
