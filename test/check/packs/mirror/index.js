import { PolicyPack } from "@pulumi/policy";
import { asset } from "@pulumi/pulumi";

/** Says what it sees, as JSON: how the wire brought it. */
new PolicyPack("mirror", {
  enforcementLevel: "advisory",
  policies: [
    {
      name: "inputs",
      description: "What a resource policy sees.",
      validateResource({ urn, type, name, props, opts, provider }, report) {
        report(JSON.stringify({ urn, type, name, opts, provider, props: shown(props) }));
      },
    },
    {
      name: "outputs",
      description: "What a stack policy sees.",
      validateStack({ resources }, report) {
        for (const { urn, props, parent, dependencies, propertyDependencies } of resources) {
          const names = (list) => list.map(({ name }) => name);
          const seen = {
            props: shown(props),
            parent: parent?.name,
            dependencies: names(dependencies),
            propertyDependencies: Object.fromEntries(
              Object.entries(propertyDependencies).map(([key, list]) => [key, names(list)]),
            ),
          };
          report(JSON.stringify(seen), urn);
        }
      },
    },
  ],
});

function shown(props) {
  return Object.fromEntries(Object.keys(props).map((key) => [key, describe(() => props[key])]));
}

function describe(read) {
  let value;
  try {
    value = read();
  } catch (error) {
    return error.constructor.name;
  }
  if (value instanceof asset.Asset || value instanceof asset.Archive) return value.constructor.name;
  return value;
}
