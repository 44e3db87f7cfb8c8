interface UpdateParts {
  /** Attributes to set; null removes one, undefined leaves it alone. */
  readonly set?: Readonly<Record<string, unknown>>;
  /** Numbers to increase. */
  readonly add?: Readonly<Record<string, number>>;
  /** E.g. `#version = :expected`: attribute names behind `#`; `values` holds what is behind `:`. Default: none. */
  readonly condition?: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/**
 * Writes an update expression with every attribute behind a `#` name, since DynamoDB reserves 573
 * words, `state` among them. Names in the condition are taken from the condition itself.
 */
export function updateExpression({ set = {}, add = {}, condition, values = {} }: UpdateParts) {
  const removed = Object.keys(set).filter((name) => set[name] === null);
  const kept = Object.keys(set).filter((name) => set[name] !== null && set[name] !== undefined);
  const sets = [
    ...kept.map((name) => `#${name} = :set_${name}`),
    ...Object.keys(add).map((name) => `#${name} = #${name} + :add_${name}`),
  ];
  const expression = [
    sets.length > 0 ? `SET ${sets.join(", ")}` : "",
    removed.length > 0 ? `REMOVE ${removed.map((name) => `#${name}`).join(", ")}` : "",
  ];
  const allValues = {
    ...Object.fromEntries(kept.map((name) => [`:set_${name}`, set[name]])),
    ...Object.fromEntries(Object.entries(add).map(([name, by]) => [`:add_${name}`, by])),
    ...values,
  };
  return {
    UpdateExpression: expression.filter((part) => part !== "").join(" "),
    ...(condition !== undefined && { ConditionExpression: condition }),
    ExpressionAttributeNames: namesIn(`${expression.join(" ")} ${condition ?? ""}`),
    // An empty map of values is refused by the service.
    ...(Object.keys(allValues).length > 0 ? { ExpressionAttributeValues: allValues } : {}),
  };
}

/** `#name` → `name` for every name that an expression uses. */
export function namesIn(expression: string): Record<string, string> {
  const names = expression.match(/#\w+/g) ?? [];
  return Object.fromEntries(names.map((name) => [name, name.slice(1)]));
}
