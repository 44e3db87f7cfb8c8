import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { evaluate } from "../../offline/evaluate.ts";
import { formerPlaces } from "../../offline/upgrade/identity.ts";

class Group extends pulumi.ComponentResource {
  constructor(
    type: string,
    name: string,
    { group = {}, child = {} }: Record<string, pulumi.CustomResourceOptions> = {},
  ) {
    super(`test:index:${type}`, name, {}, group);
    new aws.sns.Topic(`${name}-logs`, {}, { parent: this, ...child });
  }
}

async function placesOfTopic(program: () => unknown): Promise<readonly string[]> {
  const { records } = await evaluate(program);
  const found = records.find(({ type }) => type.endsWith(":Topic"));
  return formerPlaces(records).get(found!.urn) ?? [];
}

const topic = "aws:sns/topic:Topic";

test("without aliases a resource stands in one place", async () => {
  expect(await placesOfTopic(() => new Group("Group", "g"))).toEqual([
    `test:index:Group$${topic}::g-logs`,
  ]);
});

test("a parent's alias is its children's, and renames those that are named after it", async () => {
  expect(
    await placesOfTopic(() => new Group("Group", "g", { group: { aliases: [{ name: "old" }] } })),
  ).toContain(`test:index:Group$${topic}::old-logs`);
  expect(
    await placesOfTopic(
      () => new Group("Group", "g", { group: { aliases: [{ type: "test:index:Set" }] } }),
    ),
  ).toContain(`test:index:Set$${topic}::g-logs`);
});

test("aliases of parent and child multiply", async () => {
  const places = await placesOfTopic(
    () =>
      new Group("Group", "g", {
        group: { aliases: [{ type: "test:index:Set" }] },
        child: { aliases: [{ name: "g-old" }] },
      }),
  );
  expect([...places].sort()).toEqual(
    ["Group", "Set"].flatMap((type) => [
      `test:index:${type}$${topic}::g-logs`,
      `test:index:${type}$${topic}::g-old`,
    ]),
  );
});

test("an alias may name no parent, or a whole URN", async () => {
  expect(
    await placesOfTopic(
      () => new Group("Group", "g", { child: { aliases: [{ parent: pulumi.rootStackResource }] } }),
    ),
  ).toContain(`${topic}::g-logs`);
  const urn = `urn:pulumi:dev::chatstack::test:index:Set$${topic}::elsewhere`;
  expect(
    await placesOfTopic(() => new Group("Group", "g", { child: { aliases: [urn] } })),
  ).toContain(`test:index:Set$${topic}::elsewhere`);
});
