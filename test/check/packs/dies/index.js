import { PolicyPack } from "@pulumi/policy";

new PolicyPack("dies", {
  policies: [
    {
      name: "table-killer",
      description: "Takes the pack down.",
      enforcementLevel: "advisory",
      validateResource({ type }) {
        if (type !== "aws:dynamodb/table:Table") return;
        process.stderr.write("last words of the pack\n");
        process.exit(3);
      },
    },
  ],
});
