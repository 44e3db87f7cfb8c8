/** `chatstack:exemptions` of a stack: what each entry does at the moment. The pack applies them. */
import { readStackConfig } from "../../policies/reading/stack-config.ts";
import type { Places } from "./locate.ts";
import type { ExemptionUse, Finding } from "./report.ts";

/**
 * @param config of the stack, as the pack gets it.
 * @param isAsked whether a rule was asked; entries for other rules would look unused.
 */
export function exemptionUses(
  config: Readonly<Record<string, string>>,
  findings: readonly Finding[],
  places: Places,
  isAsked: (rule: string) => boolean,
  now: Date,
): ExemptionUse[] {
  return entriesOf(config).flatMap((entry, index): ExemptionUse[] => {
    const line = places.exemption(index);
    const { exemptions, malformed, today } = readStackConfig(environmentOf([entry]), now);
    const [exemption] = exemptions;
    if (!exemption) {
      const fault = malformed[0]?.replace(/^entry 0 /, "");
      return [{ ...textsOf(entry), state: "malformed", line, ...(fault && { fault }) }];
    }
    if (!isAsked(exemption.rule)) return [];
    if (exemption.expires < today) return [{ ...exemption, state: "expired", line }];
    const opening = `exempt until ${exemption.expires} by ${exemption.owner} (${exemption.reason})`;
    const isUsed = findings.some(
      ({ rule, verdict, message }) =>
        verdict === "exempt" && rule === exemption.rule && message.startsWith(opening),
    );
    return [{ ...exemption, state: isUsed ? "used" : "unused", line }];
  });
}

const key = "chatstack:exemptions";

/** A value that is no list counts as one malformed entry. */
function entriesOf(config: Readonly<Record<string, string>>): unknown[] {
  const text = config[key];
  if (text === undefined) return [];
  try {
    const listed: unknown = JSON.parse(text);
    return Array.isArray(listed) ? listed : [listed];
  } catch {
    return [text];
  }
}

const environmentOf = (entries: readonly unknown[]) => ({
  PULUMI_CONFIG: JSON.stringify({ [key]: JSON.stringify(entries) }),
});

function textsOf(entry: unknown) {
  const text = (field: string) => {
    const value = typeof entry === "object" && entry !== null ? Reflect.get(entry, field) : "";
    return value === undefined ? "" : String(value);
  };
  return {
    rule: text("rule"),
    resource: text("resource"),
    reason: text("reason"),
    owner: text("owner"),
    expires: text("expires"),
  };
}
