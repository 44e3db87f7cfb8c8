import { expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import program from "../../stacks/index.ts";
import type { Settings } from "../../stacks/settings.ts";
import {
  fullestConfig,
  fullestSettings,
  otherSettings,
} from "../../testing/stacks/fullest-tenant.ts";

/** Properties that name a resource itself, in an account and region or in the world. */
const isName = (property: string) =>
  /^(name|bucket|domain|domainName|.*[nN]ame|identifier)$/.test(property);

/** Not a name of the resource's own: of what it belongs to, or of a kind of thing. */
const isOfAnother = (type: string, property: string) =>
  ["metricName", "attributeName", "clientName"].includes(property) ||
  ([
    // In the tenant's own pool, API, table, zone or database.
    "aws:cognito/",
    "aws:apigateway/",
    "aws:glue/catalogTable:",
    "aws:cloudwatch/logStream:",
    "aws:appautoscaling/",
    "aws:dynamodb/contributorInsights:",
    "aws:ec2/",
    "aws:athena/namedQuery:",
    "aws:lambda/alias:",
    "aws:backup/restoreTestingSelection:",
    // Of the domain that is refused itself.
    "aws:route53/record:",
  ].some((prefix) => type.startsWith(prefix)) &&
    !/^(domain|domainName)$/.test(property));

/** Names that records spell out, by what has them. */
async function namesOf(id: string, settings: Settings): Promise<Map<string, string>> {
  const config = fullestConfig(settings);
  const [entry] = JSON.parse(config["chatstack:tenants"]!);
  const { records } = await evaluate(program, {
    stack: "full",
    config: {
      ...config,
      "chatstack:apiGatewayAccount": "existing",
      "chatstack:tenants": JSON.stringify([
        { ...entry, archive: {}, audit: {}, monitoring: {}, id },
      ]),
    },
  });
  const names = records.flatMap(({ type, inputs }) =>
    Object.entries(inputs).flatMap(([property, value]) =>
      typeof value === "string" && isName(property) && !isOfAnother(type, property)
        ? [[`${type} ${property} ${value}`, value] as const]
        : [],
    ),
  );
  return new Map(names);
}

test.each([
  ["the fullest tenant", fullestSettings],
  ["the other choices", otherSettings],
])("of %s, another tenant with the same settings has no name but what the config refuses", async (_, settings) => {
  const [one, two] = [await namesOf("one", settings), await namesOf("two", settings)];
  const shared = [...one].flatMap(([name, value]) => (two.has(name) ? [value] : []));
  const refused = [settings.api.domain.name, Object.values(settings.auth.managedLogin.domain)[0]];
  expect([...new Set(shared)].sort()).toEqual([...new Set(refused)].sort());
});
