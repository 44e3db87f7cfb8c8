/** What of CloudWatch's query and filter languages the components use, run on lines of a log. */

type Line = Readonly<Record<string, unknown>>;

/**
 * Whether a line passes the `filter` commands of a Logs Insights query. Fields compare by case, as in
 * CloudWatch (Logs Insights query syntax, "filter").
 *
 * @throws Error for what it cannot judge, so that no query passes unjudged.
 */
export function passesQuery(query: string, line: Line): boolean {
  return query.split("|").every((part) => {
    const command = part.trim();
    if (/^(SOURCE|sort|limit|fields|display|stats)\b/i.test(command)) return true;
    const [, field = "", operator, operand = ""] =
      /^filter\s+@?([\w.]+)\s+(in|=|like)\s+(.+)$/i.exec(command) ?? [];
    const value = at(line, field);
    switch (operator?.toLowerCase()) {
      case "in":
        return JSON.parse(operand).includes(value);
      case "=":
        return JSON.parse(operand) === value;
      default:
        throw new Error(`a query that is not understood here: ${command}`);
    }
  });
}

/**
 * Whether a line matches a metric filter's pattern for JSON: `{ $.level = "ERROR" && $.route = "x" }`
 * (CloudWatch Logs User Guide, "Filter pattern syntax").
 *
 * @throws Error for what it cannot judge.
 */
export function matchesPattern(pattern: string, line: Line): boolean {
  const [, conditions] = /^\{(.+)\}$/s.exec(pattern.trim()) ?? [];
  if (conditions === undefined) throw new Error(`a pattern that is not for JSON: ${pattern}`);
  return conditions.split("&&").every((condition) => {
    const [, path, operator, operand] =
      /^\s*\$\.([\w.]+)\s*(=|!=)\s*"?([^"]*?)"?\s*$/.exec(condition) ?? [];
    if (path === undefined) throw new Error(`a pattern that is not understood here: ${condition}`);
    const isEqual = String(at(line, path)) === operand;
    return operator === "=" ? isEqual : !isEqual;
  });
}

const at = (line: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, key) =>
        typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
      line,
    );
