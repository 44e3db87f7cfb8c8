import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { judge, plainStack, resource, testRule, unknown } from "../testing.ts";
import { tenantTags } from "./tags.ts";

const tags = {
  "chatstack:tenant": "acme",
  "chatstack:tier": "basic",
  "chatstack:environment": "production",
  "chatstack:stack": "prod",
};
const table = (props: object = {}) => resource("aws:dynamodb/table:Table", { tags, ...props });

testRule(tenantTags, {
  passes: {
    "a resource with all tags": [table()],
    "a type without tags": [resource("aws:s3/bucketPolicy:BucketPolicy", {})],
    "tags that the provider adds": [
      resource(
        "aws:dynamodb/table:Table",
        { tags: { "chatstack:tenant": "acme", "chatstack:tier": "basic" } },
        {
          provider: {
            props: {
              defaultTags: JSON.stringify({
                tags: { "chatstack:environment": "production", "chatstack:stack": "prod" },
              }),
            },
          },
        },
      ),
    ],
  },
  objects: {
    ...Object.fromEntries(
      Object.keys(tags).map((tag) => [
        `${tag} is absent`,
        [[table({ tags: { ...tags, [tag]: undefined } })], `tags.${tag}`],
      ]),
    ),
    "a tag is empty": [
      [table({ tags: { ...tags, "chatstack:tenant": "" } })],
      "tags.chatstack:tenant",
    ],
    "there are no tags": [
      [table({ tags: undefined })],
      ...Object.keys(tags).map((tag) => `tags.${tag}`),
    ],
    "the tags are unknown": [[table({ tags: unknown })], "cannot tell: tags"],
  },
});

testRule(tenantTags, {
  config: { tags: ["owner"] },
  passes: { "the configured tags": [table({ tags: { owner: "platform" } })] },
  objects: { "a configured tag is absent": [[table()], "tags.owner"] },
});

test("tenant-tags knows every type with tags of the services it covers", () => {
  const root = dirname(createRequire(import.meta.url).resolve("@pulumi/aws/package.json"));
  const services = [...new Set(tenantTags.types.map((type) => type.split(/[:/]/)[1] ?? ""))];
  const taggable = services.flatMap((service) =>
    readdirSync(join(root, service))
      .filter((file) => file.endsWith(".js"))
      .map((file) => readFileSync(join(root, service, file), "utf8"))
      .filter((source) => source.includes('resourceInputs["tagsAll"]'))
      .flatMap((source) => /__pulumiType = '([^']+)'/.exec(source)?.[1] ?? []),
  );
  const objects = /:(BucketObject|BucketObjectv2|ObjectCopy)$/;
  expect([...tenantTags.types].sort()).toEqual(
    taggable.filter((type) => !objects.test(type)).sort(),
  );
});

test("a stack without tenants has no such tags, but for our components in it, or where it is told so", () => {
  const stack = { ...plainStack, hasTenants: false };
  const found = (one: Parameters<typeof judge>[1][number], config = {}) =>
    judge(tenantTags, [one], { stack, config }).map(({ property }) => property);
  const queue = resource("aws:sqs/queue:Queue", {});
  expect(found(queue)).toEqual([]);
  expect(found(queue, { tags: ["team"] })).toEqual(["tags.team"]);
  expect(found(queue, { everywhere: true })).toHaveLength(4);
  const urn = "urn:pulumi:dev::theirs::chatstack:index:ChatApi$aws:sqs/queue:Queue::acme";
  expect(found(resource("aws:sqs/queue:Queue", {}, { urn }))).toHaveLength(4);
});
