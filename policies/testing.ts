import { createRequire } from "node:module";
import type { Finding } from "./judge.ts";
import { indexStack, judgeResource, judgeStack } from "./judge.ts";
import type { AnyRule, StackResource } from "./rule.ts";
import type { StackConfig } from "./stack-config.ts";

/** A stack config without exemptions, on a fixed day. */
export const plainStack: StackConfig = {
  environment: undefined,
  exemptions: [],
  malformed: [],
  today: "2026-11-01",
  preview: false,
};

/** The sentinel that stands for an unknown text at preview. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Makes a resource as the SDK hands it to policies: unknown values throw when read. */
export function resource(
  type: string,
  props: Record<string, unknown>,
  more: Partial<StackResource> & { name?: string } = {},
): StackResource {
  const name = more.name ?? "it";
  const { unknownCheckingProxy } = createRequire(import.meta.url)("@pulumi/policy/proxy.js");
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

/** A resource whose property refers to another one by its yet unknown id. */
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
    : judgeStack(rule, indexStack(resources), stack, config);
}

/** The properties that the rule objects to, e.g. `["pointInTimeRecovery.enabled"]`; `cannot tell: x` where unknown. */
export function objections(
  rule: AnyRule,
  resources: readonly StackResource[],
  config: Record<string, unknown> = {},
): string[] {
  return judge(rule, resources, { config }).map(({ verdict, property }) =>
    verdict === "cannot-tell" ? `cannot tell: ${property}` : property,
  );
}
