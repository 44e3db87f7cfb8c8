import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import type { Finding } from "./judge.ts";
import { indexStack, judgeResource, judgeStack } from "./judge.ts";
import { defaultValues } from "./quotas/account-values.ts";
import type { StackConfig } from "./reading/stack-config.ts";
import type { AnyRule, StackResource } from "./rule.ts";

/**
 * The tests of one rule: `passes` maps a sentence to resources without objection; `objects` maps one to resources
 * and the properties objected to, `cannot tell: x` where x is unknown, in order.
 */
export function testRule(
  rule: AnyRule,
  cases: {
    passes: Record<string, readonly StackResource[]>;
    objects: Record<
      string,
      readonly [resources: readonly StackResource[], ...properties: string[]]
    >;
    config?: Record<string, unknown>;
  },
): void {
  const { passes, objects, config } = cases;
  describe(rule.id, () => {
    test.each(Object.entries(passes))("passes %s", (_, resources) => {
      expect(objections(rule, resources, config)).toEqual([]);
    });
    test.each(Object.entries(objects))("objects when %s", (_, [resources, ...properties]) => {
      expect(objections(rule, resources, config)).toEqual(properties);
    });
  });
}

/** The properties that the rule objects to; `cannot tell: x` where unknown. */
export function objections(
  rule: AnyRule,
  resources: readonly StackResource[],
  config: Record<string, unknown> = {},
): string[] {
  return judge(rule, resources, { config }).map(({ verdict, property }) =>
    verdict === "cannot-tell" ? `cannot tell: ${property}` : property,
  );
}

/** All findings of the rule over these resources, as one stack. */
export function judge(
  rule: AnyRule,
  resources: readonly StackResource[],
  {
    config = {},
    stack = plainStack,
  }: { config?: Record<string, unknown>; stack?: StackConfig } = {},
): Finding[] {
  return rule.kind === "resource"
    ? resources.flatMap((one) => judgeResource(rule, one, stack, config))
    : judgeStack(rule, indexStack(resources, stack), config);
}

/** A stack config without exemptions, on a fixed day. */
export const plainStack: StackConfig = {
  environment: undefined,
  hasTenants: true,
  exemptions: [],
  malformed: [],
  tenants: [],
  quotas: defaultValues,
  today: "2026-11-01",
  preview: false,
};

/** The sentinel that the engine sends for an unknown text at preview. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const { unknownCheckingProxy } = createRequire(import.meta.url)("@pulumi/policy/proxy.js");

/** Makes a resource as the SDK hands it to policies: unknown values throw when read. */
export function resource(
  type: string,
  props: Record<string, unknown>,
  more: Partial<Omit<StackResource, "type" | "props">> = {},
): StackResource {
  const name = more.name ?? "it";
  return {
    type,
    name,
    urn: `urn:pulumi:test::chatstack::${type}::${name}`,
    opts: { protect: false, ignoreChanges: [] },
    dependencies: [],
    propertyDependencies: {},
    ...more,
    props: unknownCheckingProxy(props),
  };
}

/** A resource whose property refers to another one by its yet unknown id, e.g. a bucket's split setting. */
export function settingOf(
  target: StackResource,
  type: string,
  props: Record<string, unknown>,
  property = "bucket",
): StackResource {
  return resource(
    type,
    { [property]: unknown, ...props },
    { name: `${target.name}-setting`, propertyDependencies: { [property]: [target] } },
  );
}
